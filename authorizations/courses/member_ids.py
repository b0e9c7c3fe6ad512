"""Member IDs as they are printed on cards: with spaces, checked against the payer's pattern."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

from authorizations.web.widgets import UNDRAFTED
from payers.models import LineOfBusiness, Plan

LETTER = "[AC-HJKMNP-RT-Y]"  # never S, L, O, I, B, Z
EITHER = "[0-9AC-HJKMNP-RT-Y]"
MEDICARE_NUMBER = [  # CMS, Understanding the Medicare Beneficiary Identifier (MBI) Format
    *("[1-9]", LETTER, EITHER, "[0-9]", LETTER, EITHER, "[0-9]", LETTER, LETTER, "[0-9]", "[0-9]"),
]
WANTED = {"[1-9]": "a digit from 1 to 9", "[0-9]": "a digit", LETTER: "a letter"}


class MemberIdField(forms.CharField):
    """A member ID as on the card; its spaces are left out."""

    def __init__(self, **options: Any) -> None:
        usual: dict[str, Any] = {
            "label": "Member ID",
            "max_length": 30,
            "widget": forms.TextInput(UNDRAFTED),
            "help_text": "As on the card, with its prefix.",
            "validators": [
                RegexValidator(r"^[0-9A-Za-z-]+$", "Letters, digits, hyphens and spaces only.")
            ],
        }
        super().__init__(**usual | options)

    def to_python(self, value: Any) -> str:
        return "".join((super().to_python(value) or "").split())


def member_id_of(plan: Plan | None, typed: str) -> str:
    """The ID as that plan writes it. Raises ValidationError where the plan has none like it."""
    if plan is None or plan.line_of_business != LineOfBusiness.MEDICARE_FFS or not typed:
        return typed
    number = typed.replace("-", "").upper()
    told = "A Medicare number has 11 characters, such as 1EG4-TE5-MK73"
    if len(number) != len(MEDICARE_NUMBER):
        raise ValidationError(f"{told}; this one has {len(number)}.")
    for place, (sign, pattern) in enumerate(zip(number, MEDICARE_NUMBER, strict=True), 1):
        if not re.fullmatch(pattern, sign):
            wanted = WANTED.get(pattern, "a letter or digit")
            raise ValidationError(
                f"{told}, never with S, L, O, I, B or Z. Character {place} is {wanted}, "
                f"here it is “{sign}”."
            )
    return number


def check_member_id(form: forms.BaseForm) -> None:
    """Write the member ID as the chosen plan does, or say in its field why it cannot be one."""
    values = form.cleaned_data
    if values.get("plan") and values.get("member_id"):
        try:
            values["member_id"] = member_id_of(values["plan"], values["member_id"])
        except ValidationError as error:
            form.add_error("member_id", error)
