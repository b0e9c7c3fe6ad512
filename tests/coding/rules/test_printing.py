"""docs/rules.md says what the book says."""

from __future__ import annotations

from pathlib import Path

from coding.rules import all_rules
from coding.rules.printing import rulebook_as_markdown

PRINTED = Path(__file__).resolve().parents[3] / "docs" / "rules.md"


def test_the_printed_rulebook_is_the_book():
    assert PRINTED.read_text() == rulebook_as_markdown(), "run: python3 manage.py print_rules"


def test_every_rule_is_in_it_with_its_citation():
    text = PRINTED.read_text()
    for rule in all_rules():
        assert f"### {rule.number} – {rule.title}" in text
        assert rule.citation in text
