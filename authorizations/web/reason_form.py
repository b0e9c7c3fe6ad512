"""Why: the reason that a verb asks for."""

from __future__ import annotations

from django import forms


class Reason(forms.Form):
    """Why. Kept with the name of who says so."""

    reason = forms.CharField(max_length=200, error_messages={"required": "Give the reason."})


class OptionalReason(forms.Form):
    """A reason where the rulebook asks for one."""

    reason = forms.CharField(max_length=200, required=False)
