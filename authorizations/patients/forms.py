"""The forms of a patient's page."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from authorizations.courses.forms import find_plan, plan_choices
from authorizations.models import Coverage, PatientContact
from authorizations.web.widgets import UNDRAFTED, DateInput, SuggestInput
from payers.models import Plan


class AddedCoverage(forms.ModelForm):  # type: ignore[type-arg]  # Django has none at run time
    """A coverage beside those that are there."""

    plan = forms.CharField(
        max_length=120,
        widget=SuggestInput(plan_choices),
        help_text="Type the plan's code or a word of its name.",
    )

    class Meta:
        model = Coverage
        fields = (
            *("rank", "plan", "member_id", "group_number", "relationship", "subscriber"),
            *("effective_from", "effective_through"),
        )
        labels = {
            "rank": "Order of payment",
            "member_id": "Member ID",
            "relationship": "The patient is the subscriber’s",
            "effective_from": "Coverage since",
            "effective_through": "Coverage through",
        }
        widgets = {
            "member_id": forms.TextInput(UNDRAFTED),
            "group_number": forms.TextInput(UNDRAFTED),
            "subscriber": forms.TextInput(UNDRAFTED),
            "effective_from": DateInput(),
            "effective_through": DateInput(),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean_plan(self) -> Plan:
        return find_plan(self.cleaned_data["plan"])


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
