"""Fields of the front desk: dates, moments, suggestions while typing."""

from __future__ import annotations

from typing import Any

from django import forms

# Of a patient: the browser keeps no draft of it (static/drafts.js); the server keeps what is sent.
UNDRAFTED = {"data-undrafted": ""}


class DateInput(forms.DateInput):
    """A date by the browser's own calendar; typed as 2026-11-23 where it has none."""

    input_type = "date"

    def __init__(self, **options: Any) -> None:
        super().__init__(format="%Y-%m-%d", **options)


class MomentInput(forms.DateTimeInput):
    """A day and time by the facility's clock."""

    input_type = "datetime-local"

    def __init__(self, **options: Any) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M", **options)


class SuggestInput(forms.TextInput):
    """A text field with suggestions: from a short list, or from a page while somebody types."""

    template_name = "widgets/suggest.html"

    def __init__(
        self, choices: Any = (), *, look_up: str = "", attrs: dict[str, Any] | None = None
    ) -> None:
        super().__init__({"autocomplete": "off", **(attrs or {})})
        self.choices, self.look_up = choices, look_up

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        choices = self.choices() if callable(self.choices) else self.choices
        list_id = f"{context['widget']['attrs'].get('id', name)}-list"
        context["widget"] |= {"suggestions": choices, "list_id": list_id, "look_up": self.look_up}
        return context
