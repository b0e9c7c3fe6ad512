"""The lines at which the rulebook's own proposals arrive, one after another."""

from __future__ import annotations

from coding.rules.examples.base import changed, clean, insured
from coding.rules.examples.marks import SECOND
from coding.rules.facts import OtherLine
from coding.rules.mending import line_of, lines_after_mending


def test_a_clean_line_is_not_mended():
    assert lines_after_mending(clean()) == set()


def test_two_proposals_may_be_taken_at_once():
    """A second session without 26 and without 76: both may be typed in one go, in any order."""
    found = lines_after_mending(changed(clean(), modifiers=(), **SECOND))
    assert line_of("77387", ["76", "26"], 1) in found
    assert line_of("77387", ["59", "26"], 1) not in found


def test_units_and_modifiers_are_mended_together():
    found = lines_after_mending(changed(insured(), units=3, modifiers=("TC",)))
    assert line_of("77387", ["26"], 1) in found


def test_another_code_is_reached_only_where_a_rule_proposes_it():
    skin = {"delivery_code": "77437", "other_lines": (OtherLine("77437"),)}
    ultrasound = changed(clean(), modalities=("ultrasound",), **skin)
    assert line_of("77439", ["26"], 1) in lines_after_mending(ultrasound)
    assert lines_after_mending(changed(clean(), **skin)) == set()
