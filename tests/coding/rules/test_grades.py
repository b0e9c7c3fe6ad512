"""A grade is earned by the source that a rule cites, and a list of denials proves no rule."""

from __future__ import annotations

import pytest

from coding.rules import all_rules
from coding.rules.sources import SOURCES

RULES = all_rules()
DENIAL_LISTS = ("reason codes", "remark codes", "denial codes", "adjustment reason")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.number} {rule.key}")
def test_grade_a_needs_a_primary_source(rule):
    assert rule.confidence != "A" or SOURCES[rule.source].is_primary


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.number} {rule.key}")
def test_no_rule_rests_on_a_list_of_denials(rule):
    citation = rule.citation.lower()
    assert not any(words in citation for words in DENIAL_LISTS)


def test_every_source_is_cited_by_some_rule():
    assert set(SOURCES) == {rule.source for rule in RULES}


def test_what_the_trade_presumes_has_grade_d_and_the_other_way_round():
    field = {rule.number for rule in RULES if rule.source == "field"}
    assert field <= {rule.number for rule in RULES if rule.confidence == "D"}
