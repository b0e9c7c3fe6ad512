"""The rulebook's only door: facts of one charge in, a verdict out. Plain Python, no clock, no
rows.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from coding.rules import (
    authorization,
    codes,
    combinations,
    documentation,
    eras,
    filing,
    marks,
    modifiers,
    pairings,
    policies,
    times,
    units,
)
from coding.rules.book import (
    Correction,
    Finding,
    Rule,
    Severity,
    Verdict,
    all_rules,
    by_number,
    findings,
    in_force,
)
from coding.rules.edition import fingerprint
from coding.rules.facts import ChargeFacts

SUBJECTS = (
    eras,
    codes,
    modifiers,
    marks,
    policies,
    combinations,
    pairings,
    units,
    documentation,
    times,
    authorization,
    filing,
)


def review(facts: ChargeFacts) -> Verdict:
    """Judge one charge by the rules in force on its date of service."""
    found = sorted(
        findings(facts, rules_of(facts.date_of_service)),
        key=lambda finding: (-finding.severity, finding.number, finding.key),
    )
    return Verdict(tuple(found), RULEBOOK_VERSION)


@cache
def rules_of(on: date) -> tuple[Rule, ...]:
    """The rules in force on a day, worked out once for each day."""
    return in_force(on)


RULEBOOK_VERSION = fingerprint(Path(__file__).parent)

__all__ = [
    "RULEBOOK_VERSION",
    "SUBJECTS",
    "ChargeFacts",
    "Correction",
    "Finding",
    "Rule",
    "Severity",
    "Verdict",
    "all_rules",
    "by_number",
    "in_force",
    "review",
]
