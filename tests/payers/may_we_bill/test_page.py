"""The page “May we bill this?”: by address, for everybody who reads the books."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from payers.may_we_bill.fields import FIELDS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_books")]
CLEAN = {
    "code": "77387",
    "modifiers": "26",
    "on": "2026-11-23",
    "delivery": "77407",
    "place": "22",
    "plan": "STD-MCR-FFS",
    "reviewed": "3h",
    "units": "1",
    "started": "10:00",
    "imaged": "-5m",
    "next": "1d",
    "fraction": "5",
    "planned": "28",
    "technique": "IMRT",
    "diagnoses": "C61",
    "ordered": "20",
    "first_imaged": "6",
    "reviewer": "radiation_oncologist",
    "reviewer_npi": "yes",
    "required": "no",
}
NASTY = ("²", "9" * 400, "-1", "0", "1e99", "NaN", "25:99", "2026-99-99", "0001-01-01", "a\0b")
NASTY = (*NASTY, "9999-12-31", "{%", "'; --", "none", "on", " ", "-", "d", "-9999d", "9999d 9999d")


def ask(client, **changes):
    return client.get(reverse("may_we_bill"), CLEAN | changes)


def word(response, number: int = 0) -> str:
    return response.context["answers"][number]["answer"].word


def test_a_blank_page_answers_nothing_and_begins_with_usual_facts(coder):
    response = coder.get(reverse("may_we_bill"))
    assert response.status_code == 200
    assert response.context["answers"] == []
    assert 'value="77387"' in response.content.decode()


def test_a_code_and_a_day_begin_a_question(coder):
    response = coder.get(reverse("may_we_bill"), {"code": "77014", "on": "2025-12-01"})
    assert response.context["answers"] == []
    assert 'value="77014"' in response.content.decode()
    for name in ("code_list", "rulebook"):
        assert reverse("may_we_bill") in coder.get(reverse(name)).content.decode()
    page = coder.get(reverse("code_detail", args=["77387"]), {"on": "2026-11-23"})
    assert "may-we-bill/?code=77387&amp;on=2026-11-23" in page.content.decode()


def test_yes_no_and_yes_if_come_from_the_verdict(coder):
    assert word(ask(coder)) == "Yes"
    late = ask(coder, reviewed="1d 2h")
    assert word(late) == "No"
    assert late.context["answers"][0]["answer"].verdict.disposition == "STOP"
    assert word(ask(coder, filed="2027-11-15")) == "Yes, if"


def test_without_a_day_of_filing_the_answer_is_the_same_tomorrow(coder):
    """The limit that has passed is shown; it decides only where a day of filing is given."""
    old = ask(coder, on="2022-08-01", code="77014", delivery="77385")
    assert "R54" not in old.context["answers"][0]["answer"].verdict.numbers
    assert word(ask(coder, filed="2027-11-24")) == "No"


def test_every_answer_says_since_when_and_who_says_so(coder):
    page = ask(coder).content.decode()
    for heading in ("Code on that day", "Beside 77407", "Units a day", "File within", "Amount"):
        assert heading in page
    assert "CMS relative value file" in page


def test_sequestration_is_two_percent_of_the_programs_part_in_cents(coder):
    response = ask(coder, modifiers="", place="11", required="no")
    rows = {row.words: str(row.amount) for row in response.context["answers"][0]["amount"].rows}
    assert rows["Program’s part"] == "29.13"
    assert rows["Sequestration, 2 % of it"] == "-0.58"
    assert rows["Program pays"] == "28.55"
    assert rows["Patient’s share"] == "7.28"


def test_what_cannot_be_read_is_said_and_the_rest_stays(coder):
    response = ask(coder, place="9X", units="many", plan="NOBODY")
    page = response.content.decode()
    assert response.status_code == 400
    assert "is not a place of service of two digits" in page
    assert "“many” is not a whole number" in page
    assert "“NOBODY” is not known here" in page
    assert 'value="77407"' in page
    assert 'value="9X"' in page


@pytest.mark.parametrize("place", range(len(NASTY)))
def test_nothing_that_is_typed_breaks_the_page(coder, place):
    """Every field gets some of the values, one scenario all of one."""
    sent = [{field.name: NASTY[place] for field in FIELDS}]
    for number, field in enumerate(FIELDS):
        value = NASTY[(place + number) % len(NASTY)]
        if number % 4 == place % 4:
            sent.append({field.name: value, f"2-{field.name}": value})
    for changes in sent:
        assert ask(coder, **changes).status_code in (200, 400), changes


def test_up_to_four_scenarios_stand_side_by_side(coder):
    response = ask(
        coder, **{"2-reviewed": "2d", "3-on": "2025-12-31", "4-place": "11", "5-on": "x"}
    )
    assert [entry["number"] for entry in response.context["answers"]] == [1, 2, 3, 4]
    assert (word(response), word(response, 1)) == ("Yes", "No")
    assert any(row["is_different"] for row in response.context["table"])
    assert response.context["compare"] == ""


def test_a_proposed_line_is_one_click_away(coder):
    response = ask(coder, modifiers="")
    entry = response.context["answers"][0]
    assert entry["answer"].word == "No"
    assert entry["answer"].instead.line == "77387-26 × 1"
    assert word(coder.get(entry["instead_url"])) == entry["answer"].instead.word


def test_the_page_says_what_would_turn_it_and_what_changes_next(coder):
    entry = ask(coder).context["answers"][0]
    turned = {turn.words: turn.word for turn in entry["turns"]}
    assert turned["beside 77373, stereotactic delivery"] == "No"
    assert turned["if the images were approved after the next treatment began"] == "No"
    late = ask(coder, reviewed="1d 2h").context["answers"][0]
    assert ("Yes", "if the images were approved an hour after the start") in [
        (turn.word, turn.words) for turn in late["turns"]
    ]
    before = ask(coder, on="2025-12-01", code="77014").context["answers"][0]
    assert before["next"].on.isoformat() == "2026-01-01"


def test_four_scenarios_cost_little_more_than_one(coder):
    def questions(**more):
        with CaptureQueriesContext(connection) as asked:
            ask(coder, **more)
        return len(asked)

    questions()
    one = questions()
    assert one <= 30
    assert questions(**{"2-units": "2", "3-units": "3", "4-units": "4"}) <= one + 3


def test_contract_rates_are_for_those_who_work_charges(coder, therapist):
    from payers.models import Plan
    from tests import factories as make

    plan = Plan.objects.get(code="STD-MCR-FFS")
    make.ContractRateFactory(plan=plan, code="77387", modifier="26", amount="99.99")
    assert "99.99" in ask(coder).content.decode()
    assert "99.99" not in ask(therapist).content.decode()


def test_two_questions_of_one_row_are_both_named(coder):
    query = {"code": "77387", "on": "2026-10-05", "2-code": "77014", "2-on": "2025-06-02"}
    table = coder.get(reverse("may_we_bill"), query).context["table"]
    named = [row["question"] for row in table]
    assert len(set(named)) == len(named)
    for row in table:
        assert all(cell.question in row["question"] for cell in row["cells"])
