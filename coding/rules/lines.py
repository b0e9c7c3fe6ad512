"""The line a guidance session should be charged as on its date of service."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from coding.rules.common import FACILITY_SETTINGS, NEW_CODES_BEGIN, takes_old_codes
from coding.rules.facts import GUIDANCE, DayFacts, PayerFacts
from coding.rules.modalities import legacy_code


@dataclass(frozen=True, slots=True)
class ProposedLine:
    """Code, modifiers in order (pricing first, then repeat, then GC), and units of service."""

    code: str
    modifiers: tuple[str, ...] = ()
    units: int = 1


def proposed_line(
    *,
    date_of_service: date,
    payer: PayerFacts,
    modalities: tuple[str, ...],
    place_of_service: str,
    day: DayFacts,
    reviewer_npi: str,
    has_resident: bool = False,
) -> ProposedLine:
    """One unit of the code and modifiers that day, setting and payer call for."""
    code, modifiers = component(date_of_service, payer, modalities, place_of_service)
    if day.earlier_units:
        modifiers = (*modifiers, repeat_modifier(payer, day, reviewer_npi))
    if has_resident and (code == GUIDANCE or "26" in modifiers):
        modifiers = (*modifiers, "GC")
    return ProposedLine(code, modifiers)


def component(
    on: date, payer: PayerFacts, modalities: tuple[str, ...], place: str
) -> tuple[str, tuple[str, ...]]:
    """The code and its pricing modifier."""
    if on >= NEW_CODES_BEGIN:
        return GUIDANCE, () if payer.modifier_26 == "rejected" else ("26",)
    code = (legacy_code(modalities) if takes_old_codes(payer) else None) or GUIDANCE
    is_professional = place in FACILITY_SETTINGS and code != "G6017"
    return code, ("26",) if is_professional else ()


def repeat_modifier(payer: PayerFacts, day: DayFacts, reviewer_npi: str) -> str:
    """What marks a second session of a day: the payer's choice, else 76 or 77 by physician."""
    if payer.second_session_modifier in ("59", "XE"):
        return payer.second_session_modifier
    return by_physician(day, reviewer_npi) or "76"


def by_physician(day: DayFacts, reviewer_npi: str) -> str | None:
    """76 for the same physician, 77 for another; None where one of the two is unknown."""
    if not reviewer_npi or not day.earlier_reviewer_npi:
        return None
    return "76" if reviewer_npi == day.earlier_reviewer_npi else "77"
