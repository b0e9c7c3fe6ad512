"""Asking a payer and writing down the answer, in the order of the payer's own letter."""

from __future__ import annotations

from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.utils import timezone

from accounts.models import Facility, User
from accounts.roles import Permission
from accounts.scoping import facilities_of
from authorizations.courses.offered_fields import procedure_choices
from authorizations.models import (
    Channel,
    Course,
    PriorAuthorization,
    RequestType,
    Urgency,
    joined_on,
)
from authorizations.web.day_fields import DayField, MomentField
from authorizations.web.widgets import SuggestInput
from coding.models import Modifier, ProcedureCode
from payers.models import Plan


def bare_helper() -> FormHelper:
    """Fields only: the page writes the form's tag and buttons."""
    helper = FormHelper()
    helper.form_tag = False
    return helper


ASKED_FOR = (
    *(ProcedureCode.Kind.GUIDANCE, ProcedureCode.Kind.DELIVERY, ProcedureCode.Kind.PLANNING),
    *(ProcedureCode.Kind.MANAGEMENT, ProcedureCode.Kind.VERIFICATION),
)


def request_code_choices() -> list[tuple[str, str]]:
    """What a request asks for: guidance, delivery, and what comes before and beside them."""
    return procedure_choices(*ASKED_FOR)


class LineRequest(forms.Form):
    """One code and its units as asked for; with all three empty, none."""

    code = forms.CharField(max_length=5, widget=SuggestInput(request_code_choices))
    modifier = forms.CharField(
        max_length=2, required=False, widget=forms.TextInput(attrs={"class": "brief"})
    )
    units_requested = forms.IntegerField(
        min_value=1,
        max_value=200,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "brief"}),
    )

    def has_changed(self) -> bool:
        """Whether something stands in the line: what was filled in beforehand may be emptied."""
        return any(self[name].value() for name in self.fields)

    def clean_code(self) -> str:
        code = self.cleaned_data["code"].strip().upper()
        if not ProcedureCode.objects.filter(code=code).exists():
            raise ValidationError(f"Code {code} is not in our book.")
        return code

    def clean_modifier(self) -> str:
        modifier = self.cleaned_data["modifier"].strip().upper()
        if modifier and not Modifier.objects.filter(code=modifier).exists():
            raise ValidationError(f"Modifier {modifier} is not in our book.")
        return modifier


class Lines(BaseFormSet):
    """The lines of a request: at least one, each code and modifier once; empty ones are out."""

    def _construct_form(self, number: int, **options: Any) -> forms.Form:
        return super()._construct_form(number, **{"empty_permitted": True, **options})

    def clean(self) -> None:
        if any(self.errors):
            return
        given = [form.cleaned_data for form in self.forms if form.cleaned_data.get("code")]
        if not given:
            raise ValidationError("A request has at least one line: a code and its units.")
        keys = [(line["code"], line["modifier"]) for line in given]
        if len(set(keys)) < len(keys):
            raise ValidationError("The same code and modifier stands twice: add up its units.")

    def lines(self) -> list[dict[str, Any]]:
        return [form.cleaned_data for form in self.forms if form.cleaned_data.get("code")]


RequestLines = formset_factory(LineRequest, formset=Lines, extra=2, max_num=10, validate_max=True)


def usual_lines(course: Course) -> list[dict[str, Any]]:
    """Delivery and the physician's part of guidance, one unit for each fraction."""
    units = course.fractions_planned
    return [
        {"code": course.delivery_code, "modifier": "", "units_requested": units},
        {"code": "77387", "modifier": "26", "units_requested": units},
    ]


class NewRequest(forms.Form):
    """Whom we ask, for which place, how urgently."""

    plan = forms.ModelChoiceField(
        Plan.objects.none(), empty_label=None, help_text="From the patient's coverages."
    )
    facility = forms.ModelChoiceField(
        Facility.objects.none(), empty_label=None, help_text="The place the payer is told."
    )
    request_type = forms.ChoiceField(choices=RequestType.choices)
    supersedes = forms.ModelChoiceField(
        PriorAuthorization.objects.none(),
        required=False,
        label="Follows",
        empty_label="No earlier request",
    )
    urgency = forms.ChoiceField(choices=Urgency.choices)
    urgency_reason = forms.CharField(
        max_length=200, required=False, help_text="Needed for an expedited request: payers ask why."
    )
    note = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}))
    is_second_on_purpose = forms.BooleanField(
        required=False,
        label="There is a request for the same code already, and this one is on purpose",
    )

    def __init__(self, *args: Any, course: Course, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        plans = Plan.objects.filter(coverages__patient=course.patient_id).distinct()
        self.fields["plan"].queryset = plans.select_related("payer")
        self.fields["facility"].queryset = facilities_of(user, Permission.LOG_AUTHORIZATIONS)
        self.course = course
        self.fields["facility"].initial = course.facility_id
        self.fields["supersedes"].queryset = course.authorizations.all()
        self.helper = bare_helper()

    def offered_plans(self) -> list[tuple[Plan, date]]:
        """The plans of the patient's coverages, each with the day on which it was joined last."""
        rows = self.course.patient.coverages.select_related("plan__payer")
        coverages = list(rows.order_by("effective_from"))
        latest = {coverage.plan: coverage.effective_from for coverage in coverages}
        return [(plan, joined_on(plan, day, coverages)) for plan, day in latest.items()]

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        if values.get("urgency") == Urgency.EXPEDITED and not values.get("urgency_reason"):
            self.add_error("urgency_reason", "Say why the request is expedited.")
        return values


class Submission(forms.Form):
    """The request has gone out."""

    channel = forms.ChoiceField(choices=Channel.choices)
    received_on = MomentField(
        label="Received by the payer",
        help_text="The payer's clock starts here. By the facility's time.",
    )
    reference = forms.CharField(
        label="Case reference", max_length=40, required=False, help_text="The payer's case number."
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.helper = bare_helper()

    def clean_received_on(self) -> Any:
        moment = self.cleaned_data["received_on"]
        if moment > timezone.now():
            raise ValidationError("This moment is still to come.")
        return moment


class ContactForm(forms.Form):
    """A call or message, logged in seconds."""

    channel = forms.ChoiceField(choices=Channel.choices, initial=Channel.PHONE)
    person = forms.CharField(label="Spoke with", max_length=80, required=False)
    reference = forms.CharField(label="Call reference", max_length=40, required=False)
    summary = forms.CharField(
        label="What was said or promised",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    next_touch_on = DayField(label="Follow-up", required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.helper = bare_helper()
