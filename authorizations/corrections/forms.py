"""The form of a correction: the record's values, why, and what somebody else changed meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.forms import modelform_factory
from django.utils import timezone

from accounts.models import Provider, ProviderRole, User
from accounts.row_history import changes_of
from authorizations.corrections.actions import as_words, field_label
from authorizations.corrections.records import Correctable
from authorizations.courses.forms import MRN, NAME
from authorizations.courses.member_ids import MemberIdField, check_member_id
from authorizations.courses.offered_fields import DiagnosisField
from authorizations.models import CorrectedRecord, PriorAuthorization
from authorizations.web.day_fields import BirthField, DayField
from coding.models import ProcedureCode
from coding.rules.modalities import MODALITIES
from payers.models import Plan

SALT = "authorizations.corrections.seen"
LABELS = {  # as at registration
    "code": "Course number",
    "first_fraction_on": "First treatment on",
    "has_motion_management": "With motion management (breath hold, gating, tracking)",
    "member_id": "Member ID",
    "died_on": "Died on",
    "effective_from": "Coverage since",
    "effective_through": "Coverage through",
}


class CorrectionForm(forms.ModelForm):  # type: ignore[type-arg]  # Django has none at run time
    """What the record should have said. What others changed meanwhile is shown, then saved over."""

    data: Any
    fields: Any

    reason = forms.CharField(
        max_length=200,
        label="What was wrong, and how you know",
        help_text="Such as: typed from the wrong card. It stands beside the correction.",
    )
    seen = forms.CharField(widget=forms.HiddenInput())

    def __init__(self, *args: Any, kind: Correctable, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kind, self.user = kind, user
        self.stored = {name: as_words(self.instance, name) for name in kind.fields}
        self.initial["seen"] = signing.dumps(self.stored, salt=SALT)
        LIMIT.get(kind.record, no_limits)(self)
        for name in set(LABELS) & set(self.fields):
            self.fields[name].label = LABELS[name]
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean_delivery_code(self) -> str:
        code: str = self.cleaned_data["delivery_code"].strip().upper()
        if not ProcedureCode.objects.filter(code=code).exists():
            raise ValidationError(f"Code {code} is not in our book.")
        return code

    def clean_seen(self) -> dict[str, str]:
        try:
            seen: dict[str, str] = signing.loads(self.cleaned_data["seen"], salt=SALT)
        except signing.BadSignature:
            raise ValidationError("Open this page again: it was not made by this site.") from None
        return seen

    def clean(self) -> dict[str, Any]:
        """Name what somebody else changed since the page was opened; a second save goes through."""
        values = super().clean() or {}
        seen = values.get("seen") or self.stored
        theirs = [name for name in self.kind.fields if seen.get(name) != self.stored[name]]
        if theirs and not self.errors:
            self.show_theirs(theirs, seen)
        return values

    def show_theirs(self, names: list[str], seen: dict[str, str]) -> None:
        """Say who changed what; keep what was typed, and take theirs where nothing was typed."""
        last = changes_of(self.instance)[:1]
        who = last[0].by if last else "Somebody"
        at = f" at {timezone.localtime(last[0].at):%H:%M}" if last else ""
        typed = {name: as_words(self.instance, name, self.cleaned_data[name]) for name in names}
        parts = [
            f"{field_label(self.kind, name)}: {seen[name]} became {self.stored[name]}"
            + (f", yours is {typed[name]}" if typed[name] != seen[name] else "")
            for name in names
        ]
        self.data = self.data.copy()
        self.data["seen"] = signing.dumps(self.stored, salt=SALT)
        for name in names:
            if typed[name] == seen[name]:
                self.data[name] = self.fields[name].prepare_value(self.initial[name])
        self.add_error(
            None,
            f"{who} changed this{at} while you had it open. {'; '.join(parts)}. Nothing is saved "
            "yet: look at it, and save again.",
        )

    def values(self) -> dict[str, Any]:
        """The values as they should be."""
        return {name: self.cleaned_data[name] for name in self.kind.fields}


class CourseCorrectionForm(CorrectionForm):
    """A course: its diagnosis is found by code or by words, as at registration."""

    diagnosis = DiagnosisField()


class CoverageCorrectionForm(CorrectionForm):
    """A coverage: its member ID as on the card, checked against the plan's pattern."""

    member_id = MemberIdField()

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        check_member_id(self)
        return values


def no_limits(form: CorrectionForm) -> None:
    """Nothing is chosen from a list that depends on the record."""


def limit_patient(form: CorrectionForm) -> None:
    form.fields["mrn"].validators.append(MRN)
    for name in ("last_name", "first_name"):
        form.fields[name].validators.append(NAME)


def limit_coverage(form: CorrectionForm) -> None:
    plans = Plan.objects.filter(is_active=True) | Plan.objects.filter(pk=form.instance.plan_id)
    form.fields["plan"].queryset = plans.order_by("code")


def limit_course(form: CorrectionForm) -> None:
    doctors = Provider.objects.filter(role=ProviderRole.RADIATION_ONCOLOGIST, is_active=True)
    form.fields["physician"].queryset = doctors
    form.fields["guidance_modality"] = forms.ChoiceField(
        choices=[(name, modality.label) for name, modality in MODALITIES.items()]
    )


def limit_document(form: CorrectionForm) -> None:
    """To a request of the same patient: a letter of another patient is taken down, not moved."""
    patient = form.instance.authorization.course.patient_id
    rows = PriorAuthorization.objects.filter(course__patient=patient)
    form.fields["authorization"].queryset = rows
    form.fields["authorization"].label = "Belongs to the request"


LIMIT: dict[str, Callable[[CorrectionForm], None]] = {
    CorrectedRecord.PATIENT: limit_patient,
    CorrectedRecord.COVERAGE: limit_coverage,
    CorrectedRecord.COURSE: limit_course,
    CorrectedRecord.DOCUMENT: limit_document,
}


FORMS: dict[str, type[CorrectionForm]] = {
    CorrectedRecord.COURSE: CourseCorrectionForm,
    CorrectedRecord.COVERAGE: CoverageCorrectionForm,
}


def correction_form(kind: Correctable, *args: Any, **options: Any) -> CorrectionForm:
    """The form of one kind of record."""
    base = FORMS.get(kind.record, CorrectionForm)
    days: dict[str, Any] = {
        field.name: BirthField if field.name == "date_of_birth" else DayField
        for field in kind.model._meta.concrete_fields
        if field.name in kind.fields and field.get_internal_type() == "DateField"
    }
    made: Any = modelform_factory(kind.model, form=base, fields=kind.fields, field_classes=days)
    form: CorrectionForm = made(*args, kind=kind, **options)
    return form
