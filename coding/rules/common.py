"""Words the rules share: settings, code families, spans of dates, and small questions about
facts.
"""

from __future__ import annotations

from datetime import date, datetime

from coding.rules.facts import GUIDANCE, ChargeFacts, PayerFacts
from coding.rules.modifier_table import Use, codes_with

GUIDANCE_BEGINS = date(2015, 1, 1)
LEGACY_ENDS = date(2025, 12, 31)
NEW_CODES_BEGIN = date(2026, 1, 1)

FACILITY_SETTINGS = frozenset({"19", "21", "22", "24"})
OFFICE_SETTINGS = frozenset({"11", "49"})
LEGACY_GUIDANCE = frozenset({"77014", "G6001", "G6002", "G6017"})
SURFACE_GUIDANCE = "77439"
PRESENT_GUIDANCE = frozenset({GUIDANCE, SURFACE_GUIDANCE})
GUIDANCE_CODES = PRESENT_GUIDANCE | LEGACY_GUIDANCE
LEGACY_DELIVERY = frozenset({"77385", "77386", "77401", *(f"G60{n:02d}" for n in range(3, 17))})
DELIVERY = frozenset({"77402", "77407", "77412"})
STEREOTACTIC = frozenset({"77371", "77372", "77373", "G0339", "G0340", "G0563", "C9795"})
STEREOTACTIC_MANAGEMENT = frozenset({"77432", "77435"})
SUPERFICIAL = frozenset({"77437", "77438"})  # 77436 is its planning
PROTON = frozenset({"77520", "77522", "77523", "77525"})
INTRAOPERATIVE = frozenset({"77424", "77425"})
BRACHYTHERAPY = frozenset(
    {"77750", "77761", "77762", "77763", "77767", "77768"}
    | {"77770", "77771", "77772", "77778", "77789", "77799"}
)
SIMULATION = frozenset({"77280", "77285", "77290"})
DISTINCT = codes_with(Use.DISTINCT)
REPEAT = codes_with(Use.REPEAT)


def is_guidance(facts: ChargeFacts) -> bool:
    """Whether the line is image guidance, in today's or in an earlier code."""
    return facts.line.code in GUIDANCE_CODES


def guidance_codes_on(on: date) -> frozenset[str]:
    """The guidance codes that are valid on a date of service."""
    if on >= NEW_CODES_BEGIN:
        return PRESENT_GUIDANCE
    return LEGACY_GUIDANCE | {GUIDANCE} if on >= GUIDANCE_BEGINS else frozenset({"77014"})


def codes_that_cover(code: str, on: date) -> frozenset[str]:
    """The codes of an authorization that cover a charge of this code: from 2026 the same code.

    Before 2026 payers wrote guidance in the old codes and in 77387, and took either for the other.
    Of a charge in a code of another service the session is asked: any guidance of that day covers.
    """
    either = LEGACY_GUIDANCE | {GUIDANCE}
    if code not in GUIDANCE_CODES:
        return guidance_codes_on(on)
    return either if on < NEW_CODES_BEGIN and code in either else frozenset({code})


def has(facts: ChargeFacts, *modifiers: str) -> bool:
    """Whether the line carries one of these modifiers."""
    return any(modifier in facts.line.modifiers for modifier in modifiers)


def with_26(facts: ChargeFacts) -> tuple[str, ...]:
    """The line's modifiers with 26 first and without TC."""
    return ("26", *(m for m in facts.line.modifiers if m not in ("26", "TC")))


def takes_old_codes(payer: PayerFacts) -> bool:
    """Whether the payer took 77014 and the G codes before 2026.

    Medicare did, and a Medicare Advantage plan unless its policy on file says 77387.
    """
    if payer.is_medicare_ffs:
        return True
    answer = payer.legacy_guidance_codes
    return answer == "legacy" or (answer is None and payer.is_medicare)


def without(facts: ChargeFacts, *modifiers: str) -> tuple[str, ...]:
    return tuple(m for m in facts.line.modifiers if m not in modifiers)


def same_day(facts: ChargeFacts, codes: frozenset[str]) -> str | None:
    """A code of this family given to the patient that day: another line, or the delivery."""
    given = [line.code for line in facts.day.other_lines]
    if facts.session.is_delivered:
        given.append(facts.session.delivery_code)
    return next((code for code in given if code in codes), None)


def as_day(day: date | None) -> str:
    """A day as sentences say it."""
    return f"{day:%-d %b %Y}" if day else "an open date"


def moment(value: datetime) -> str:
    """A moment as sentences write it."""
    return f"{value:%-d %b %Y %H:%M}"
