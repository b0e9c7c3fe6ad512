"""How many units: one per session, the published limit per day, and what twice a day needs."""

from __future__ import annotations

from datetime import timedelta

from coding.rules.book import Answer, Correction, Severity, rule
from coding.rules.common import (
    GUIDANCE_BEGINS,
    LEGACY_ENDS,
    LEGACY_GUIDANCE,
    NEW_CODES_BEGIN,
)
from coding.rules.facts import ChargeFacts

LEAST_INTERVAL = timedelta(hours=6)
GENERAL_LIMIT = 1


@rule(
    "R27",
    "one-unit-per-session",
    "More than one unit for a session",
    severity=Severity.STOP,
    confidence="B",
    source="uhc-policy",
    likely_denial=("CO-151",),
)
def one_unit_per_session(facts: ChargeFacts) -> Answer:
    if facts.line.units <= 1:
        return None
    return (
        f"{facts.line.units} units for one session: it is 1, whatever was imaged.",
        Correction(units=1),
    )


def exceeds_limit(facts: ChargeFacts) -> bool:
    """Whether this line takes the day beyond the published limit (one where none is loaded)."""
    limit = facts.unit_limit.units if facts.unit_limit else GENERAL_LIMIT
    return facts.day.earlier_units > 0 and facts.day.earlier_units + facts.line.units > limit


def is_proper_second_session(facts: ChargeFacts) -> bool:
    """Ordered twice a day, and at least six hours from start to start."""
    started, earlier = facts.session.started_at, facts.day.earlier_started_at
    is_apart = bool(started and earlier and started - earlier >= LEAST_INTERVAL)
    return is_apart and facts.day.fractions_per_day_ordered > 1


@rule(
    "R28",
    "second-session-exceeds-limit",
    "The second session of a day exceeds the published unit limit",
    severity=Severity.HOLD,
    confidence="A",
    source="mue-2026",
    likely_denial=("CO-151", "N362"),
    effective_from=NEW_CODES_BEGIN,
)
def second_session_exceeds_limit(facts: ChargeFacts) -> Answer:
    is_daily_edit = facts.unit_limit is None or facts.unit_limit.adjudication == 3
    if facts.line.claim_type != "837P" or not is_daily_edit:
        return None
    if not exceeds_limit(facts) or not is_proper_second_session(facts):
        return None
    source = (
        facts.unit_limit.release if facts.unit_limit else "no table is loaded: the general limit"
    )
    return (
        f"Unit {facts.day.earlier_units + facts.line.units} of the day, beyond the limit "
        f"({source}): it goes on its own line, will be denied, and is appealed with the records."
    )


@rule(
    "R29",
    "second-session-without-ground",
    "A second session without an order or within six hours",
    severity=Severity.STOP,
    confidence="B",
    source="coding-alert",
    likely_denial=("CO-151", "CO-50"),
    effective_from=NEW_CODES_BEGIN,
)
def second_session_without_ground(facts: ChargeFacts) -> Answer:
    if not exceeds_limit(facts) or is_proper_second_session(facts):
        return None
    if facts.day.fractions_per_day_ordered < 2:
        return (
            "A second session of the day although one a day is ordered: its unit is not billable."
        )
    return "Less than six hours after the first session of the day: its unit is not billable."


@rule(
    "R30",
    "absolute-unit-limit",
    "More units than an absolute limit allows",
    severity=Severity.STOP,
    confidence="B",
    source="mue-meaning",
    likely_denial=("CO-151", "N362"),
)
def absolute_unit_limit(facts: ChargeFacts) -> Answer:
    limit = facts.unit_limit
    if limit is None or limit.adjudication != 2:
        return None
    total = facts.day.earlier_units + facts.line.units
    if total <= limit.units:
        return None
    return (
        f"{total} units of {facts.line.code} in a day: {limit.units} is absolute, no proof helps."
    )


@rule(
    "R31",
    "legacy-second-session",
    "Two sessions of a day before 2026, within the limit",
    severity=Severity.NOTE,
    confidence="D",
    source="units-2024",
    effective_from=GUIDANCE_BEGINS,
    effective_through=LEGACY_ENDS,
)
def legacy_second_session(facts: ChargeFacts) -> Answer:
    if facts.line.code not in LEGACY_GUIDANCE or not facts.day.earlier_units:
        return None
    return f"Two units of {facts.line.code} in a day were within the limit of that time."
