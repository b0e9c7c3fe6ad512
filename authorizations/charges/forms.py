"""What a coder decides about one charge."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.web.text import shown_day
from authorizations.models import Charge
from authorizations.verdicts.proposed_line import code_refusal
from authorizations.web.day_fields import DayField
from authorizations.web.reason_form import Reason
from authorizations.web.widgets import SuggestInput
from authorizations.workflow import CHARGE_MOVES
from coding.models import ProcedureCode
from coding.modifier_choices import modifier_choices
from coding.rules.common import guidance_codes_on
from coding.rules.modifier_table import use_of


def guidance_choices(on: date) -> list[tuple[str, str]]:
    """The guidance codes that are valid on a date of service, with their descriptions."""
    rows = ProcedureCode.objects.filter(code__in=guidance_codes_on(on))
    return [(row.code, row.short_description) for row in rows]


class HoldForm(Reason):
    """Keep a charge back until a day."""

    look_again_on = DayField(required=False)

    def clean_look_again_on(self) -> Any:
        day = self.cleaned_data["look_again_on"]
        if day and day < timezone.localdate():
            raise ValidationError("This day is past.")
        return day


class DisputeForm(Reason):
    """Which finding is wrong, and why; without a number the leading one is meant."""

    rule = forms.CharField(max_length=3, required=False)

    def clean_rule(self) -> str:
        return self.cleaned_data["rule"].strip().upper()


MANY_AT_ONCE = (
    "release",
    "apply_correction",
    "hold",
    "return_to_therapist",
    "return_to_physician",
    "return_to_review",
    "mark_not_billable",
    "dispute",
    "propose_override",
    "confirm_override",
    "decline_override",
    "acknowledge",
    "void",
    "capture_again",
    "leave_unbilled",
)


def many_choices() -> list[tuple[str, str]]:
    rows = {row.verb: row.label for row in CHARGE_MOVES}
    return [("", "Choose"), *((verb, rows[verb]) for verb in MANY_AT_ONCE)]


class ManyForm(forms.Form):
    """One decision about many charges."""

    verb = forms.ChoiceField(
        label="What to do",
        choices=many_choices,
        error_messages={"required": "Choose what to do."},
    )
    reason = forms.CharField(
        max_length=200,
        required=False,
        help_text="Kept with each of them. Needed for everything but a clean release, a correction "
        "the rulebook proposes, and giving back.",
    )
    look_again_on = DayField(required=False, help_text="Only for a hold: the day to look again.")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        row = next((m for m in CHARGE_MOVES if m.verb == cleaned.get("verb")), None)
        if row and row.asks_reason and not (cleaned.get("reason") or "").strip():
            self.add_error("reason", "Give the reason.")
        day = cleaned.get("look_again_on")
        if day and cleaned.get("verb") == "hold" and day < timezone.localdate():
            self.add_error("look_again_on", "This day is past.")
        return cleaned

    def given(self) -> dict[str, Any]:
        """What the action is given."""
        given: dict[str, Any] = {"reason": self.cleaned_data["reason"].strip()}
        if self.cleaned_data["verb"] == "hold":
            given["look_again_on"] = self.cleaned_data["look_again_on"]
        return given


class Correction(Reason):
    """The line of this charge as it should be: another guidance code, never another service."""

    code = forms.CharField(max_length=5, widget=SuggestInput())
    modifiers = forms.CharField(
        max_length=16,
        required=False,
        widget=SuggestInput(),
        help_text="In the order of the claim, such as 26 76.",
    )
    units = forms.IntegerField(min_value=1, max_value=10)

    def __init__(self, *args: Any, charge: Charge, **options: Any) -> None:
        super().__init__(*args, **options)
        self.charge = charge
        self.fields["code"].widget.choices = guidance_choices(charge.date_of_service)
        self.fields["modifiers"].widget.choices = modifier_choices(charge.date_of_service)
        self.order_fields(("code", "modifiers", "units", "reason"))
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean_code(self) -> str:
        code = self.cleaned_data["code"].strip().upper()
        if not ProcedureCode.objects.filter(code=code).exists():
            raise ValidationError(f"Code {code} is not in our book.")
        refusal = code_refusal(self.charge, code)
        if refusal:
            raise ValidationError(refusal)
        return code

    def clean_modifiers(self) -> list[str]:
        given = [
            part for part in re.split(r"[\s,-]+", self.cleaned_data["modifiers"].upper()) if part
        ]
        on = self.charge.date_of_service
        strange = [modifier for modifier in given if use_of(modifier, on) is None]
        if strange:
            names = ", ".join(strange)
            raise ValidationError(
                f"Modifier {names} is not in the table of modifiers of {shown_day(on)}."
            )
        if len(given) > 4:
            raise ValidationError("A line has at most four modifiers.")
        if len(set(given)) < len(given):
            raise ValidationError("A modifier stands twice.")
        return given
