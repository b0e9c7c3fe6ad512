"""What the published pairings, and payers, ask of two lines of one day."""

from __future__ import annotations

from datetime import date

from coding.rules.book import Answer, Severity, rule
from coding.rules.combinations import CRANIAL_SURGERY, PLANNING
from coding.rules.common import (
    DISTINCT,
    GUIDANCE_CODES,
    SIMULATION,
    STEREOTACTIC,
    STEREOTACTIC_MANAGEMENT,
    has,
    is_guidance,
    same_day,
)
from coding.rules.facts import ChargeFacts
from coding.rules.pairs import (
    NEVER,
    WITH_MODIFIER,
    basis,
    denied_beside,
    denying,
    is_marked_distinct,
    pairing,
)

REPORT_RULE_BEGINS, REPORT_RULE_FOR_GLOBAL = date(2024, 10, 1), date(2026, 4, 1)
# What has a rule of its own, R18 to R21, in either column.
FAMILIES = STEREOTACTIC | STEREOTACTIC_MANAGEMENT | PLANNING | CRANIAL_SURGERY


@rule(
    "R68",
    "pairing-never",
    "A published pairing with indicator 0",
    severity=Severity.STOP,
    confidence="B",
    source="pairs",
    likely_denial=("CO-97", "CO-236"),
)
def pairing_never(facts: ChargeFacts) -> Answer:
    found = [e for e in denying(facts, NEVER) if e.column_one not in FAMILIES]
    if not found:
        return None
    other = found[0].column_one
    return (
        f"{facts.line.code} is not paid beside {other}, with no modifier ({basis(facts, other)})."
    )


@rule(
    "R69",
    "pairing-unless-distinct",
    "A published pairing with indicator 1 without a distinct service",
    severity=Severity.HOLD,
    confidence="B",
    source="pairs",
    likely_denial=("CO-97", "CO-236"),
)
def pairing_unless_distinct(facts: ChargeFacts) -> Answer:
    found = [
        edit.column_one
        for edit in denying(facts, WITH_MODIFIER)
        if edit.column_one not in STEREOTACTIC and not is_marked_distinct(facts, edit.column_one)
    ]
    if not found:
        return None
    return (
        f"{facts.line.code} beside {found[0]}: only a truly distinct service goes, with 59 or an "
        f"X ({basis(facts, found[0])})."
    )


@rule(
    "R70",
    "pairing-denies-the-other",
    "A published pairing that denies the other line of the day",
    severity=Severity.WARN,
    confidence="B",
    source="pairs",
)
def pairing_denies_the_other(facts: ChargeFacts) -> Answer:
    found = [
        edit
        for edit in denied_beside(facts)
        if edit.indicator == NEVER or not is_marked_distinct(facts, edit.column_two)
    ]
    if not found:
        return None
    other = found[0].column_two
    way = "without 25 on a visit or 59 or an X" if found[0].indicator else "with no modifier"
    return f"{other} is not paid beside {facts.line.code}, {way} ({basis(facts, other)})."


@rule(
    "R71",
    "simulation-day",
    "Simulation and guidance on one day",
    severity=Severity.WARN,
    confidence="D",
    source="field",
    likely_denial=("CO-97",),
)
def simulation_day(facts: ChargeFacts) -> Answer:
    code = same_day(facts, SIMULATION)
    if code is None or pairing(facts, code):
        return None
    return (
        f"{code} stands on the same day: show that guidance belongs to a treatment given, not to "
        "the simulation."
    )


@rule(
    "R82",
    "second-guidance-code",
    "Two codes of guidance on one day",
    severity=Severity.HOLD,
    confidence="B",
    source="pairs",
    likely_denial=("CO-97", "CO-231"),
)
def second_guidance_code(facts: ChargeFacts) -> Answer:
    given = {line.code for line in facts.day.other_lines} & GUIDANCE_CODES
    others = sorted(given - {facts.line.code})
    unnamed = [code for code in others if pairing(facts, code) is None]
    if not is_guidance(facts) or not unnamed or has(facts, *DISTINCT):
        return None
    return (
        f"{unnamed[0]} stands on the same day: a session has one code of guidance, however it was "
        "imaged. Two sessions need 59 or an X."
    )


VISITS = tuple(f"99{n}" for n in (*range(202, 216), *range(221, 224), *range(231, 237)))


@rule(
    "R72",
    "report-beside-a-visit",
    "No report beside a visit of the same day for UnitedHealthcare",
    severity=Severity.WARN,
    confidence="D",
    source="uhc-component",
    likely_denial=("CO-252",),
    effective_from=REPORT_RULE_BEGINS,
)
def report_beside_a_visit(facts: ChargeFacts) -> Answer:
    visit = same_day(facts, frozenset(VISITS))
    is_asked = has(facts, "26") or facts.date_of_service >= REPORT_RULE_FOR_GLOBAL
    if facts.payer.payer != "unitedhealthcare" or visit is None or not is_asked:
        return None
    return (
        f"{visit} stands on the same day: UnitedHealthcare asks for the signed report when one "
        "physician bills both. Whether it means guidance is not written; attach it."
    )
