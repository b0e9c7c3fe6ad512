"""What a payer asks for, and what was sent of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from authorizations.models import AskedItem, Channel
from authorizations.prior_authorizations.forms import Submission, bare_helper
from authorizations.web.day_fields import DayField, MomentField


class PendForm(forms.Form):
    """The payer's list, in its own words or from what it usually wants, and the day it names."""

    fields: Any

    usual = forms.MultipleChoiceField(
        label="It asks for", required=False, widget=forms.CheckboxSelectMultiple
    )
    others = forms.CharField(
        label="And for",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One thing on each line.",
    )
    due_on = DayField(
        label="To be sent by",
        required=False,
        help_text="As the payer says. Empty where it names no day.",
    )
    reason = forms.CharField(
        label="The payer's own words", required=False, max_length=200, help_text="If they help."
    )

    def __init__(self, *args: Any, usual: Sequence[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["usual"].choices = [(what, what) for what in usual]
        if not usual:
            del self.fields["usual"]
            self.fields["others"].label = "It asks for"
        self.helper = bare_helper()

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        if "others" in values and not self.items():
            raise ValidationError("Name at least one thing that the payer asks for.")
        return values

    def items(self) -> list[str]:
        """Each thing asked for."""
        lines = self.cleaned_data.get("others", "").splitlines()
        return [*self.cleaned_data.get("usual", []), *lines]


class SentForm(forms.Form):
    """What was sent, how, when, and what confirms it."""

    fields: Any

    items = forms.ModelMultipleChoiceField(
        AskedItem.objects.none(), label="Sent", widget=forms.CheckboxSelectMultiple
    )
    channel = forms.ChoiceField(label="By", choices=Channel.choices, initial=Channel.FAX)
    confirmation = forms.CharField(label="Confirmation number", max_length=40, required=False)
    received_on = MomentField(label="Sent at", help_text="By the facility's time.")
    clean_received_on = Submission.clean_received_on

    def __init__(self, *args: Any, items: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["items"].queryset = items
        self.initial["items"] = list(items)
        self.helper = bare_helper()
