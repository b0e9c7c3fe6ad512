"""Registering a patient, the coverage and the course in one form."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils import timezone

from accounts.models import Facility, Provider, ProviderRole, User
from accounts.roles import Permission
from accounts.scoping import facilities_of
from authorizations.courses.member_ids import MemberIdField, check_member_id
from authorizations.courses.offered_fields import DiagnosisField, PlanField, delivery_choices
from authorizations.courses.registration import FURTHEST_START, may_be_linked
from authorizations.exchange.row_reader import NOT_FOUND_HERE
from authorizations.models import Course, Coverage, Patient, Sex, Technique
from authorizations.web.day_fields import BirthField, DayField
from authorizations.web.widgets import UNDRAFTED, BirthInput, SuggestInput
from coding.models import CodeEdition
from coding.rules.modalities import MODALITIES

OLDEST_PATIENT = timedelta(days=366 * 120)
MRN = RegexValidator(r"^[0-9A-Za-z][0-9A-Za-z-]{1,19}$", "Letters, digits and hyphens only.")
NAME = RegexValidator(
    r"^[^\W\d_][^<>=+@\x00-\x1f]*$", "A name begins with a letter and has no =, +, @, < or >."
)


class NewCourse(forms.Form):
    """A patient (found by MRN or new), who pays, and what is planned."""

    mrn = forms.CharField(
        label="MRN",
        max_length=20,
        validators=[MRN],
        widget=forms.TextInput({**UNDRAFTED, "autofocus": True}),
    )
    last_name = forms.CharField(max_length=80, validators=[NAME], widget=forms.TextInput(UNDRAFTED))
    first_name = forms.CharField(
        max_length=80, validators=[NAME], widget=forms.TextInput(UNDRAFTED)
    )
    date_of_birth = BirthField(widget=BirthInput(attrs=UNDRAFTED))
    sex = forms.ChoiceField(choices=[("", "Choose"), *Sex.choices])

    plan = PlanField()
    member_id = MemberIdField()
    coverage_from = DayField(label="Coverage since")
    coverage_through = DayField(required=False, help_text="Empty while it goes on.")

    code = forms.CharField(
        label="Course number",
        max_length=24,
        validators=[RegexValidator(r"^[0-9A-Za-z-]+$", "Letters, digits and hyphens only.")],
        help_text="As in the record-and-verify system.",
    )
    facility = forms.ModelChoiceField(Facility.objects.none(), empty_label="Choose")
    physician = forms.ModelChoiceField(Provider.objects.none(), empty_label="Choose")
    diagnosis = DiagnosisField()
    body_site = forms.CharField(max_length=60, help_text="Such as prostate, left breast.")
    technique = forms.ChoiceField(choices=[("", "Choose"), *Technique.choices])
    delivery_code = forms.CharField(
        max_length=5,
        widget=SuggestInput(delivery_choices),
        help_text="The treatment delivery code, such as 77407.",
    )
    guidance_modality = forms.ChoiceField(
        choices=[("", "Choose"), *((name, m.label) for name, m in MODALITIES.items())]
    )
    guidance_ordered_on = DayField(
        required=False,
        help_text="The day the physician ordered image guidance.",
    )
    fractions_planned = forms.IntegerField(
        min_value=1, max_value=60, required=False, help_text="Empty while unknown.")  # fmt: skip
    fractions_per_day = forms.TypedChoiceField(
        choices=[(1, "Once a day"), (2, "Twice a day"), (3, "Three times a day")], coerce=int
    )
    first_fraction_on = DayField(
        label="First treatment on",
        required=False,
        help_text="Empty while it has no day.",
    )
    referred_on = DayField(label="Referral received on", required=False)
    has_motion_management = forms.BooleanField(
        required=False, label="With motion management (breath hold, gating, tracking)"
    )
    shift_tolerance_mm = forms.DecimalField(
        label="Shift tolerance (mm)",
        max_digits=3,
        decimal_places=1,
        min_value=Decimal("0.1"),
        max_value=50,
        required=False,
        help_text="As ordered. A shift beyond it is marked in image review.",
    )

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user
        self.fields["facility"].queryset = facilities_of(user, Permission.REGISTER).filter(
            is_active=True
        )
        self.fields["physician"].queryset = Provider.objects.filter(
            role=ProviderRole.RADIATION_ONCOLOGIST, is_active=True
        )
        self.helper = new_course_helper()

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        mrn = self.cleaned_data.get("mrn", "")
        taken = Course.objects.filter(code=code, patient__in=Patient.objects.of_mrn(mrn))
        if taken.for_user(self.user, Permission.READ_CASES).exists():
            raise ValidationError("This patient already has a course with this number.")
        if taken.exists():
            raise ValidationError(NOT_FOUND_HERE)
        return code

    def clean_date_of_birth(self) -> date:
        born, today = self.cleaned_data["date_of_birth"], timezone.localdate()
        if not today - OLDEST_PATIENT <= born <= today:
            raise ValidationError("A date of birth lies in the past, at most 120 years ago.")
        return born

    def clean_referred_on(self) -> date | None:
        day: date | None = self.cleaned_data["referred_on"]
        if day and not timedelta() <= timezone.localdate() - day <= FURTHEST_START:
            raise ValidationError("A referral was received in the last year, not later than today.")
        return day

    def clean_first_fraction_on(self) -> date | None:
        first: date | None = self.cleaned_data["first_fraction_on"]
        if first and abs(first - timezone.localdate()) > FURTHEST_START:
            raise ValidationError("The first treatment is more than a year away: check the year.")
        return first

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        self.check_patient(values)
        check_member_id(self)
        self.check_coverage(values)
        self.check_delivery(values)
        return values

    def check_patient(self, values: dict[str, Any]) -> None:
        """A known MRN is the same person, treated where this person registers; else one refusal."""
        known = Patient.objects.of_mrn(values.get("mrn", "")).first()
        is_typed = bool(values.get("last_name") and values.get("date_of_birth"))
        if known and is_typed and not may_be_linked(known, values, self.user):
            self.add_error("mrn", NOT_FOUND_HERE)

    def check_coverage(self, values: dict[str, Any]) -> None:
        start, end = values.get("coverage_from"), values.get("coverage_through")
        first = values.get("first_fraction_on")
        if start and end and end < start:
            self.add_error("coverage_through", "The coverage ends before it begins.")
        elif start and first and (first < start or (end and first > end)):
            self.add_error(
                "coverage_from", "This coverage does not hold on the first treatment day."
            )
        elif start and "mrn" in values and self.other_primary(values):
            self.add_error(
                "plan",
                "This patient has another primary coverage on these dates. End that one first.",
            )

    @staticmethod
    def other_primary(values: dict[str, Any]) -> bool:
        """Whether somebody else already pays first on some of these days."""
        patients = Patient.objects.of_mrn(values.get("mrn", ""))
        rows = Coverage.objects.filter(patient__in=patients, rank=Coverage.Rank.PRIMARY)
        rows = rows.exclude(plan=values.get("plan"), member_id=values.get("member_id", ""))
        start, end = values["coverage_from"], values.get("coverage_through") or date.max
        return any(
            row.effective_from <= end and (row.effective_through or date.max) >= start
            for row in rows
        )

    def check_delivery(self, values: dict[str, Any]) -> None:
        code, on = values.get("delivery_code"), values.get("first_fraction_on")
        if not code or "first_fraction_on" not in values:
            return
        on = on or timezone.localdate()
        edition = CodeEdition.objects.in_force(on).filter(code__code=code).first()
        if edition is None:
            self.add_error("delivery_code", f"Code {code} is not in our book.")
        elif edition.standing == CodeEdition.Standing.DELETED:
            instead = ", ".join(edition.replaced_by) or "see its code page"
            self.add_error(
                "delivery_code", f"{code} is deleted on {on:%-d %b %Y}. Since then: {instead}."
            )

    def patient(self) -> dict[str, Any]:
        return self.part("mrn", "last_name", "first_name", "date_of_birth", "sex")

    def coverage(self) -> dict[str, Any]:
        values = self.cleaned_data
        return {
            **self.part("plan", "member_id"),
            "effective_from": values["coverage_from"],
            "effective_through": values["coverage_through"],
        }

    def course(self) -> dict[str, Any]:
        names = (
            *("code", "facility", "physician", "diagnosis", "body_site", "technique"),
            *("delivery_code", "guidance_modality", "guidance_ordered_on", "fractions_planned"),
            *("fractions_per_day", "first_fraction_on", "has_motion_management"),
            "shift_tolerance_mm",
        )
        return self.part(*names)

    def part(self, *names: str) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in names}


def row(*names: str) -> Div:
    return Div(*(Div(name, css_class="form-cell") for name in names), css_class="form-row")


def new_course_helper() -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    helper.layout = Layout(
        Fieldset(
            "Patient",
            row("mrn", "date_of_birth", "sex"),
            row("last_name", "first_name"),
            css_class="form-part",
        ),
        Fieldset(
            "Coverage",
            row("plan", "member_id"),
            row("coverage_from", "coverage_through"),
            css_class="form-part",
        ),
        Fieldset(
            "Course",
            row("code", "facility", "physician"),
            row("diagnosis", "body_site", "technique"),
            row("delivery_code", "guidance_modality", "guidance_ordered_on"),
            row("referred_on", "first_fraction_on"),
            row("fractions_planned", "fractions_per_day", "shift_tolerance_mm"),
            "has_motion_management",
            css_class="form-part",
        ),
    )
    return helper
