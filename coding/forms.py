"""Looking something up on a day, and trying the rules on facts typed by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils import timezone

from coding.extension_points import HOOKS
from coding.models import ProcedureCode
from coding.rules.facts import (
    AuthorizationFacts,
    AuthorizedLine,
    ChargeFacts,
    DayFacts,
    LineFacts,
    OtherLine,
    ReviewFacts,
    SessionFacts,
)
from coding.rules.modalities import MODALITIES


class DayInput(forms.DateInput):
    """A date by the browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


PLACES = (
    ("11", "11 Office or freestanding"),
    ("19", "19 Off-campus hospital"),
    ("22", "22 On-campus hospital"),
)
YES_NO = (("yes", "Yes"), ("no", "No"))


class Situation(forms.Form):
    """One charge in a few words: enough for the rules to judge it."""

    date_of_service = forms.DateField(widget=DayInput())
    plan = forms.ChoiceField(required=False)
    code = forms.CharField(max_length=5, initial="77387")
    modifiers = forms.CharField(max_length=16, required=False, initial="26")
    units = forms.IntegerField(min_value=1, max_value=10, initial=1)
    place_of_service = forms.ChoiceField(choices=PLACES, initial="22")
    modality = forms.ChoiceField(choices=[(n, m.label) for n, m in MODALITIES.items()])
    delivery_code = forms.CharField(max_length=5, initial="77407")
    is_delivered = forms.ChoiceField(choices=YES_NO, label="Treatment delivered")
    has_shifts = forms.ChoiceField(choices=YES_NO, label="Shifts recorded")
    is_reviewed = forms.ChoiceField(
        choices=YES_NO, label="Images approved before the next treatment"
    )
    is_authorized = forms.ChoiceField(choices=YES_NO, label="Authorized, with a unit left")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["plan"].choices = [("", "No coverage"), *HOOKS.plan_choices()]
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean_code(self) -> str:
        code = self.cleaned_data["code"].strip().upper()
        if not ProcedureCode.objects.filter(code=code).exists():
            raise forms.ValidationError(f"Code {code} is not in our book.")
        return code

    def clean_modifiers(self) -> tuple[str, ...]:
        return tuple(self.cleaned_data["modifiers"].upper().replace(",", " ").split())[:4]

    def facts(self, **changes: Any) -> ChargeFacts:
        """The situation as facts; ``changes`` replace answers, for a second look beside it."""
        values = {**self.cleaned_data, **changes}
        on = values["date_of_service"]
        start = datetime.combine(on, time(10), tzinfo=timezone.get_current_timezone())
        is_yes = {name: values[name] == "yes" for name in values if values[name] in ("yes", "no")}
        facts = ChargeFacts(
            date_of_service=on,
            line=LineFacts(
                code=values["code"],
                modifiers=values["modifiers"],
                units=values["units"],
                place_of_service=values["place_of_service"],
                diagnoses=("C61",),
            ),
            session=session_facts(values, start, is_yes),
            review=review_facts(start, is_yes),
            day=DayFacts(other_lines=other_lines(values["delivery_code"], is_yes)),
            authorization=authorization_facts(on, is_yes),
        )
        return replace(facts, payer=HOOKS.payer_facts(values["plan"], facts))


def session_facts(values: dict[str, Any], start: datetime, is_yes: dict[str, bool]) -> SessionFacts:
    return SessionFacts(
        started_at=start,
        fraction=5,
        fractions_planned=28,
        is_delivered=is_yes["is_delivered"],
        delivery_code=values["delivery_code"],
        modalities=(values["modality"],),
        image_at=start.replace(hour=9, minute=55),
        has_shifts=is_yes["has_shifts"],
        technique="IMRT",
        guidance_ordered_on=start.date().replace(day=1),
        course_first_imaged_on=start.date(),
        has_motion_management=values["delivery_code"] == "77412",
    )


def review_facts(start: datetime, is_yes: dict[str, bool]) -> ReviewFacts:
    if not is_yes["is_reviewed"]:
        return ReviewFacts()
    return ReviewFacts(
        reviewed_at=start.replace(hour=15),
        reviewer_role="radiation_oncologist",
        reviewer_npi="1000000004",
    )


def other_lines(code: str, is_yes: dict[str, bool]) -> tuple[OtherLine, ...]:
    return (OtherLine(code),) if code and is_yes["is_delivered"] else ()


def authorization_facts(on: date, is_yes: dict[str, bool]) -> AuthorizationFacts:
    if not is_yes["is_authorized"]:
        return AuthorizationFacts(is_required=True)
    line = AuthorizedLine(
        code="77387",
        modifier="26",
        number="A1",
        valid_from=on,
        valid_through=on,
        units_approved=28,
    )
    return AuthorizationFacts(is_required=True, lines=(line,), holds_unit=True)
