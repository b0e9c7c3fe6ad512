"""What is asked for many cases at once: to whom, until when, what was said."""

from __future__ import annotations

from typing import Any, cast

from django import forms

from accounts.models import User
from authorizations.day_list.lists import colleagues_of
from authorizations.prior_authorizations.forms import ContactForm, bare_helper
from authorizations.web.day_fields import DayField
from authorizations.web.widgets import DateInput


class FormForTicked(forms.Form):
    """A form for the cases that are ticked: fields only, the page writes the rest."""

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user, self.helper = user, bare_helper()


class AssignMany(FormForTicked):
    """Who answers for them."""

    to = forms.ModelChoiceField(
        label="Assign to", queryset=User.objects.none(), required=False, empty_label="Unassigned"
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = cast("forms.ModelChoiceField[User]", self.fields["to"])
        field.queryset, field.initial = colleagues_of(self.user), self.user.pk


class DeferMany(FormForTicked):
    """Until when they leave the list, and why."""

    until = DayField(label="Until", widget=DateInput({"autofocus": True}))
    reason = forms.CharField(
        label="Why", max_length=200, help_text="Colleagues see it beside the case."
    )


class FollowUpMany(FormForTicked):
    """The day to look after them, and what for."""

    on = DayField(label="Follow-up", widget=DateInput({"autofocus": True}))
    reason = forms.CharField(label="What for", max_length=200, required=False)


class NoteMany(FormForTicked):
    """A note for colleagues."""

    text = forms.CharField(
        label="Note",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3, "autofocus": True}),
        help_text="It stands under “What happened” and in the list, with your name.",
    )


class CallMany(ContactForm):
    """One call or message about all of them."""

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["summary"].widget.attrs["autofocus"] = True
        self.fields["summary"].help_text = "Each request gets its own entry with these words."
