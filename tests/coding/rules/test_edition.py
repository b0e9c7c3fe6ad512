"""An edition of the rulebook differs where a verdict, its words or its sources could."""

from __future__ import annotations

from pathlib import Path

import pytest

from coding.rules import RULEBOOK_VERSION
from coding.rules.edition import fingerprint

RULE = '''"""Rules of eras."""

@rule(number="R01", severity=STOP, until=date(2025, 12, 31))
def deleted(facts):
    """Say that the code is deleted."""
    # the book of codes knows the day
    return "77014 is deleted." if facts.is_late else None
'''


def edition_of(folder: Path, text: str, name: str = "eras") -> str:
    (folder / f"{name}.py").write_text(text)
    return fingerprint(folder)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("the book of codes knows", "the fee schedule knows"),
        ("Say that the code", "Tell that the code"),
        ("Rules of eras.", "What is deleted and when."),
        ('number="R01", severity=STOP', 'number="R01",  severity=STOP'),
    ],
)
def test_comments_docstrings_and_layout_make_no_edition(tmp_path, before, after):
    assert before in RULE
    assert edition_of(tmp_path, RULE) == edition_of(tmp_path, RULE.replace(before, after))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("severity=STOP", "severity=HOLD"),
        ("date(2025, 12, 31)", "date(2026, 1, 1)"),
        ('"77014 is deleted."', '"77014 was deleted."'),
        ("if facts.is_late", "if not facts.is_late"),
    ],
)
def test_what_a_rule_says_and_does_makes_an_edition(tmp_path, before, after):
    assert before in RULE
    assert edition_of(tmp_path, RULE) != edition_of(tmp_path, RULE.replace(before, after))


def test_how_verdicts_are_printed_makes_no_edition(tmp_path):
    first = edition_of(tmp_path, RULE)
    assert edition_of(tmp_path, "HEADING = 1\n", "printing") == first
    assert edition_of(tmp_path, "LIMIT = 1\n", "units") != first


def test_the_edition_in_use_is_that_of_the_rules():
    assert fingerprint(Path(__file__).parents[3] / "coding" / "rules") == RULEBOOK_VERSION
