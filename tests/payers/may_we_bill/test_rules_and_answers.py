"""One rulebook: the page's word is its verdict, and each of its rules answers one question."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coding.rules import all_rules, review
from coding.rules.modifier_table import TABLE
from payers.may_we_bill.address import start
from payers.may_we_bill.answer import WORDS, answered
from payers.may_we_bill.questions import question_of
from payers.may_we_bill.reasons import QUESTIONS, Asked, Published, reasons_of
from payers.may_we_bill.scenario_facts import Books, facts_of
from payers.may_we_bill.scenario_form import AUTHORIZED, IMAGE, REVIEWED, ScenarioForm

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_books")]
YES_NO = st.sampled_from(("yes", "no"))
SAID = st.fixed_dictionaries(
    {
        "code": st.sampled_from(("77387", "77014", "G6002", "77439", "77336")),
        "modifiers": st.lists(
            st.sampled_from([row.code for row in TABLE]), max_size=3, unique=True
        ).map(" ".join),
        "day": st.dates().filter(lambda d: 2014 <= d.year <= 2027).map(str)
        | st.sampled_from(("2025-12-31", "2026-01-01", "2026-02-28", "2026-03-01", "2027-01-01")),
        "delivery": st.sampled_from(("77407", "77373", "77301", "77523", "77770", "")),
        "place": st.sampled_from(("11", "19", "21", "22", "02", "31")),
        "plan": st.sampled_from(
            ("", "STD-MCR-FFS", "STD-UHC-CFI", "STD-AET-MA", "STD-CIG-CSF", "STD-FEP")
        ),
        "reviewed": st.sampled_from([key for key, _ in REVIEWED if key]),
        "authorization": st.sampled_from([key for key, _ in AUTHORIZED if key]),
        "image": st.sampled_from([key for key, _ in IMAGE]),
        "modality": st.sampled_from(("cbct", "surface", "port_film", "kv_pair surface")),
        "claim": st.sampled_from(("837P", "837I")),
        "diagnoses": st.sampled_from(("C61", "Z51.0", "M72.2", "C61 Z51.0")),
        "lines": st.sampled_from(("", "77427", "99213-25", "77301", "77432")),
        "earlier": st.sampled_from(("0", "1")),
        "hours": st.sampled_from(("", "3", "7")),
        "ordered_per_day": st.sampled_from(("1", "2")),
        "resident": YES_NO,
        "delivered": YES_NO,
        "shifts": YES_NO,
    }
)


@pytest.fixture
def books():
    return Books()


def read(facts):
    form = ScenarioForm(start() | facts)
    assert form.is_valid(), form.errors
    return form.cleaned_data


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(SAID)
def test_the_answer_is_the_rulebooks_verdict_about_the_same_facts(books, facts):
    values = read(facts)
    answer = answered(values, books)
    verdict = review(facts_of(values, books))
    assert answer.verdict == verdict
    assert answer.word == WORDS[verdict.disposition]
    asked = Asked(answer, Published.load(books))
    spoken = [number for _, reason in reasons_of(asked) for number in reason.rules]
    assert sorted(spoken) == sorted(verdict.numbers)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(SAID)
def test_what_is_left_open_never_makes_an_answer_surer(books, facts):
    order = ["Yes", "Yes, if", "No"]
    values = read(facts)
    open_values = values | {"reviewed": "", "authorization": ""}
    best = answered(values | {"reviewed": "before", "authorization": "unit"}, books).word
    found = answered(open_values, books).word
    assert order.index(found) >= order.index(best)
    worst = answered(values | {"reviewed": "no"}, books).word
    assert found != "Yes" or worst == "Yes"


def test_every_rule_speaks_to_one_question():
    known = {key for key, _, _ in QUESTIONS}
    assert {question_of(rule.number, rule.subject) for rule in all_rules()} <= known
