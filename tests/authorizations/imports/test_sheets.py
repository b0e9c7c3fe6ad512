"""The front desk's spreadsheet: any headings, looked at first, out and in again unchanged."""

from __future__ import annotations

import io

import pytest
from django.urls import reverse
from openpyxl import Workbook

from authorizations.exchange.row_reader import NOT_FOUND_HERE
from authorizations.models import AuthorizationEvent, PriorAuthorization
from tests import factories as make
from tests.support.spreadsheets import HEADING, apply, as_csv, preview
from tests.support.spreadsheets import rows as rows

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _kept(settings, tmp_path):
    settings.DOCUMENT_ROOT = tmp_path


def as_xlsx(rows) -> bytes:
    book = Workbook()
    book.active.append(HEADING)
    for row in rows:
        book.active.append([int(cell) if cell.isdigit() else cell for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(("make", "name"), [(as_csv, "auths.csv"), (as_xlsx, "auths.xlsx")])
def test_a_sheet_with_its_own_headings_is_matched_looked_at_and_written(
    front_desk, rows, make, name
):
    response = preview(front_desk, make(rows), name)
    assert response.context["report"].added["authorizations.csv"] == 2
    assert PriorAuthorization.objects.count() == 0
    page = apply(front_desk, response).content.decode()
    assert "2 rows added, 0 were there, 0 refused" in page
    request = PriorAuthorization.objects.get()
    assert (request.number, request.status, request.lines.count()) == ("A7", "approved", 2)


def test_a_bad_row_is_refused_with_its_line_and_the_good_ones_kept(front_desk, rows):
    spoiled = [*rows, ["A8", *rows[0][1:]]]
    spoiled[2][2] = "NOWHERE"
    response = preview(front_desk, as_csv(spoiled))
    page = response.content.decode()
    assert NOT_FOUND_HERE in page
    apply(front_desk, response)
    assert PriorAuthorization.objects.count() == 1


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        (13, "2026-01-01", "The last day is before the first"),
        (11, "0", "at least one unit"),
        (6, "09/10/2026", "is not a date"),
        (7, "2026-01-01", "dated before the request"),
        (4, "MARS", "is not registered"),
    ],
)
def test_what_no_letter_can_say_is_refused_in_words(front_desk, rows, column, value, said):
    for row in rows:
        row[column] = value
    report = preview(front_desk, as_csv(rows)).context["report"]
    assert any(said in refusal.sentence for refusal in report.refused), report.refused


def test_a_number_of_another_course_is_refused(front_desk, rows, approved):
    for row in rows:
        row[0] = "A1000001"
    report = preview(front_desk, as_csv(rows)).context["report"]
    assert report.refused == [] or "already" in report.refused[0].sentence


def test_a_column_nobody_recognises_is_chosen_by_hand(front_desk, rows):
    heading = ["???" if name == "CPT" else name for name in HEADING]
    response = preview(front_desk, as_csv(rows, heading))
    assert "No column is chosen for: code" in response.content.decode()
    looked = apply(front_desk, response, **{"column-code": "8", "look": "1"})
    assert looked.context["report"].added["authorizations.csv"] == 2


def test_what_is_exported_comes_in_again_and_changes_nothing(front_desk, course, approved):
    exported = front_desk.get(reverse("authorization_export")).content
    events = AuthorizationEvent.objects.count()
    response = preview(front_desk, exported)
    assert response.context["report"].refused == []
    assert response.context["report"].unchanged["authorizations.csv"] == 2
    assert AuthorizationEvent.objects.count() == events


def test_who_only_treats_at_a_facility_writes_no_requests_of_it(therapist, rows, elsewhere, course):
    make.MembershipFactory(user=therapist.user, role="front_desk", facility=elsewhere)
    report = preview(therapist, as_csv(rows)).context["report"]
    assert len(report.refused) == 2
    assert not report.added


def test_rows_of_another_facility_are_refused(front_desk, rows, elsewhere, course):
    course.facility = elsewhere
    course.save()
    for row in rows:
        row[4] = "OTHER"
    report = preview(front_desk, as_csv(rows)).context["report"]
    assert {r.sentence for r in report.refused} == {NOT_FOUND_HERE}


@pytest.mark.parametrize("content", [b"", b"\x89PNG\0\0", b"PK\x03\x04 broken"])
def test_a_file_that_is_no_sheet_is_refused(front_desk, facility, content):
    response = preview(front_desk, content)
    assert response.context["form"].errors["file"]
