"""The other modifiers, by the one table: repeats, distinct services, notices, what never fits."""

from __future__ import annotations

from coding.rules.book import Answer, Correction, Milder, Severity, rule
from coding.rules.common import DISTINCT, REPEAT, has, without
from coding.rules.facts import ChargeFacts
from coding.rules.lines import by_physician, repeat_modifier
from coding.rules.modifier_table import ModifierUse, Use, in_order, use_of
from coding.rules.pairs import has_pairing_to_pass


@rule(
    "R32",
    "repeat-without-modifier",
    "A second session of a day without its modifier",
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
    "59 and an X modifier stand on one line",
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
    "76 and 77 stand on one line",
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


def misplaced(facts: ChargeFacts) -> list[ModifierUse]:
    """The line's modifiers that never fit guidance on this kind of claim."""
    banned = (Use.NEVER, Use.HOSPITAL) if facts.line.is_professional else (Use.NEVER,)
    found = (use_of(code, facts.date_of_service) for code in facts.line.modifiers)
    return [row for row in found if row and row.use in banned]


@rule(
    "R35",
    "modifier-never-fits",
    "A modifier that never fits guidance",
    severity=Severity.STOP,
    confidence="B",
    source="rvu-2026",
    likely_denial=("CO-4", "N519"),
)
def modifier_never_fits(facts: ChargeFacts) -> Answer:
    found = misplaced(facts)
    if not found:
        return None
    reasons = "; ".join(f"{row.code} is for {row.why}" for row in found)
    codes = [row.code for row in found]
    return f"{reasons}: not on guidance.", Correction(modifiers=without(facts, *codes))


def approved_by_hand(facts: ChargeFacts) -> list[str]:
    """The line's modifiers that need a coder's reason, those no table knows among them."""
    on, unusual = facts.date_of_service, ("XS", "XU")
    rows = {code: use_of(code, on) for code in facts.line.modifiers}
    return [
        code
        for code, row in rows.items()
        if row is None or row.use == Use.BY_HAND or code in unusual
    ]


@rule(
    "R36",
    "modifier-unusual",
    "A modifier that a coder approves by hand",
    severity=Severity.HOLD,
    confidence="D",
    source="field",
    likely_denial=("CO-4",),
)
def modifier_unusual(facts: ChargeFacts) -> Answer:
    found = approved_by_hand(facts)
    if found:
        return f"{', '.join(found)} on guidance is rare: say why, or take it off."
    if has(facts, "Q5") and has(facts, "Q6"):
        return "Q5 is an exchange between physicians, Q6 is paid by time: one of them."
    return None


@rule(
    "R37",
    "notice-modifiers",
    "Notice modifiers together, or for another payer than Medicare",
    severity=Severity.STOP,
    confidence="B",
    source="notices",
    likely_denial=("CO-4", "CO-50"),
)
def notice_modifiers(facts: ChargeFacts) -> Answer:
    if has(facts, "GY"):
        return "GY is for what the law excludes from Medicare, and guidance is not excluded."
    if has(facts, "GA") and has(facts, "GZ"):
        return "GA says a notice is on file, GZ that none is: one of them."
    if has(facts, "GA", "GZ") and not facts.payer.is_medicare_ffs:
        return "GA and GZ belong to Medicare fee-for-service only."
    if has(facts, "GZ"):
        return Milder("GZ: Medicare's machine denies this line, at our cost.", Severity.WARN)
    return None


@rule(
    "R73",
    "distinct-from-nothing",
    "A distinct-service modifier with nothing to be distinct from",
    severity=Severity.HOLD,
    confidence="D",
    source="field",
    likely_denial=("CO-4",),
)
def distinct_from_nothing(facts: ChargeFacts) -> Answer:
    found = [code for code in facts.line.modifiers if code in DISTINCT]
    if not found or facts.day.earlier_units or has_pairing_to_pass(facts):
        return None
    return (
        f"{', '.join(found)}, and nothing of the day is there to be distinct from: take it off.",
        Correction(modifiers=without(facts, *found)),
    )


@rule(
    "R74",
    "repeat-does-not-fit",
    "76 or 77 does not fit who approved, or no second session",
    severity=Severity.HOLD,
    confidence="B",
    source="coding-alert",
    likely_denial=("CO-4",),
)
def repeat_does_not_fit(facts: ChargeFacts) -> Answer:
    found = [code for code in facts.line.modifiers if code in REPEAT]
    if len(found) != 1:
        return None
    others = without(facts, *found)
    if not facts.day.earlier_units:
        sentence = f"{found[0]} marks a repeat, and no session of the day comes before this one."
        return sentence, Correction(modifiers=others)
    wanted = by_physician(facts.day, facts.review.reviewer_npi)
    if wanted is None or wanted == found[0]:
        return None
    change = Correction(modifiers=in_order((*others, wanted), facts.date_of_service))
    return f"76 is the same physician, 77 another: by these approvals it is {wanted}.", change


@rule(
    "R75",
    "pricing-modifier-first",
    "The modifier that sets the price does not come first",
    severity=Severity.WARN,
    confidence="D",
    source="field",
    likely_denial=("CO-4",),
)
def pricing_modifier_first(facts: ChargeFacts) -> Answer:
    wanted = in_order(facts.line.modifiers, facts.date_of_service)
    if wanted == facts.line.modifiers:
        return None
    return f"Modifiers in this order: {', '.join(wanted)}.", Correction(modifiers=wanted)
