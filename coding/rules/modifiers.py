"""The component on the guidance line: 26 and TC by payer, place and date."""

from __future__ import annotations

from coding.rules.book import Answer, Correction, Milder, Severity, rule
from coding.rules.common import (
    FACILITY_SETTINGS,
    NEW_CODES_BEGIN,
    OFFICE_SETTINGS,
    PRESENT_GUIDANCE,
    as_day,
    has,
    with_26,
    without,
)
from coding.rules.facts import ChargeFacts, PayerErrorFacts

NOTHING_ON_FILE = "No policy of this payer on 26 is on file"


def lacks_component(facts: ChargeFacts) -> bool:
    """One of today's guidance codes with neither 26 nor TC on a physician's claim."""
    return is_physicians(facts) and not has(facts, "26", "TC")


def is_physicians(facts: ChargeFacts) -> bool:
    """One of today's guidance codes on a physician's claim."""
    return facts.line.code in PRESENT_GUIDANCE and facts.line.is_professional


def asks_for_26(facts: ChargeFacts) -> bool:
    """Medicare, and a Medicare Advantage plan that has not said otherwise."""
    is_silent = facts.payer.is_medicare and facts.payer.modifier_26 is None
    if facts.payer.doubt_about("modifier_26") and not facts.payer.is_medicare_ffs:
        return False
    return facts.payer.is_medicare_ffs or is_silent


@rule(
    "R08",
    "technical-component-bundled",
    "The technical component of guidance is billed apart from delivery",
    severity=Severity.STOP,
    confidence="A",
    source="rvu-2026",
    likely_denial=("CO-97", "CO-182"),
    effective_from=NEW_CODES_BEGIN,
)
def technical_component_bundled(facts: ChargeFacts) -> Answer:
    if facts.line.code not in PRESENT_GUIDANCE or not has(facts, "TC"):
        return None
    return (
        f"{facts.line.code}-TC is never paid from 2026: that part is inside the delivery.",
        Correction(modifiers=with_26(facts), note="Only the physician's part is billed."),
    )


@rule(
    "R09",
    "26-with-tc",
    "26 and TC stand on one line",
    severity=Severity.STOP,
    confidence="B",
    source="rvu-2026",
    likely_denial=("CO-4",),
)
def both_components(facts: ChargeFacts) -> Answer:
    if not (has(facts, "26") and has(facts, "TC")):
        return None
    return "One line carries 26 or TC, not both.", Correction(modifiers=with_26(facts))


@rule(
    "R10",
    "medicare-facility-needs-26",
    "26 is missing on Medicare guidance in a hospital setting",
    severity=Severity.STOP,
    confidence="A",
    source="rvu-2026",
    likely_denial=("CO-4", "N519"),
    effective_from=NEW_CODES_BEGIN,
)
def medicare_facility_needs_26(facts: ChargeFacts) -> Answer:
    place = facts.line.place_of_service
    if not asks_for_26(facts) or place not in FACILITY_SETTINGS or not lacks_component(facts):
        return None
    return (
        f"In place of service {place} Medicare pays {facts.line.code} only with 26.",
        Correction(modifiers=with_26(facts)),
    )


@rule(
    "R11",
    "medicare-office-prices-as-26",
    "77387 without 26 outside a hospital",
    severity=Severity.WARN,
    confidence="A",
    source="rvu-2026",
    effective_from=NEW_CODES_BEGIN,
)
def medicare_office_prices_as_26(facts: ChargeFacts) -> Answer:
    is_office = facts.line.place_of_service in OFFICE_SETTINGS
    if not facts.payer.is_medicare_ffs or not is_office or not lacks_component(facts):
        return None
    return (
        f"{facts.line.code} without a modifier prices as with 26 here: write 26 like everywhere.",
        Correction(modifiers=with_26(facts)),
    )


@rule(
    "R12",
    "payer-requires-26",
    "26 is missing for a payer that takes guidance only with it",
    severity=Severity.STOP,
    confidence="B",
    source="astro-denials",
    likely_denial=("CO-4", "N519"),
    effective_from=NEW_CODES_BEGIN,
)
def payer_requires_26(facts: ChargeFacts) -> Answer:
    asks = facts.payer.modifier_26 == "required" and not facts.payer.is_medicare_ffs
    if not asks or not lacks_component(facts):
        return None
    return (
        f"This payer's policy on the date of service requires {facts.line.code}-26.",
        Correction(modifiers=with_26(facts)),
    )


@rule(
    "R13",
    "payer-takes-either",
    "A line that the payer is known to answer wrongly",
    severity=Severity.WARN,
    confidence="B",
    source="astro-denials",
    likely_denial=("CO-4",),
    effective_from=NEW_CODES_BEGIN,
)
def payer_takes_either(facts: ChargeFacts) -> Answer:
    error = next((e for e in facts.payer.known_errors if concerns(e, facts)), None)
    if error:
        return known_error_sentence(error)
    if facts.payer.modifier_26 != "either" or not is_physicians(facts):
        return None
    if lacks_component(facts):
        return "This payer took both forms on this date and denied some wrongly: expect a rework."
    return (
        "This payer denied lines with 26 wrongly in these weeks, as bundled: a denial is the "
        "payer's error and is worked again, not written off."
    )


def concerns(error: PayerErrorFacts, facts: ChargeFacts) -> bool:
    """Whether a known mistake is about this line."""
    is_form = not error.modifier or has(facts, error.modifier)
    return error.code == facts.line.code and is_form


def known_error_sentence(error: PayerErrorFacts) -> str:
    """What the payer does wrong, and what to do: wait, neither write off nor bill otherwise."""
    denial = f" ({error.denial})" if error.denial else ""
    day = f" by {as_day(error.reprocessing_until)}" if error.reprocessing_until else ""
    return (
        f"A known error of this payer: it {error.statement}{denial}. Such a denial is being "
        f"reprocessed{day}: wait, and neither write it off nor change the line. {error.source}."
    )


@rule(
    "R14",
    "payer-rejects-26",
    "26 for a payer that rejects it",
    severity=Severity.WARN,
    confidence="B",
    source="astro-denials",
    likely_denial=("CO-4",),
    effective_from=NEW_CODES_BEGIN,
)
def payer_rejects_26(facts: ChargeFacts) -> Answer:
    is_present = facts.line.code in PRESENT_GUIDANCE
    if facts.payer.modifier_26 != "rejected" or not is_present or not has(facts, "26"):
        return None
    return "This payer rejects 26: bill without it.", Correction(modifiers=without(facts, "26"))


@rule(
    "R15",
    "no-policy-on-26",
    "26 is missing and no policy of the payer is known",
    severity=Severity.HOLD,
    confidence="D",
    source="field",
    effective_from=NEW_CODES_BEGIN,
)
def no_policy_on_26(facts: ChargeFacts) -> Answer:
    payer, place = facts.payer, facts.line.place_of_service
    if payer.modifier_26 or payer.is_medicare or not payer.payer or not is_physicians(facts):
        return None
    if payer.doubt_about("modifier_26"):
        return None  # policies are on file: rule R80 says why they do not answer
    if not lacks_component(facts):
        return Milder(f"{NOTHING_ON_FILE}: the general rule, 26, was used.", Severity.NOTE)
    change = Correction(modifiers=with_26(facts))
    if place in FACILITY_SETTINGS:
        return (
            f"{NOTHING_ON_FILE}, and without 26 the physician bills the hospital's part in place "
            f"of service {place}: add 26, or have the payer's answer.",
            change,
        )
    return Milder(f"{NOTHING_ON_FILE}: 26 is the general rule.", Severity.NOTE), change
