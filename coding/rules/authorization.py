"""Permission on the date of service: given, for this code, in its window, with a unit, at this
place.
"""

from __future__ import annotations

from coding.rules.approved_lines import (
    BY_LAW,
    GIVEN,
    applies,
    covers,
    current,
    holds_unit,
    in_window,
    name_of,
    on_that_day,
    outdated,
    proven,
)
from coding.rules.book import Answer, Milder, Severity, rule
from coding.rules.common import GUIDANCE_CODES, NEW_CODES_BEGIN, as_day
from coding.rules.facts import AuthorizedLine, ChargeFacts


@rule(
    "R48",
    "no-valid-authorization",
    "No approval of guidance by the payer of that day",
    severity=Severity.STOP,
    confidence="B",
    source="letter",
    likely_denial=("CO-197", "M62"),
)
def no_valid_authorization(facts: ChargeFacts) -> Answer:
    if not applies(facts) or current(facts) or outdated(facts):
        return None
    guidance = [line for line in facts.authorization.lines if covers(line, facts)]
    given = [line for line in guidance if line.decision in GIVEN]
    if any(line.evidence == BY_LAW for line in given):
        return deemed_approval(facts, [line for line in given if line.evidence == BY_LAW])
    if any(line.evidence == "asserted" for line in given):
        return (
            "The approval is asserted without a document: attach the letter or the portal's page."
        )
    if given:
        return "Approved by telephone only: attach the letter or the portal's page."
    if any(line.decision == "denied" for line in guidance):
        return "The payer denied the guidance line: appeal it, or write this off."
    if guidance:
        return honoured(facts, "The payer has not decided the guidance line yet.")
    others = sorted({name_of(line) for line in proven(facts) if line.code in GUIDANCE_CODES})
    if others:
        line = "-".join((facts.line.code, *facts.line.modifiers))
        return f"The payer approved {' and '.join(others)}, not {line}: ask it to add this line."
    return honoured(facts, "No authorization of the payer of this day holds a line for guidance.")


def deemed_approval(facts: ChargeFacts, lines: list[AuthorizedLine]) -> Answer:
    """What the law makes of the payer's silence: no letter, so a coder decides.

    Outside its dates, or without a unit, it is worth no more than a letter would be.
    """
    if not on_that_day(lines, facts):
        return "Deemed approved by law, and not for this day: ask the payer to decide."
    if not (facts.authorization.holds_unit or any(line.gives_unit for line in lines)):
        return "Deemed approved by law, and no unit of it is left: ask the payer for more."
    return Milder(
        "Deemed approved by law: the payer let its deadline pass. No letter says so: release with "
        "the proof of what was sent and when, and ask the payer for its number.",
        Severity.HOLD,
    )


def honoured(facts: ChargeFacts, sentence: str) -> Answer:
    """The sentence, and what makes a plan that was joined lately honour the course."""
    law, commitment = facts.authorization.honours_by_law, facts.authorization.honours_by_commitment
    if law:
        return Milder(
            f"{sentence} The plan must honour the course under way: {law}. Have it confirm that.",
            Severity.HOLD,
        )
    if commitment:
        return f"{sentence} Hold up to the plan, though it is no permission: {commitment}."
    return sentence


@rule(
    "R49",
    "authorized-in-deleted-codes",
    "The authorization is written in deleted codes",
    severity=Severity.HOLD,
    confidence="B",
    source="astro-2026",
    likely_denial=("CO-284",),
    effective_from=NEW_CODES_BEGIN,
)
def authorized_in_deleted_codes(facts: ChargeFacts) -> Answer:
    old = outdated(facts)
    if not applies(facts) or current(facts) or not old:
        return None
    codes = " and ".join(sorted({line.code for line in old}))
    return (
        f"The authorization names {codes}: have the payer confirm {facts.line.code} on the same "
        "number."
    )


@rule(
    "R50",
    "no-unit-left",
    "No unit of the authorization is left for the session",
    severity=Severity.STOP,
    confidence="B",
    source="letter",
    likely_denial=("CO-198", "N351"),
)
def no_unit_left(facts: ChargeFacts) -> Answer:
    lines = in_window(facts)
    holds = holds_unit(facts) or not facts.session.is_delivered
    if not applies(facts) or not lines or holds:
        return None
    total = sum(line.units_approved or 0 for line in lines)
    return f"All {total} approved units are held by earlier sessions: ask for an extension."


@rule(
    "R51",
    "outside-window",
    "The date of service is outside the authorization's dates",
    severity=Severity.STOP,
    confidence="B",
    source="letter",
    likely_denial=("CO-302", "N351"),
)
def outside_window(facts: ChargeFacts) -> Answer:
    lines = current(facts)
    if not applies(facts) or not lines or in_window(facts):
        return None
    spans = ", ".join(
        f"{as_day(line.valid_from)} to {as_day(line.valid_through)}" for line in lines
    )
    is_advantage = facts.payer.line_of_business == "medicare_advantage"
    if is_advantage and has_ended(facts, lines) and is_under_way(facts):
        return Milder(
            f"The authorization was valid {spans}. Medicare Advantage approves a course for as "
            "long as it is medically necessary: have the dates extended, citing "
            "42 CFR 422.112(b)(8).",
            Severity.HOLD,
        )
    return f"The authorization is valid {spans}: ask the payer to extend its dates."


def is_under_way(facts: ChargeFacts) -> bool:
    """Whether the session is a fraction of the course as planned; no when that is not known."""
    fraction, planned = facts.session.fraction, facts.session.fractions_planned
    return fraction is not None and planned is not None and fraction <= planned


def has_ended(facts: ChargeFacts, lines: list[AuthorizedLine]) -> bool:
    """Whether some line began before the session and only its end has passed."""
    on = facts.date_of_service
    return any(line.valid_from is None or line.valid_from <= on for line in lines)


@rule(
    "R52",
    "two-authorizations",
    "A course with two authorizations",
    severity=Severity.NOTE,
    confidence="B",
    source="x12-rfi",
)
def two_authorizations(facts: ChargeFacts) -> Answer:
    numbers = sorted({line.number for line in current(facts) if line.number})
    if not applies(facts) or len(numbers) < 2:
        return None
    return (
        f"Two authorizations in this course ({', '.join(numbers)}): the claim names one, and "
        "a line names its own only where it differs."
    )


@rule(
    "R53",
    "number-repeated-on-line",
    "The line repeats the claim's authorization number",
    severity=Severity.STOP,
    confidence="B",
    source="x12-rfi",
    likely_denial=("CO-16",),
)
def number_repeated_on_line(facts: ChargeFacts) -> Answer:
    claim = facts.claim
    if claim is None or not claim.line_number or claim.line_number != claim.claim_number:
        return None
    return "The line repeats the claim's authorization number: leave it at the claim only."


@rule(
    "R59",
    "other-facility",
    "The session was given elsewhere than authorized",
    severity=Severity.HOLD,
    confidence="B",
    source="site",
    likely_denial=("CO-296", "CO-5"),
)
def other_facility(facts: ChargeFacts) -> Answer:
    lines = in_window(facts)
    here = facts.session.facility
    if not applies(facts) or not lines or any(line.facility in ("", here) for line in lines):
        return None
    places = " and ".join(sorted({line.facility for line in lines}))
    return f"Authorized for {places}, treated at {here}: ask the payer to amend the place."


@rule(
    "R77",
    "no-coverage-known",
    "No coverage is known on the date of service",
    severity=Severity.HOLD,
    confidence="D",
    source="field",
    likely_denial=("CO-27",),
)
def no_coverage_known(facts: ChargeFacts) -> Answer:
    if facts.payer.has_coverage is not False:
        return None
    return (
        "No plan covers this day: the front desk enters who pays, or a self-pay plan where the "
        "patient does. Until then neither authorization nor filing limit is known."
    )
