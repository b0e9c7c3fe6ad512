"""Forms for a document of another patient: where it belongs, or why it is struck."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError

from accounts.models import User
from authorizations.corrections.documents import requests_named
from authorizations.models import PriorAuthorization


class WhyStruck(forms.Form):
    """Why a document is struck, or put back."""

    reason = forms.CharField(
        max_length=200,
        label="What was wrong, and how you know",
        help_text="Such as: letter of another patient, name on page 1. No name of a patient here.",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.helper = FormHelper()
        self.helper.form_tag = False


class WhereItBelongs(WhyStruck):
    """The request a document belongs to, found by its number; asked again before it is moved."""

    data: Any

    target = forms.CharField(
        max_length=60,
        label="Belongs to the authorization",
        help_text="Its number or case reference, or our request number, of whichever patient.",
    )
    confirmed = forms.IntegerField(required=False, widget=forms.HiddenInput())
    field_order = ("target", "reason", "confirmed")

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user

    def clean_target(self) -> PriorAuthorization:
        text = self.cleaned_data["target"]
        found = requests_named(text, self.user)
        if not found:
            raise ValidationError(
                "No request of this number where you log authorizations. Search for the patient, "
                "and take the number from the page of the authorization."
            )
        if len(found) > 1:
            ways = ", ".join(f"request {row.pk}" for row in found)
            raise ValidationError(f"Several requests have this number. Type one of: {ways}.")
        return found[0]

    def is_confirmed(self) -> bool:
        """Whether the person saw whose request it is before pressing again."""
        return bool(self.cleaned_data.get("confirmed") == self.cleaned_data["target"].pk)

    def ask(self) -> None:
        """Show the same form with the question answered by the next press."""
        self.data = self.data.copy()
        self.data["confirmed"] = self.cleaned_data["target"].pk
