"""Which policy answers: the narrowest known one. Unknown narrows, a tie answers nothing."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payers.models import CodingPolicy, Issuer, Payer, Plan
from payers.policies.narrowest import Found, missing_for, narrowest
from payers.policies.scope import Service, do_meet, is_narrower, is_within

ON = date(2026, 6, 1)
PAYER, OTHER_PAYER = Payer(pk=1, key="aetna", name="Aetna"), Payer(pk=2, key="cigna", name="Cigna")
NORTH, SOUTH = (Issuer(pk=n, name=name, payer=PAYER) for n, name in ((1, "North"), (2, "South")))
EXCHANGE = Plan(pk=1, code="EX", payer=PAYER, line_of_business="exchange", issuer=NORTH)
ADVANTAGE = Plan(pk=2, code="MA", payer=PAYER, line_of_business="medicare_advantage")
ELSEWHERE = Plan(pk=3, code="CIG", payer=OTHER_PAYER, line_of_business="exchange")
NUMBERS = count(1)
FULL = Service(
    code="77387",
    component="26",
    state="TX",
    technique="IMRT",
    body_site="Left breast",
    diagnosis="C50.412",
    facility_type="hospital",
)
# Of each column: a value that holds for the service above, and one that does not.
COLUMNS = {
    "code_from": ("77387", "77407"),
    "component": ("26", "TC"),
    "state": ("TX", "IA"),
    "technique": ("IMRT", "SBRT"),
    "body_site": ("breast", "prostate"),
    "diagnosis": ("C50", "C61"),
    "facility_type": ("hospital", "office"),
}
FACT = {"code_from": "code"}


def policy(value: str, **scope: Any) -> CodingPolicy:
    given_dates = {"effective_from": date(2026, 1, 1)} | scope
    return CodingPolicy(
        pk=next(NUMBERS), payer=PAYER, topic="modifier_26", value=value, **given_dates
    )


def ask(*rows: CodingPolicy, plan: Plan = EXCHANGE, on: date = ON, service: Service = FULL):
    return narrowest(rows, plan, on, service, lambda row: row.value)


def value_of(found: Found[CodingPolicy]) -> str | None:
    return found.row.value if found.row else None


def without(column: str) -> Service:
    known = {name: getattr(FULL, name) for name in FULL.__slots__}
    return Service(**known | {FACT.get(column, column): ""})


@pytest.mark.parametrize("column", COLUMNS)
def test_a_policy_for_a_service_wins_over_one_for_all(column):
    holds, fails = COLUMNS[column]
    wide = policy("either")
    assert value_of(ask(wide, policy("required", **{column: holds}))) == "required"
    assert value_of(ask(wide, policy("required", **{column: fails}))) == "either"
    assert value_of(ask(policy("required", **{column: fails}))) is None


@pytest.mark.parametrize("column", COLUMNS)
def test_what_depends_on_an_unknown_fact_answers_nothing_and_says_why(column):
    row = policy("rejected", **{column: COLUMNS[column][0]})
    for rows in ([row], [policy("required"), row], [row, policy("required")]):
        found = ask(*rows, service=without(column))
        assert found.row is None
        assert found.doubt.startswith("depends on the ")
        assert found.doubt.endswith("not known here")


@pytest.mark.parametrize("column", COLUMNS)
def test_an_unknown_fact_is_no_matter_where_both_answer_alike(column):
    rows = (policy("either"), policy("either", **{column: COLUMNS[column][0]}))
    assert value_of(ask(*rows, service=without(column))) == "either"


@pytest.mark.parametrize(
    ("why", "wide", "narrow"),
    [
        ("a line of business", {}, {"line_of_business": "exchange"}),
        ("an issuer", {}, {"issuer": NORTH}),
        ("an issuer's line of business", {"issuer": NORTH},
         {"issuer": NORTH, "line_of_business": "exchange"}),
        ("a plan of the issuer", {"issuer": NORTH}, {"plan": EXCHANGE}),
        ("a plan", {"line_of_business": "exchange"}, {"plan": EXCHANGE}),
        ("a code of a range", {"code_from": "77385", "code_through": "77389"},
         {"code_from": "77387"}),
        ("a shorter range", {"code_from": "77300", "code_through": "77499"},
         {"code_from": "77385", "code_through": "77389"}),
        ("a longer diagnosis", {"diagnosis": "C"}, {"diagnosis": "C50"}),
        ("more words of a site", {"body_site": "breast"}, {"body_site": "left breast"}),
        ("one condition more", {"state": "TX"}, {"state": "TX", "technique": "IMRT"}),
        ("a plan and a state", {"plan": EXCHANGE}, {"plan": EXCHANGE, "state": "TX"}),
        ("a plan in the state of a payer's policy", {"state": "TX"},
         {"plan": EXCHANGE, "state": "TX"}),
    ],
)  # fmt: skip
def test_the_narrower_policy_wins_in_whatever_order(why, wide, narrow):
    rows = policy("either", **wide), policy("required", **narrow)
    assert is_narrower(rows[1], rows[0]), why
    assert value_of(ask(*rows)) == value_of(ask(*reversed(rows))) == "required", why


@pytest.mark.parametrize(
    ("why", "one", "other"),
    [
        ("a state and a technique", {"state": "TX"}, {"technique": "IMRT"}),
        ("a plan, and a state", {"plan": EXCHANGE}, {"state": "TX"}),
        ("a line of business, and a code", {"line_of_business": "exchange"},
         {"code_from": "77387"}),
        ("ranges that overlap", {"code_from": "77385", "code_through": "77387"},
         {"code_from": "77387", "code_through": "77389"}),
        ("an issuer, and a line of business", {"issuer": NORTH}, {"line_of_business": "exchange"}),
        ("the same twice", {"state": "TX"}, {"state": "TX"}),
        ("two words of one site", {"body_site": "left"}, {"body_site": "breast"}),
    ],
)  # fmt: skip
def test_two_that_are_equally_narrow_answer_only_where_they_agree(why, one, other):
    found = ask(policy("required", **one), policy("rejected", **other), policy("either"))
    assert found.row is None, why
    assert "different answers" in found.doubt
    assert value_of(ask(policy("either", **one), policy("either", **other))) == "either"


def test_another_issuers_policy_is_not_this_plans():
    assert value_of(ask(policy("required", issuer=SOUTH), policy("either"))) == "either"


def test_a_plan_without_issuer_does_not_know_which_issuers_policy_holds():
    rows = policy("required", issuer=NORTH), policy("either")
    found = ask(*rows, plan=ADVANTAGE)
    assert (found.row, found.doubt) == (None, "depends on the issuer of the plan, not known here")
    own = policy("rejected", plan=ADVANTAGE)
    assert value_of(ask(*rows, own, plan=ADVANTAGE)) == "rejected"


def test_a_policy_for_both_at_once_breaks_the_tie():
    rows = [policy("required", state="TX"), policy("rejected", technique="IMRT")]
    both = policy("either", state="TX", technique="IMRT")
    assert value_of(ask(*rows, both)) == "either"


@pytest.mark.parametrize(
    ("why", "plan", "on", "answer"),
    [
        ("of its plan, in force", EXCHANGE, ON, "required"),
        ("another plan of the payer", ADVANTAGE, ON, None),
        ("another payer", ELSEWHERE, ON, None),
        ("the first day", EXCHANGE, date(2026, 3, 1), "required"),
        ("the day before", EXCHANGE, date(2026, 2, 28), None),
        ("the last day", EXCHANGE, date(2026, 8, 31), "required"),
        ("the day after", EXCHANGE, date(2026, 9, 1), None),
    ],
)
def test_a_policy_answers_for_its_plans_on_its_days_only(why, plan, on, answer):
    row = policy(
        "required",
        line_of_business="exchange",
        effective_from=date(2026, 3, 1),
        effective_through=date(2026, 8, 31),
    )
    assert value_of(ask(row, plan=plan, on=on)) == answer, why


def test_the_scope_is_said_in_words():
    row = policy(
        "required", state="TX", code_from="77385", code_through="77387", facility_type="hospital"
    )
    assert row.scope == ("Aetna, all plans; only codes 77385–77387, treated in TX, in a hospital")
    assert policy("required", plan=EXCHANGE).only_for == ""


VALUES = st.sampled_from(["required", "either", "rejected"])
SCOPES = (
    st.fixed_dictionaries(
        {},
        optional={
            "plan": st.sampled_from([EXCHANGE, ADVANTAGE]),
            "issuer": st.sampled_from([NORTH, SOUTH]),
            "code_from": st.sampled_from(["77385", "77387"]),
            "code_through": st.just("77389"),
            "component": st.sampled_from(["26", "TC", "global"]),
            "state": st.sampled_from(["TX", "IA"]),
            "technique": st.sampled_from(["IMRT", "SBRT"]),
            "body_site": st.sampled_from(["breast", "left breast", "prostate"]),
            "diagnosis": st.sampled_from(["C", "C5", "C50", "C61"]),
            "facility_type": st.sampled_from(["office", "hospital"]),
        },
    )
    .map(lambda scope: scope if "code_from" in scope else scope | {"code_through": ""})
    .map(lambda scope: scope | {"issuer": None} if "plan" in scope else scope)
)
POLICIES = st.builds(lambda value, scope: policy(value, **scope), VALUES, SCOPES)
SERVICES = st.builds(
    Service,
    code=st.sampled_from(["", "77385", "77387", "77407"]),
    component=st.sampled_from(["", "26", "TC", "global"]),
    state=st.sampled_from(["", "TX", "IA", "MN"]),
    technique=st.sampled_from(["", "IMRT", "3D"]),
    body_site=st.sampled_from(["", "Breast, left", "Prostate", "spine"]),
    diagnosis=st.sampled_from(["", "C50.412", "C61", "D05.1"]),
    facility_type=st.sampled_from(["", "office", "hospital", "other"]),
)
BOOKS = st.lists(POLICIES, max_size=5)


@given(BOOKS, POLICIES, SERVICES, st.sampled_from([EXCHANGE, ADVANTAGE]))
def test_another_policy_changes_nothing_outside_its_scope(rows, added, service, plan):
    before, after = (ask(*r, plan=plan, service=service) for r in (rows, [*rows, added]))
    if missing_for(added, plan, ON, service) is None:
        assert after == before


def fields_of(service: Service) -> dict[str, str]:
    return {name: getattr(service, name) for name in service.__slots__}


@given(BOOKS, SERVICES, SERVICES, st.sampled_from([EXCHANGE, ADVANTAGE]))
def test_what_is_answered_in_ignorance_stays_true_when_more_is_known(rows, vague, exact, plan):
    """An answer without a fact is the answer whatever that fact turns out to be."""
    known = {name: fact for name, fact in fields_of(vague).items() if fact}
    learned = Service(**fields_of(exact) | known)
    before = ask(*rows, plan=plan, service=vague)
    if before.row or not before.doubt:
        assert value_of(ask(*rows, plan=plan, service=learned)) == value_of(before)


@given(BOOKS, SERVICES, st.randoms())
def test_the_order_of_the_policies_is_no_matter(rows, service, dice):
    shuffled = dice.sample(rows, len(rows))
    one, other = ask(*rows, service=service), ask(*shuffled, service=service)
    assert value_of(one) == value_of(other)
    assert bool(one.doubt) == bool(other.doubt)


@given(POLICIES, POLICIES, SERVICES, st.sampled_from([EXCHANGE, ADVANTAGE]))
def test_scopes_compare_as_their_services_do(one, other, service, plan):
    """Whatever lies in the narrower scope lies in the wider, and only scopes that meet share it."""
    in_one = missing_for(one, plan, ON, service) == frozenset()
    in_other = missing_for(other, plan, ON, service) == frozenset()
    if is_within(one, other) and in_one:
        assert in_other
    if in_one and in_other:
        assert do_meet(one, other)
        assert do_meet(other, one)
