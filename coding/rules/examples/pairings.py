"""Examples about published pairings, and other lines of the day."""

from __future__ import annotations

from datetime import date
from typing import Any

from coding.rules.examples.base import clean, example, insured
from coding.rules.examples.combinations import beside, pair
from coding.rules.facts import OtherLine

END = date(2025, 12, 31)
BEFORE_REPORTS, REPORTS = date(2024, 9, 30), date(2024, 10, 1)
BEFORE_GLOBAL, GLOBAL = date(2026, 3, 31), date(2026, 4, 1)
OLD_TAKER: dict[str, Any] = {"code": "77014", "legacy_guidance_codes": "legacy"}
VISIT: dict[str, Any] = {"other_lines": (OtherLine("77407"), OtherLine("99213"))}

EXAMPLES = (
    beside("R68", "the old CT code on the day of a simulation", "R68", "77407", "77290",
           base=clean(END), code="77014", pair_edits=(pair("77290", "77014", 0),)),
    beside("R68", "dressing of a burn", "R68", "77407", "16020", base=insured(),
           pair_edits=(pair("16020", "77387", 0),)),
    beside("R68", "the line is the one that is paid", "R70", "77407", "96523",
           pair_edits=(pair("77387", "96523", 0),)),
    beside("R68", "planning has a rule of its own", "R20", "77407", "77301",
           pair_edits=(pair("77301", "77387", 0),)),
    beside("R68", "the pairing was withdrawn", "", "77407", "16020",
           pair_edits=(pair("16020", "77387", 9),)),
    beside("R68", "no pairing", ""   , "77407"),
    beside("R69", "tracking beside the old CT code", "R69", "77407", "77014", base=clean(END),
           code="G6017", modifiers=(), modalities=("transponder",),
           pair_edits=(pair("77014", "G6017", 1),)),
    beside("R69", "puncture of a vein", "R69", "77407", "36410", base=insured(),
           pair_edits=(pair("36410", "77387", 1),)),
    beside("R69", "truly distinct", "", "77407", "36410", modifiers=("26", "59"),
           pair_edits=(pair("36410", "77387", 1),)),
    beside("R69", "stereotactic delivery has a rule of its own", "R18", "77373",
           pair_edits=(pair("77373", "77387", 1),)),
    beside("R69", "no pairing", "", "77407"),
    beside("R70", "a visit without 25", "R70", "77407", "99213",
           pair_edits=(pair("77387", "99213", 1),), says="without 25"),
    example("R70", "a visit with 25", "",
            other_lines=(OtherLine("77407"), OtherLine("99213", ("25",))),
            pair_edits=(pair("77387", "99213", 1),)),
    example("R70", "25 does not help where nothing does", "R70",
            other_lines=(OtherLine("77407"), OtherLine("99281", ("25",))),
            pair_edits=(pair("77387", "99281", 0),), says="with no modifier"),
    beside("R70", "management of a stereotactic course has a rule of its own", "R19", "77407",
           "77435", pair_edits=(pair("77387", "77435", 0),)),
    beside("R70", "no pairing", "", "77407"),
    beside("R71", "simulation on a guidance day", "R71", "77407", "77280"),
    beside("R71", "a published pairing decides instead", "", "77407", "77290",
           pair_edits=(pair("77290", "77387", 9),)),
    beside("R71", "no simulation", "", "77407"),
    beside("R82", "the old CT code beside the new one", "R82", "77407", "77014",
           base=insured(END), legacy_guidance_codes="77387"),
    beside("R82", "a published pairing decides instead", "R69", "77407", "77014",
           base=insured(END), legacy_guidance_codes="77387",
           pair_edits=(pair("77014", "77387", 1),)),
    beside("R82", "two sessions, marked", "R73", "77407", "77014", base=insured(END),
           legacy_guidance_codes="77387", modifiers=("26", "59")),
    beside("R82", "a line that is no guidance", "R60", "77407", "77014", base=insured(END),
           code="77427", modifiers=()),
    beside("R82", "one code of guidance", "", "77407"),
    example("R72", "a visit the same day", "R72", base=insured(), **VISIT),
    example("R72", "another payer", "", **VISIT),
    example("R72", "no visit", "", base=insured()),
    example("R72", "the first day, the professional component", "R72", base=insured(REPORTS),
            **OLD_TAKER, **VISIT),
    example("R72", "the day before", "", base=insured(BEFORE_REPORTS), **OLD_TAKER, **VISIT),
    example("R72", "the global service, the day before it was asked too", "", base=insured(
            BEFORE_GLOBAL), place_of_service="11", modifiers=(), modifier_26="rejected", **VISIT),
    example("R72", "the global service, the first day it was asked too", "R72", base=insured(
            GLOBAL), place_of_service="11", modifiers=(), modifier_26="rejected", **VISIT),
)  # fmt: skip
