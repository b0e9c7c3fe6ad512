"""Examples about what stands beside guidance on one day."""

from __future__ import annotations

from datetime import date
from typing import Any

from coding.rules.examples.base import Example, clean, example, insured
from coding.rules.facts import OtherLine, PairEditFacts

END = date(2025, 12, 31)


def pair(column_one: str, column_two: str, indicator: int) -> PairEditFacts:
    """A published pairing as the official table of a quarter has it."""
    return PairEditFacts(column_one, column_two, indicator, "2026 Q4")


def beside(about: str, why: str, finds: str, *codes: str, **changes: Any) -> Example:
    """Guidance on a day with these other lines, the first of them the delivery."""
    lines = tuple(OtherLine(code) for code in codes)
    return example(about, why, finds, delivery_code=codes[0], other_lines=lines, **changes)


EXAMPLES = (
    beside("R18", "stereotactic delivery the same day", "R18", "77373"),
    beside("R18", "by the older code", "R18", "G0339"),
    beside("R18", "adaptive radiosurgery guided by its own emissions", "R18", "G0563",
           technique=""),
    beside("R18", "its code of before 2025", "R18", "C9795", technique="",
           base=clean(date(2024, 12, 31)), code="77014"),
    beside("R18", "the old CT code, which went where distinct", "R18", "77373", base=clean(END),
           code="77014", says="truly distinct"),
    beside("R18", "the old CT code, truly distinct", "", "77373", base=clean(END), code="77014",
           modifiers=("26", "59")),
    beside("R18", "the old X-ray code never went beside it", "R18", "77373", base=clean(END),
           code="G6002", modalities=("kv_pair",), says="with no modifier"),
    beside("R18", "a loaded table allows a distinct service", "R18", "77373",
           pair_edits=(pair("77373", "77387", 1),), says="truly distinct"),
    beside("R18", "a loaded table withdraws the pairing: guidance is contained all the same",
           "R18", "77373", pair_edits=(pair("77373", "77387", 9),), says="contains guidance"),
    beside("R18", "a loaded table forbids what the family would allow", "R18", "77373",
           base=clean(END), code="77014", pair_edits=(pair("77373", "77014", 0),),
           says="with no modifier"),
    beside("R18", "ordinary delivery", "", "77407"),
    beside("R18", "the delivery's own line", "R17 R18", "77373", code="77407", modifiers=()),
    example("R18", "a beam that was not given contains nothing", "R26", delivery_code="77373",
            other_lines=(), is_delivered=False),
    beside("R19", "management of a stereotactic course", "R19", "77407", "77435"),
    beside("R19", "a course planned as stereotactic", "R19", "77407", technique="SBRT"),
    beside("R19", "an ordinary course", "", "77407"),
    beside("R19", "whatever the code", "R19 R60", "77407", technique="SBRT",
           code="77336", modifiers=()),
    beside("R20", "planning on the same day", "R20", "77407", "77301"),
    beside("R20", "planning itself", "R20 R60", "77407", "77301", code="77336", modifiers=()),
    beside("R20", "weekly management", "", "77407", "77427"),
    beside("R20", "a loaded table says so", "R20", "77407", "77301",
           pair_edits=(pair("77301", "77387", 0),), says="2026 Q4"),
    beside("R20", "no table is loaded", "R20", "77407", "77301", says="no pairing of this day"),
    beside("R20", "a loaded table withdraws the pairing", "", "77407", "77301",
           pair_edits=(pair("77301", "77387", 9),)),
    beside("R20", "a loaded table allows a distinct service", "R69", "77407", "77301",
           pair_edits=(pair("77301", "77387", 1),)),
    beside("R20", "a loaded table does not name the pair", "", "77407", "77301",
           pair_table="2026 Q4"),
    beside("R21", "cranial surgery", "R21", "77407", "61796"),
    beside("R21", "a loaded table does not name the pair", "", "77407", "61796",
           pair_table="2026 Q4"),
    beside("R21", "thoracic targeting", "R21", "77407", "32701"),
    beside("R21", "whatever the code", "R21 R60", "77407", "61796", code="77336", modifiers=()),
    beside("R21", "no surgery", "", "77407"),
    beside("R21", "a loaded table withdraws the pairing", "", "77407", "61796",
           pair_edits=(pair("61796", "77387", 9),)),
    beside("R22", "spinal surgery", "R22", "77407", "63620"),
    beside("R22", "spinal surgery, truly distinct", "", "77407", "63620", modifiers=("26", "59")),
    beside("R22", "whatever the code", "R22 R60", "77407", "63620", code="77336", modifiers=()),
    beside("R22", "a loaded table does not name the pair", "", "77407", "63620",
           pair_table="2026 Q4"),
    beside("R22", "no surgery", "", "77407"),
    beside("R22", "a loaded table allows no modifier", "R68", "77407", "63620",
           pair_edits=(pair("63620", "77387", 0),)),
    beside("R23", "superficial treatment, placed by ultrasound", "R23", "77437",
           modalities=("ultrasound",), bills="77439-26"),
    beside("R23", "superficial treatment, imaged otherwise: nothing to bill", "R23", "77437"),
    beside("R23", "whatever the code", "R23 R60", "77437", code="77336", modifiers=()),
    beside("R23", "megavoltage treatment", "", "77407"),
    beside("R23", "a day on which superficial treatment is planned", "", "77407", "77436"),
    beside("R23", "the higher energy", "R23", "77438", says="no ultrasound"),
    beside("R24", "intraoperative treatment", "R24", "77424"),
    beside("R24", "brachytherapy", "R24", "77771"),
    beside("R24", "brachytherapy in a cavity", "R24", "77763"),
    beside("R24", "brachytherapy on the surface", "R24", "77789"),
    beside("R24", "whatever the code", "R24 R60", "77424", code="77336", modifiers=()),
    beside("R24", "external beam", "", "77407"),
    beside("R25", "protons, nothing on file", "R25", "77522", says="is on file"),
    beside("R25", "protons, the payer does not pay", "R25", "77522",
           proton_guidance="not_billable", says="does not pay"),
    beside("R25", "protons, the payer pays", "", "77522", proton_guidance="billable"),
    beside("R25", "whatever the code", "R25 R60", "77522", code="77336", modifiers=()),
    beside("R25", "photons", "", "77407"),
    example("R25", "another payer, protons", "R25", base=insured(), delivery_code="77520",
            other_lines=()),
)  # fmt: skip
