"""What holds for any facts: repeatable, order-free, replayable to the same bytes."""

from __future__ import annotations

import random
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from coding.rules import all_rules, in_force, review
from coding.rules.book import findings
from coding.rules.examples import EXAMPLES
from coding.rules.examples.base import changed, clean, insured
from coding.rules.serialize import facts_from_json, facts_to_json, verdict_to_json

days = st.dates(date(2014, 12, 1), date(2027, 3, 1))
modifiers = st.lists(
    st.sampled_from(["26", "TC", "59", "XE", "76", "77", "25", "GC", "GA", "GZ", "22"]),
    max_size=4,
    unique=True,
).map(tuple)
situations = st.builds(
    lambda base, on, **changes: changed(base(on), **changes),
    st.sampled_from([clean, insured]),
    days,
    code=st.sampled_from(["77387", "77014", "G6002", "G6017", "77407", "77417"]),
    modifiers=modifiers,
    units=st.integers(1, 3),
    place_of_service=st.sampled_from(["11", "19", "21", "22", "24", "49"]),
    claim_type=st.sampled_from(["837P", "837I"]),
    modifier_26=st.sampled_from([None, "required", "either", "rejected"]),
    is_delivered=st.booleans(),
    has_shifts=st.booleans(),
    delivery_code=st.sampled_from(["77407", "77412", "77373", "77522", ""]),
    modalities=st.sampled_from([("cbct",), ("surface",), ("port_film",), ("cbct", "kv_pair")]),
    holds_unit=st.booleans(),
    earlier_units=st.integers(0, 2),
)


@given(situations)
@settings(max_examples=300)
def test_a_verdict_is_repeatable_and_survives_being_written_down(facts):
    written = facts_to_json(facts)
    again = facts_from_json(written)
    assert again == facts
    assert facts_to_json(again) == written
    assert verdict_to_json(review(again)) == verdict_to_json(review(facts))


@given(situations, st.randoms(use_true_random=False))
def test_the_order_of_the_rules_does_not_matter(facts, chance: random.Random):
    rules = list(in_force(facts.date_of_service))
    chance.shuffle(rules)
    assert set(findings(facts, tuple(rules))) == set(review(facts).findings)


@given(situations)
def test_no_rule_speaks_outside_its_dates(facts):
    allowed = {rule.key for rule in all_rules() if rule.is_in_force(facts.date_of_service)}
    assert {finding.key for finding in review(facts).findings} <= allowed


@given(situations)
def test_the_gravest_finding_decides(facts):
    verdict = review(facts)
    top = max((finding.severity for finding in verdict.findings), default=0)
    assert verdict.disposition == ("pass" if top == 0 else top.name)


def test_numbers_that_share_a_span_say_different_things():
    """No number has two editions in force on one day, and none leaves a gap between two."""
    by_number: dict[str, list] = {}
    for rule in all_rules():
        by_number.setdefault(rule.number, []).append(rule)
    for editions in by_number.values():
        for earlier, later in pairwise(editions):
            assert earlier.effective_through is not None
            assert later.effective_from == earlier.effective_through + timedelta(days=1)


def test_the_old_and_the_new_codes_meet_without_gap_or_overlap():
    """On each day one of the two eras speaks about a Medicare charge in the wrong code."""
    for day in (date(2025, 12, 31), date(2026, 1, 1)):
        new = review(clean(day)).disposition
        old = review(changed(clean(day), code="77014")).disposition
        assert {new, old} == {"STOP", "pass"}


def test_every_example_survives_being_written_down():
    for example in EXAMPLES:
        assert facts_from_json(facts_to_json(example.facts)) == example.facts
