"""The forms of a patient's page."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from authorizations.courses.member_ids import MemberIdField, check_member_id
from authorizations.courses.offered_fields import PlanField
from authorizations.models import Coverage, PatientContact
from authorizations.web.day_fields import DayField
from authorizations.web.widgets import UNDRAFTED


class AddedCoverage(forms.ModelForm):  # type: ignore[type-arg]  # Django has none at run time
    """A coverage beside those that are there."""

    plan = PlanField()
    member_id = MemberIdField()

    class Meta:
        model = Coverage
        fields = (
            *("rank", "plan", "member_id", "group_number", "relationship", "subscriber"),
            *("effective_from", "effective_through"),
        )
        labels = {
            "rank": "Order of payment",
            "relationship": "The patient is the subscriber’s",
            "effective_from": "Coverage since",
            "effective_through": "Coverage through",
        }
        widgets = {
            "group_number": forms.TextInput(UNDRAFTED),
            "subscriber": forms.TextInput(UNDRAFTED),
        }
        field_classes = {"effective_from": DayField, "effective_through": DayField}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        check_member_id(self)
        return values


class PersonToCall(forms.ModelForm):  # type: ignore[type-arg]  # Django has none at run time
    """Somebody to phone about the patient."""

    class Meta:
        model = PatientContact
        fields = ("name", "role", "phone", "npi", "may_hear", "is_called_first")
        widgets = {
            "name": forms.TextInput(UNDRAFTED),
            "phone": forms.TextInput(UNDRAFTED),
            "may_hear": forms.TextInput(UNDRAFTED),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.helper = FormHelper()
        self.helper.form_tag = False
