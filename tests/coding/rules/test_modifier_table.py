"""One table says what a modifier does on a guidance line; pages and rules say the same."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from coding.rules import review
from coding.rules.examples.base import changed, clean
from coding.rules.modifier_table import TABLE, Use, in_order, use_of

BOOK = Path(__file__).resolve().parents[3] / "seeds" / "reference" / "modifiers.yaml"
ROWS = {str(row["code"]): row for row in yaml.safe_load(BOOK.read_text())["rows"]}
JUNE = date(2026, 6, 1)
KINDS = {
    Use.COMPONENT: {"component"},
    Use.REPEAT: {"repeat"},
    Use.DISTINCT: {"distinct"},
    Use.INFORMATION: {"information"},
    Use.SUBSTITUTE: {"information"},
    Use.NOTICE: {"information"},
    Use.BY_HAND: {"information", "not_here"},
    Use.HOSPITAL: {"not_here"},
    Use.NEVER: {"not_here"},
}


def test_page_and_rules_know_the_same_modifiers():
    assert set(ROWS) == {row.code for row in TABLE}


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.code)
def test_the_page_calls_a_modifier_what_the_table_says(row):
    assert ROWS[row.code]["kind"] in KINDS[row.use]


@pytest.mark.parametrize("code", sorted(ROWS))
def test_what_the_page_calls_invalid_never_passes_on_a_physicians_line(code):
    words = ROWS[code].get("since_2026", "")
    verdict = review(changed(clean(), modifiers=("26", code))).disposition
    if words.startswith(("Invalid", "Never", "Hospital")):
        assert verdict == "STOP"
    if words.startswith(("A coder decides", "Rare", "Only on charges that are not covered")):
        assert verdict in ("HOLD", "STOP")


def test_a_modifier_is_used_from_its_first_day():
    assert use_of("XE", date(2014, 12, 31)) is None
    assert use_of("XE", date(2015, 1, 1)).use == Use.DISTINCT
    assert use_of("ZZ", JUNE) is None


def test_pricing_comes_first_and_information_last():
    assert in_order(("GC", "76", "26"), JUNE) == ("26", "76", "GC")
    assert in_order(("26", "59", "76"), JUNE) == ("26", "59", "76")
