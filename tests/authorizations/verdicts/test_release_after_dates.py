"""After the dates of a letter: a coder decides for Medicare Advantage, nobody else can."""

from __future__ import annotations

import re
from datetime import date

import pytest

from authorizations.verdicts.release_conditions import DECIDED_BY_A_CODER
from coding.rules import review
from coding.rules.examples.base import authorized, changed, insured
from coding.rules.serialize import verdict_to_json

ENDED = {"lines": (authorized(valid_through=date(2026, 5, 31)),), "holds_unit": False}


@pytest.mark.parametrize(
    ("line_of_business", "is_left_to_a_coder"),
    [("medicare_advantage", True), ("commercial_fully_insured", False)],
)
def test_the_release_asks_for_a_unit_unless_a_coder_decides(line_of_business, is_left_to_a_coder):
    """The stored verdict, as the release reads it."""
    facts = changed(insured(), line_of_business=line_of_business, **ENDED)
    found = re.search(DECIDED_BY_A_CODER, verdict_to_json(review(facts)))
    assert (found is not None) == is_left_to_a_coder
