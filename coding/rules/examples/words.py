"""What an example changes, as people read it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from coding.rules.facts import (
    AuthorizedLine,
    ClaimFacts,
    OtherLine,
    PairEditFacts,
    UndecidedPolicy,
    UnitLimitFacts,
)

NAMES = {
    "lines": "authorized",
    "holds_unit": "holds a unit",
    "is_required": "authorization required",
    "requirement_doubt": "whether it is required",
    "honours_by_law": "a law makes the new plan honour the course",
    "honours_by_commitment": "the new plan's insurer undertook to honour the course",
    "undecided": "policies without an answer",
    "is_delivered": "treatment given",
    "has_shifts": "shifts recorded",
    "has_resident": "a resident looked first",
    "has_attending_statement": "the attending's own statement",
    "has_motion_management": "motion management on file",
    "is_code_charged_earlier": "code charged earlier in the course",
    "out_of_order_with": "in the wrong order with fraction",
    "image_at": "image taken at",
    "started_at": "treatment began at",
    "is_last_fraction": "last fraction",
    "claim": "authorization number",
    "pair_edits": "published pairings",
    "earlier_started_at": "earlier session began at",
    "earlier_units": "units earlier that day",
    "next_delivered_at": "next treatment began at",
    "reviewed_at": "images approved at",
}
EVIDENCE = {
    "letter": "by letter",
    "portal": "shown by the portal",
    "file": "as a machine channel's file says",
    "law": "by law, as the payer was silent",
    "asserted": "by a letter or page that is not attached",
    "phone": "by telephone only",
    "none": "without proof",
}
DECISIONS = {"requested": "asked for, not decided", "pended": "not decided", "denied": "denied"}


def named(name: str) -> str:
    """The name of a fact in words."""
    return NAMES.get(name) or name.replace("_", " ")


def shown(value: Any) -> str:
    """A value as people read it."""
    if isinstance(value, tuple):
        between = " and " if any(isinstance(item, AuthorizedLine) for item in value) else ", "
        return between.join(shown(item) for item in value) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    for kind, words in WORDS:
        if isinstance(value, kind):
            return str(words(value))
    return "none" if value in (None, "") else str(value).replace("_", " ")


def line_in_words(line: AuthorizedLine) -> str:
    """77387-26 under A1, 28 units approved by letter, for 2 May 2026 – 31 Jul 2026."""
    code = "-".join(part for part in (line.code, line.modifier) if part)
    if line.decision in DECISIONS:
        return f"{code} {DECISIONS[line.decision]}"
    units = "no number of units" if line.units_approved is None else f"{line.units_approved} units"
    fewer = ", fewer than asked" if line.decision == "reduced" else ""
    return (
        f"{code} under {line.number}, {units} approved{fewer}, "
        f"{EVIDENCE[line.evidence]}, {window(line)}"
    )


def window(line: AuthorizedLine) -> str:
    if line.valid_from is None or line.valid_through is None:
        return "without dates"
    return f"for {shown(line.valid_from)} – {shown(line.valid_through)}"


def claim_in_words(claim: ClaimFacts) -> str:
    return f"{shown(claim.claim_number)} on the claim, {shown(claim.line_number)} on the line"


def limit_in_words(limit: UnitLimitFacts) -> str:
    return f"{limit.units} a day, indicator {limit.adjudication}"


def pairing_in_words(edit: PairEditFacts) -> str:
    return f"{edit.column_one}/{edit.column_two}, indicator {edit.indicator}"


def other_in_words(line: OtherLine) -> str:
    return "-".join((line.code, *line.modifiers))


WORDS: tuple[tuple[type, Any], ...] = (
    (OtherLine, other_in_words),
    (AuthorizedLine, line_in_words),
    (PairEditFacts, pairing_in_words),
    (ClaimFacts, claim_in_words),
    (UnitLimitFacts, limit_in_words),
    (UndecidedPolicy, lambda row: f"{row.topic.replace('_', ' ')} {row.reason}"),
    (datetime, lambda moment: f"{moment:%-d %b %Y %H:%M}"),
    (date, lambda day: f"{day:%-d %b %Y}"),
)
