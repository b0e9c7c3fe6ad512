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
from accounts.scoping import facilities_of
from authorizations.actions.replacing import codes_only_in
from authorizations.forms.courses import delivery_choices
from authorizations.forms.widgets import DateInput, MomentInput, SuggestInput
from authorizations.models import (
    LINE_IN_FORCE,
    AuthorizedService,
    Channel,
    Course,
    Evidence,
    LineDecision,
    PriorAuthorization,
    RequestType,
    Urgency,
)
from coding.models import Modifier, ProcedureCode
from payers.models import Plan


def bare_helper() -> FormHelper:
    """Fields only: the page writes the form's tag and buttons."""
    helper = FormHelper()
    helper.form_tag = False
    return helper


def request_code_choices() -> list[tuple[str, str]]:
    guidance = ProcedureCode.objects.filter(kind=ProcedureCode.Kind.GUIDANCE)
    return [(g.code, g.short_description) for g in guidance] + delivery_choices()


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
        self.fields["facility"].queryset = facilities_of(user)
        self.fields["facility"].initial = course.facility_id
        self.fields["supersedes"].queryset = course.authorizations.all()
        self.helper = bare_helper()

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        if values.get("urgency") == Urgency.EXPEDITED and not values.get("urgency_reason"):
            self.add_error("urgency_reason", "Say why the request is expedited.")
        return values


class Submission(forms.Form):
    """The request has gone out."""

    channel = forms.ChoiceField(choices=Channel.choices)
    received_on = forms.DateTimeField(
        label="Received by the payer",
        widget=MomentInput(),
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


class Decision(forms.Form):
    """The head of the payer's letter."""

    number = forms.CharField(
        label="Authorization number",
        max_length=30,
        required=False,
        help_text="Top of the approval letter. A denial may have none.",
    )
    decided_on = forms.DateField(widget=DateInput(), help_text="The date of the letter.")
    evidence = forms.ChoiceField(
        choices=[choice for choice in Evidence.choices if choice[0] != Evidence.NONE],
        help_text="Known by telephone only? It feeds no claim until a letter or proof is here.",
    )
    reason = forms.CharField(
        label="Reason",
        max_length=200,
        required=False,
        help_text="For a denial or a question: the payer's own words.",
    )
    keeps_both = forms.BooleanField(required=False)

    def __init__(self, *args: Any, authorization: PriorAuthorization, **options: Any) -> None:
        super().__init__(*args, **options)
        self.authorization = authorization
        self.helper = bare_helper()
        followed = authorization.supersedes
        if followed is None or not authorization.replaces_what_it_follows:
            del self.fields["keeps_both"]
            return
        keeps = self.fields["keeps_both"]
        keeps.label = f"The payer left {followed} in force as well: keep both"
        keeps.initial = bool(only_there := codes_only_in(followed, authorization))
        keeps.help_text = (
            f"Otherwise {followed} is replaced from the first day of this approval on. "
        ) + (f"Only {followed} has {', '.join(only_there)}." if only_there else "")

    def clean_number(self) -> str:
        number = self.cleaned_data["number"].strip()
        rows = PriorAuthorization.objects.filter(plan=self.authorization.plan_id, number=number)
        if number and rows.exclude(pk=self.authorization.pk).exists():
            raise ValidationError("Another request of this plan has this number: check the letter.")
        return number

    def clean_decided_on(self) -> Any:
        day = self.cleaned_data["decided_on"]
        if day > timezone.localdate():
            raise ValidationError("A letter is not dated in the future.")
        received = self.authorization.received_on
        if received and day < received.astimezone(self.authorization.facility.tz).date():
            raise ValidationError("The letter is dated before the payer had the request.")
        return day


class CorrectedDecision(Decision):
    """The head of a letter that was typed in wrongly, and what went wrong."""

    why = forms.CharField(
        label="What was typed wrongly",
        max_length=400,
        help_text="It stays in the history beside what was typed before.",
    )


class LineDecisionForm(forms.Form):
    """The payer's answer for one line."""

    decision = forms.ChoiceField(
        choices=[choice for choice in LineDecision.choices if choice[0] != LineDecision.REQUESTED]
    )
    units_approved = forms.IntegerField(
        min_value=1,
        max_value=400,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "brief"}),
    )
    valid_from = forms.DateField(required=False, widget=DateInput())
    valid_through = forms.DateField(required=False, widget=DateInput())
    reason = forms.CharField(max_length=200, required=False)

    def __init__(
        self,
        *args: Any,
        line: AuthorizedService,
        held: list[tuple[int, date]] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(*args, prefix=f"line-{line.pk}", **options)
        self.line, self.held = line, held or []

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        start, end = values.get("valid_from"), values.get("valid_through")
        if start and end and end < start:
            self.add_error("valid_through", "The last day is before the first.")
        if values.get("decision") in LINE_IN_FORCE:
            for name in ("units_approved", "valid_from", "valid_through"):
                if not values.get(name) and name not in self.errors:
                    self.add_error(name, "An approved line has units and both dates of the letter.")
        if not self.errors:
            is_granted = values.get("decision") in LINE_IN_FORCE
            units = values["units_approved"] if is_granted else 0
            refusal = self.line.why_released_units_forbid(self.held, units, start, end)
            if refusal:
                self.add_error("units_approved" if is_granted else "decision", refusal)
        return values


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
    next_touch_on = forms.DateField(label="Look again on", required=False, widget=DateInput())

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.helper = bare_helper()
