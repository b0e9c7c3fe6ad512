"""Examples about the code of a session: guidance, and where 77439 fits."""

from __future__ import annotations

from datetime import date
from typing import Any

from coding.rules.examples.base import clean, example, insured
from coding.rules.facts import OtherLine

END, BEGIN = date(2025, 12, 31), date(2026, 1, 1)
SURFACE: dict[str, Any] = {
    "code": "77439",
    "delivery_code": "77437",
    "other_lines": (OtherLine("77437"),),
    "modalities": ("ultrasound",),
}

EXAMPLES = (
    example("R60", "weekly management typed over the guidance", "R60", code="77427", modifiers=()),
    example("R60", "weekly management in place of an undelivered fraction", "R26 R60",
            code="77427", modifiers=(), is_delivered=False, other_lines=()),
    example("R60", "a planning code in place of images that nobody approved", "R42 R60",
            code="77470", reviewed_at=None, reviewer_role="", reviewer_npi=""),
    example("R60", "delivery in an office", "R60", code="77407", modifiers=(),
            place_of_service="11"),
    example("R60", "delivery in a hospital has its own rule", "R17", code="77407", modifiers=()),
    example("R60", "a port image for another payer", "R60", base=insured(), code="77417",
            modifiers=()),
    example("R60", "a port image for Medicare has its own rule", "R40", code="77417",
            modifiers=()),
    example("R60", "guidance", ""),
    example("R60", "guidance in the code of its time", "", base=clean(END), code="77014"),
    example("R61", "beside a cone beam and megavoltage treatment", "R61", code="77439",
            says="add-on"),
    example("R61", "beside superficial treatment, without ultrasound", "R61",
            **{**SURFACE, "modalities": ("cbct",)}, says="by ultrasound"),
    example("R61", "beside superficial treatment, placed by ultrasound", "", **SURFACE),
    example("R61", "the day before the code begins", "R61", base=clean(END), **SURFACE,
            says="valid from"),
    example("R61", "the first day of the code", "", base=clean(BEGIN), **SURFACE),
    example("R61", "on a day that only plans superficial treatment", "R61",
            **{**SURFACE, "delivery_code": "77407",
               "other_lines": (OtherLine("77407"), OtherLine("77436"))}, says="77437 or 77438"),
    example("R61", "another guidance code", ""),
    example("R76", "telehealth", "R76", place_of_service="02"),
    example("R76", "at home", "R76", place_of_service="12"),
    example("R76", "a nursing facility", "R76", place_of_service="31"),
    example("R76", "an office", "", place_of_service="11"),
    example("R76", "a hospital", ""),
    example("R76", "the hospital's claim asks otherwise", "R16", place_of_service="02",
            claim_type="837I"),
    example("R62", "charged for an earlier fraction already", "R62", **SURFACE,
            is_code_charged_earlier=True),
    example("R62", "on the first day of the code", "R62", base=clean(BEGIN), **SURFACE,
            is_code_charged_earlier=True),
    example("R62", "the day before another rule speaks", "R61", base=clean(END), **SURFACE,
            is_code_charged_earlier=True),
    example("R62", "the first of the course", "", **SURFACE),
    example("R62", "77387 is charged for each session", "", is_code_charged_earlier=True),
    example("R78", "deleted", "R78", delivery_code_status="deleted", says="was not valid"),
    example("R78", "in no book", "R78", delivery_code_status="unknown", says="in no book"),
    example("R78", "valid", "", delivery_code_status="valid"),
    example("R78", "not looked up", ""),
    example("R78", "nothing was delivered", "R26", is_delivered=False,
            delivery_code_status="unknown"),
)  # fmt: skip
