"""The next sheet of a front desk: the request it is about, what is new of it, and what differs."""

from __future__ import annotations

import pytest

from authorizations.exchange.column_matching import SHEET, match_columns
from authorizations.exchange.sheet_rows import SheetReading, our_rows
from authorizations.exchange.sheet_tables import SheetLine, SheetTable
from authorizations.imports import department
from authorizations.imports.department import Importer
from authorizations.models import AuthorizationEvent, PriorAuthorization
from tests.support.payer_answers import DENIED, GRANTED, refusals, sheet_row, write
from tests.support.spreadsheets import HEADING as HEADINGS
from tests.support.spreadsheets import apply, as_csv, preview

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _kept(settings, tmp_path):
    settings.DOCUMENT_ROOT = tmp_path


@pytest.fixture
def row(course, plan):
    return sheet_row(course, plan)


@pytest.mark.parametrize(
    ("answer", "status", "number"),
    [
        (DENIED, "denied", ""),
        ({"Status": "pended", "Comment": "plan of care"}, "pended", ""),
        (GRANTED, "approved", "A-778"),
        (GRANTED | {"Approved": "20"}, "partially_approved", "A-778"),
    ],
    ids=["denied", "pended", "approved", "fewer units"],
)
def test_the_payer_s_answer_reaches_the_request_that_waits(
    front_desk, row, course, answer, status, number
):
    write(front_desk, row())
    said = write(front_desk, row(**answer))
    request = PriorAuthorization.objects.get()
    assert (request.status, request.number) == (status, number)
    assert "1 brought the payer's answer" in said
    event = request.events.order_by("pk").last()
    assert event.by == front_desk.user
    assert write(front_desk, row(**answer)) == "0 rows added, 1 were there, 0 refused."


def test_a_pended_request_is_decided_later(front_desk, row):
    write(front_desk, row())
    write(front_desk, row(Status="PENDED", Comment="plan of care"))
    write(front_desk, row(**GRANTED))
    assert PriorAuthorization.objects.get().status == "approved"


def test_a_number_that_arrives_before_the_answer(front_desk, row):
    write(front_desk, row())
    write(front_desk, row(**{"Auth number": "A-778"}))
    request = PriorAuthorization.objects.get()
    assert (request.status, request.number) == ("submitted", "A-778")
    write(front_desk, row(**GRANTED | {"Auth number": "a778"}))
    assert PriorAuthorization.objects.get().status == "approved"


def test_an_answer_needs_the_right_to_log_it(course, row, front_desk, person):
    write(front_desk, row())
    lines = [SheetLine(1, tuple(HEADINGS)), SheetLine(2, tuple(row(**DENIED)))]
    reading = SheetReading(1, match_columns(HEADINGS))
    items = our_rows(SheetTable(lines), reading)
    report = Importer(person("therapist")).run_sheet(SHEET, items)
    assert "is for a front desk or manager" in report.refused[0].sentence
    assert PriorAuthorization.objects.get().status == "submitted"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (DENIED, "status is approved here and denied in the sheet"),
        ({"Approved": "27"}, "units approved is 28 here and 27 in the sheet"),
        ({"Requested": "30"}, "units requested is 28 here and 30 in the sheet"),
        ({"Through": "2027-01-31"}, "valid through is 2026-12-31 here and 2027-01-31 in the sheet"),
        ({"Proof": "phone"}, "evidence is letter here and phone in the sheet"),
        ({"Comment": "call again"}, "notes is empty here and call again in the sheet"),
        ({"Submitted": "2026-09-27"}, "submitted on is 2026-09-28 here and 2026-09-27"),
        ({"Mod": ""}, "line 77387-26 stands here and not in the sheet"),
    ],
)
def test_whatever_else_differs_is_named_with_both_values(front_desk, row, changes, said):
    write(front_desk, row(**GRANTED))
    found = refusals(front_desk, row(**GRANTED | changes))
    assert len(found) == 1
    assert said in found[0]
    assert "Change it on its page" in found[0]


def test_a_line_that_is_no_longer_in_the_sheet_is_named(front_desk, row):
    both = (row(**GRANTED), row(**GRANTED | {"CPT": "77407", "Mod": ""}))
    write(front_desk, *both)
    assert "line 77407 stands here and not in the sheet" in refusals(front_desk, both[0])[0]


@pytest.mark.parametrize("number", ["A-778", "a778", "A 778", "a-778"])
def test_a_number_is_the_same_in_other_letters(front_desk, row, number):
    same = row(**GRANTED | {"Auth number": number})
    said = write(front_desk, row(**GRANTED), same)
    assert said == "1 row added, 1 repeated, 0 were there, 0 refused."
    assert PriorAuthorization.objects.count() == 1
    assert write(front_desk, same) == "0 rows added, 1 were there, 0 refused."


def test_one_line_twice_with_other_values_is_refused_by_name(front_desk, row):
    found = refusals(front_desk, row(**GRANTED), row(**GRANTED | {"Approved": "20"}))
    assert "Line 77387-26 of this request stands in the sheet twice" in found[0]
    assert "units approved" in found[0]


def test_the_bad_line_is_named_and_the_good_one_told_to_wait(front_desk, row):
    good, bad = row(**GRANTED), row(**GRANTED | {"CPT": "7740711", "Mod": ""})
    found = refusals(front_desk, good, bad)
    assert found[0].startswith("Code: ")
    assert "Line 3 belongs to the same request and is refused" in found[1]


def test_a_denial_with_nought_units_is_a_denial(front_desk, row):
    write(front_desk, row(**DENIED | {"Approved": "0"}))
    assert PriorAuthorization.objects.get().status == "denied"


def test_a_word_instead_of_a_number_is_no_number(front_desk, row):
    write(front_desk, row(**{"Auth number": "N/A"}))
    assert PriorAuthorization.objects.get().number == ""


def test_a_course_is_judged_once_and_in_a_preview_never(
    front_desk, row, course, treat, monkeypatch
):
    treat(course, 6)
    judged = []
    monkeypatch.setattr(department, "judge_course", lambda course, **_: judged.append(course))
    rows = [row(CPT=code, Mod="") for code in ("77387", "77407", "77014")]
    response = preview(front_desk, as_csv(rows))
    assert response.context["report"].added["authorizations.csv"] == 3
    assert judged == []
    apply(front_desk, response)
    assert judged == [course]
    answered = [row(**DENIED | {"CPT": code, "Mod": ""}) for code in ("77387", "77407", "77014")]
    write(front_desk, *answered)
    assert judged == [course, course]
    assert AuthorizationEvent.objects.filter(verb="deny").count() == 1
