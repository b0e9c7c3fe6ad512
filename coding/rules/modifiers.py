"""Modifiers on the guidance line: 26 and TC by payer and date, repeats, and what never fits."""

from __future__ import annotations

from coding.rules.book import Answer, Correction, Severity, rule
from coding.rules.common import (
    DISTINCT,
    FACILITY_SETTINGS,
    NEW_CODES_BEGIN,
    OFFICE_SETTINGS,
    PRESENT_GUIDANCE,
    REPEAT,
    has,
    with_26,
    without,
)
from coding.rules.facts import ChargeFacts
from coding.rules.lines import repeat_modifier


def lacks_component(facts: ChargeFacts) -> bool:
    """One of today's guidance codes with neither 26 nor TC."""
    return facts.line.code in PRESENT_GUIDANCE and not has(facts, "26", "TC")


@rule(
    "R08",
    "technical-component-bundled",
    "The technical component of guidance is inside treatment delivery",
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
    "26 and TC exclude each other",
    severity=Severity.STOP,
    confidence="B",
    source="x12-codes",
    likely_denial=("CO-4",),
)
def both_components(facts: ChargeFacts) -> Answer:
    if not (has(facts, "26") and has(facts, "TC")):
        return None
    return "One line carries 26 or TC, not both.", Correction(modifiers=with_26(facts))


@rule(
    "R10",
    "medicare-facility-needs-26",
    "In a hospital setting Medicare pays guidance only with 26",
    severity=Severity.STOP,
    confidence="A",
    source="rvu-2026",
    likely_denial=("CO-4", "N519"),
    effective_from=NEW_CODES_BEGIN,
)
def medicare_facility_needs_26(facts: ChargeFacts) -> Answer:
    place = facts.line.place_of_service
    if (
        not facts.payer.is_medicare_ffs
        or place not in FACILITY_SETTINGS
        or not lacks_component(facts)
    ):
        return None
    return (
        f"In place of service {place} Medicare pays {facts.line.code} only with 26.",
        Correction(modifiers=with_26(facts)),
    )


@rule(
    "R11",
    "medicare-office-prices-as-26",
    "Outside a hospital Medicare prices 77387 as 77387-26",
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
    "The payer takes guidance only with 26",
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
    "The payer was changing its mind about 26",
    severity=Severity.WARN,
    confidence="B",
    source="astro-denials",
    likely_denial=("CO-4",),
    effective_from=NEW_CODES_BEGIN,
)
def payer_takes_either(facts: ChargeFacts) -> Answer:
    if facts.payer.modifier_26 != "either" or not lacks_component(facts):
        return None
    return "This payer took both forms on this date and denied some wrongly: expect a rework."


@rule(
    "R14",
    "payer-rejects-26",
    "The payer rejects 26",
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
    "Without a policy of the payer, guidance goes with 26",
    severity=Severity.NOTE,
    confidence="D",
    source="field",
    effective_from=NEW_CODES_BEGIN,
)
def no_policy_on_26(facts: ChargeFacts) -> Answer:
    silent = facts.payer.modifier_26 is None and not facts.payer.is_medicare_ffs
    if not silent or facts.line.code not in PRESENT_GUIDANCE:
        return None
    if lacks_component(facts):
        return (
            "No policy of this payer on 26 is on file: 26 is the general rule.",
            Correction(modifiers=with_26(facts)),
        )
    return "No policy of this payer on 26 is on file: the general rule, 26, was used."


@rule(
    "R32",
    "repeat-without-modifier",
    "A second session of a day says that it is one",
    severity=Severity.STOP,
    confidence="B",
    source="coding-alert",
    likely_denial=("OA-18",),
)
def repeat_without_modifier(facts: ChargeFacts) -> Answer:
    wanted = repeat_modifier(facts.payer, facts.day, facts.review.reviewer_npi)
    if not facts.day.earlier_units or has(facts, *REPEAT, *DISTINCT):
        return None
    return (
        f"This is a second session of the day: without {wanted} it looks like a double.",
        Correction(modifiers=(*facts.line.modifiers, wanted)),
    )


@rule(
    "R33",
    "two-distinct-modifiers",
    "59 and the X modifiers exclude each other",
    severity=Severity.STOP,
    confidence="D",
    source="field",
    likely_denial=("CO-4",),
)
def two_distinct_modifiers(facts: ChargeFacts) -> Answer:
    found = [m for m in facts.line.modifiers if m in DISTINCT]
    if len(found) < 2:
        return None
    return f"{' and '.join(found)} on one line: keep the one that says it best."


@rule(
    "R34",
    "two-repeat-modifiers",
    "76 and 77 exclude each other",
    severity=Severity.STOP,
    confidence="D",
    source="field",
    likely_denial=("CO-4",),
)
def two_repeat_modifiers(facts: ChargeFacts) -> Answer:
    if not (has(facts, "76") and has(facts, "77")):
        return None
    wanted = repeat_modifier(facts.payer, facts.day, facts.review.reviewer_npi)
    keep = (*without(facts, "76", "77"), wanted)
    return "76 is the same physician, 77 another: one of them.", Correction(modifiers=keep)


NEVER = ("25", "95", "50", "LT", "RT", "53")


@rule(
    "R35",
    "modifier-never-fits",
    "Modifiers that never fit guidance",
    severity=Severity.STOP,
    confidence="A",
    source="x12-codes",
    likely_denial=("CO-4", "N519"),
)
def modifier_never_fits(facts: ChargeFacts) -> Answer:
    found = [m for m in facts.line.modifiers if m in NEVER]
    if not found:
        return None
    return (
        f"{', '.join(found)} does not fit guidance: visits, telehealth, sides and broken-off "
        "services are something else.",
        Correction(modifiers=without(facts, *NEVER)),
    )


UNUSUAL = ("22", "52", "KX", "XS", "XU")


@rule(
    "R36",
    "modifier-unusual",
    "Modifiers that a coder approves by hand",
    severity=Severity.HOLD,
    confidence="D",
    source="field",
    likely_denial=("CO-4",),
)
def modifier_unusual(facts: ChargeFacts) -> Answer:
    found = [m for m in facts.line.modifiers if m in UNUSUAL]
    if not found:
        return None
    return f"{', '.join(found)} on guidance is rare: say why, or take it off."


@rule(
    "R37",
    "notice-modifiers",
    "Notice modifiers exclude each other and are Medicare's",
    severity=Severity.STOP,
    confidence="A",
    source="x12-codes",
    likely_denial=("CO-4",),
)
def notice_modifiers(facts: ChargeFacts) -> Answer:
    if has(facts, "GA") and has(facts, "GZ"):
        return "GA says a notice is on file, GZ that none is: one of them."
    if has(facts, "GY") and has(facts, "GA", "GZ"):
        return "GY is for what Medicare never covers: not together with GA or GZ."
    if has(facts, "GA", "GZ") and not facts.payer.is_medicare_ffs:
        return "GA and GZ belong to Medicare fee-for-service only."
    return None
