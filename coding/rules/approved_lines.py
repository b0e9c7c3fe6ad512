"""The lines that payers decided: which are proven, cover this charge, hold its day and its unit."""

from __future__ import annotations

from collections.abc import Collection

from coding.rules.common import (
    LEGACY_DELIVERY,
    LEGACY_GUIDANCE,
    NEW_CODES_BEGIN,
    codes_that_cover,
)
from coding.rules.facts import AuthorizedLine, ChargeFacts

GIVEN = ("approved", "reduced")
PROVEN = ("letter", "portal", "file")
BY_LAW = "law"  # the payer's deadline passed, and the law takes its silence for consent


def applies(facts: ChargeFacts) -> bool:
    """Whether permission is asked for this line at all."""
    return facts.authorization.is_required is True


def proven(facts: ChargeFacts) -> list[AuthorizedLine]:
    """Approved lines that a letter, the portal or a machine channel proves.

    A telephone call feeds no claim, nor does a letter that is named but not attached.
    """
    return [
        line
        for line in facts.authorization.lines
        if line.decision in GIVEN and line.evidence in PROVEN
    ]


def current(facts: ChargeFacts) -> list[AuthorizedLine]:
    """Proven lines that cover the code and the component of this charge."""
    return [line for line in proven(facts) if covers(line, facts)]


def covers(line: AuthorizedLine, facts: ChargeFacts) -> bool:
    """Whether a line is for this code and this component of it."""
    codes = codes_that_cover(facts.line.code, facts.date_of_service)
    return line.code in codes and covers_component(line.modifier, facts.line.modifiers)


def covers_component(approved: str, charged: Collection[str]) -> bool:
    """Whether an approved component is the one that is charged.

    A line without a component is for both. A line for 26 is also for the physician's charge that
    a payer wants without it; a line for TC is for TC alone.
    """
    if approved == "TC":
        return "TC" in charged
    return approved != "26" or "TC" not in charged


def outdated(facts: ChargeFacts) -> list[AuthorizedLine]:
    """Proven lines in codes that are no longer valid on the date of service."""
    if facts.date_of_service < NEW_CODES_BEGIN:
        return []
    return [line for line in proven(facts) if line.code in LEGACY_GUIDANCE | LEGACY_DELIVERY]


def in_window(facts: ChargeFacts) -> list[AuthorizedLine]:
    """The current line that gives this session its unit, else all whose dates hold the day."""
    found = on_that_day(current(facts), facts)
    return [line for line in found if line.gives_unit] or found


def on_that_day(lines: list[AuthorizedLine], facts: ChargeFacts) -> list[AuthorizedLine]:
    """The lines whose dates hold the date of service."""
    on = facts.date_of_service
    return [
        line
        for line in lines
        if (line.valid_from is None or line.valid_from <= on)
        and (line.valid_through is None or on <= line.valid_through)
    ]


def holds_unit(facts: ChargeFacts) -> bool:
    """Whether the session holds a unit, and of a line that covers it."""
    giving = [line for line in facts.authorization.lines if line.gives_unit]
    if not giving:
        return facts.authorization.holds_unit
    return any(line in giving for line in in_window(facts))


def name_of(line: AuthorizedLine) -> str:
    """A line's code and component, as a letter writes them."""
    return "-".join(part for part in (line.code, line.modifier) if part)
