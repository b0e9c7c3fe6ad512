"""One number several times in a sheet: an extension, two windows, a call and its letter."""

from __future__ import annotations

import pytest

from authorizations.models import AuthorizedService, PriorAuthorization
from tests import factories as make
from tests.support.payer_answers import DENIED, GRANTED, refusals, sheet_row, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(course, plan):
    return sheet_row(course, plan)


FIRST = GRANTED | {"Approved": "20", "Requested": "20", "Through": "2026-10-31"}
EXTENSION = GRANTED | {
    "Submitted": "2026-10-20",
    "Decided": "2026-10-22",
    "Requested": "8",
    "Approved": "8",
    "From": "2026-10-20",
    "Through": "2026-11-30",
}
SECOND_WINDOW = FIRST | {"Requested": "8", "Approved": "8", "From": "2026-11-01",
                         "Through": "2026-11-30"}  # fmt: skip


def units() -> list[tuple[str, int | None]]:
    rows = AuthorizedService.objects.order_by("authorization__received_on", "valid_from")
    return list(rows.values_list("authorization__request_type", "units_approved"))


@pytest.mark.parametrize("second", [EXTENSION, SECOND_WINDOW], ids=["extension", "second window"])
def test_what_a_number_gives_twice_is_an_extension_of_the_first(front_desk, row, second):
    said = write(front_desk, row(**second), row(**FIRST))
    assert said.startswith("2 rows added")
    assert units() == [("initial", 20), ("extension", 8)]
    last = PriorAuthorization.objects.order_by("pk").last()
    assert last.supersedes == PriorAuthorization.objects.order_by("pk").first()
    assert {row.number for row in PriorAuthorization.objects.all()} == {"A-778"}
    again = write(front_desk, row(**FIRST), row(**second))
    assert again == "0 rows added, 2 were there, 0 refused."


def test_an_extension_on_a_later_sheet_follows_the_request_that_is_there(front_desk, row):
    write(front_desk, row(**FIRST))
    said = write(front_desk, row(**FIRST), row(**EXTENSION))
    assert said.startswith("1 row added, 1 were there")
    assert units() == [("initial", 20), ("extension", 8)]


def test_an_extension_that_waits_is_decided_on_the_next_sheet(front_desk, row):
    waiting = EXTENSION | {
        "Status": "submitted",
        "Decided": "",
        "Approved": "",
        "From": "",
        "Through": "",
        "Proof": "none",
    }
    write(front_desk, row(**FIRST), row(**waiting))
    said = write(front_desk, row(**FIRST), row(**EXTENSION))
    assert "1 brought the payer's answer" in said
    assert units() == [("initial", 20), ("extension", 8)]


def test_both_windows_give_units_to_the_sessions_of_their_days(front_desk, row, course, treat):
    treat(course, 3)
    write(front_desk, row(**FIRST | {"Approved": "2"}), row(**EXTENSION))
    used = AuthorizedService.objects.order_by("pk").values_list("units_used", flat=True)
    assert sum(used) in (2, 3)


@pytest.mark.parametrize(
    "second",
    [FIRST | {"Approved": "15"}, FIRST | {"Through": "2026-11-15"}, FIRST | {"Decided": ""}],
    ids=["other units", "an overlapping window", "no decision"],
)
def test_a_line_that_contradicts_itself_on_one_day_is_refused(front_desk, row, second):
    found = refusals(front_desk, row(**FIRST), row(**second))
    assert "stands in the sheet twice" in found[0]


def test_the_same_line_with_another_day_of_asking_is_no_extension(front_desk, row):
    found = refusals(front_desk, row(**FIRST), row(**FIRST | {"Submitted": "2026-09-29"}))
    assert found
    assert not PriorAuthorization.objects.exists()


def test_an_extension_waits_for_the_request_that_it_follows(front_desk, row):
    found = refusals(front_desk, row(**FIRST | {"From": ""}), row(**EXTENSION))
    assert len(found) == 2
    assert "belongs to the same request" in " ".join(found)


CALLED = GRANTED | {"Proof": "phone"}


@pytest.mark.parametrize("proof", ["letter", "portal"])
def test_a_letter_on_a_later_sheet_confirms_a_telephone_approval(front_desk, row, proof):
    write(front_desk, row(**CALLED))
    said = write(front_desk, row(**GRANTED | {"Proof": proof, "Decided": "2026-10-02"}))
    assert "1 brought the payer's answer" in said
    request = PriorAuthorization.objects.get()
    assert (request.status, request.evidence) == ("approved", proof)
    assert str(request.decided_on) == "2026-10-02"
    assert str(request.first_answered_on) == "2026-09-30"
    assert request.events.order_by("pk").last().verb == "prove"
    again = write(front_desk, row(**GRANTED | {"Proof": proof, "Decided": "2026-10-02"}))
    assert again == "0 rows added, 1 were there, 0 refused."


def test_a_call_and_its_letter_on_one_sheet_are_one_request(front_desk, row):
    for rows in ((CALLED, GRANTED), (GRANTED, CALLED)):
        said = write(front_desk, *(row(**each) for each in rows))
        assert "1 repeated" in said
        assert PriorAuthorization.objects.get().evidence == "letter"


def test_a_letter_that_says_something_else_is_no_confirmation(front_desk, row):
    write(front_desk, row(**CALLED))
    found = refusals(front_desk, row(**GRANTED | {"Approved": "20"}))
    assert "evidence is phone here and letter in the sheet" in found[0]


def test_a_denial_stays_one_request(front_desk, row):
    write(front_desk, row(**DENIED))
    assert PriorAuthorization.objects.count() == 1


def test_one_number_never_belongs_to_two_courses(front_desk, row, plan, course):
    write(front_desk, row(**FIRST))
    other = make.CourseFactory(facility=course.facility)
    make.CoverageFactory(patient=other.patient, plan=plan)
    found = refusals(front_desk, sheet_row(other, plan)(**EXTENSION))
    assert "already used by another course" in found[0]
