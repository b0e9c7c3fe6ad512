"""Examples about policies that do not answer."""

from __future__ import annotations

from datetime import date

from coding.rules.examples.base import clean, example, insured
from coding.rules.examples.marks import SECOND
from coding.rules.facts import OtherLine, UndecidedPolicy

END, BEGIN = date(2025, 12, 31), date(2026, 1, 1)
STATE = "depends on the state of treatment, not known here"


def undecided(topic: str) -> tuple[UndecidedPolicy, ...]:
    return (UndecidedPolicy(topic, STATE),)


EXAMPLES = (
    example("R79", "required in one state, and the facility has none", "R79", base=insured(),
            is_required=None, requirement_doubt=STATE, says="depends on the state"),
    example("R79", "whoever decided about the course wants to be asked", "", base=insured(),
            requirement_doubt=STATE),
    example("R79", "no policy is on file", "", base=insured(), is_required=None),
    example("R80", "26 in one state only, and the facility has none", "R80", base=insured(),
            modifier_26=None, undecided=undecided("modifier_26"), says="modifier 26"),
    example("R80", "the same without 26", "R80", base=insured(), modifiers=(),
            modifier_26=None, undecided=undecided("modifier_26")),
    example("R80", "a Medicare Advantage plan, without 26", "R80", modifiers=(),
            line_of_business="medicare_advantage", modifier_26=None,
            undecided=undecided("modifier_26")),
    example("R80", "the hospital's own claim", "R16", base=insured(), modifiers=(),
            claim_type="837I", modifier_26=None, undecided=undecided("modifier_26")),
    example("R80", "the codes of 2025", "R80", base=insured(END),
            undecided=undecided("legacy_guidance_codes")),
    example("R80", "the same on the first day of the new codes", "", base=insured(BEGIN),
            undecided=undecided("legacy_guidance_codes")),
    example("R80", "Medicare's codes of 2025 are known", "R02", base=clean(END), modifiers=(),
            undecided=undecided("legacy_guidance_codes")),
    example("R80", "a second session", "R28 R80", modifiers=("26", "76"), **SECOND,
            undecided=undecided("second_session_modifier")),
    example("R80", "the first session of a day", "",
            undecided=undecided("second_session_modifier")),
    example("R80", "beside protons", "R80", base=insured(), delivery_code="77522",
            other_lines=(OtherLine("77522"),), undecided=undecided("proton_guidance")),
    example("R80", "beside photons", "", base=insured(), undecided=undecided("proton_guidance")),
    example("R80", "surface guidance alone", "R38 R80", base=insured(), modalities=("surface",),
            undecided=undecided("surface_guidance")),
    example("R80", "a cone-beam CT", "", base=insured(), undecided=undecided("surface_guidance")),
)  # fmt: skip
