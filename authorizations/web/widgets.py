"""Fields of the front desk: dates, moments, suggestions while typing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone

from accounts.readers import Unreadable
from accounts.typed_days import day_in_words, read_typed_day, read_typed_moment

# Of a patient: the browser keeps no draft of it (static/drafts.js); the server keeps what is sent.
UNDRAFTED = {"data-undrafted": ""}


class CalendarInput(forms.DateInput):
    """A day of a filter, by the browser's own calendar; in an address it is 2026-11-23."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class DateInput(forms.DateInput):
    """A day, typed or pasted as people write it; the page says how it was read."""

    input_type = "text"
    template_name = "widgets/day.html"
    kind = "day"
    shape = "%m/%d/%Y"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", **(attrs or {})}, format=self.shape)

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        text = context["widget"]["value"] or ""
        context["widget"]["attrs"] |= live_reading(name, self.kind)
        context["widget"] |= {"kind": self.kind, "read": words_of(text, self.kind)}
        return context


class BirthInput(DateInput):
    """A date of birth; the age is shown back."""

    kind = "birth"


class MomentInput(DateInput):
    """A day and time by the facility's clock."""

    kind = "moment"
    shape = "%m/%d/%Y %H:%M"


def live_reading(name: str, kind: str) -> dict[str, str]:
    """What makes a field say, while somebody types, how it is read."""
    return {
        "data-day": kind,
        "hx-post": reverse("day_words", args=[kind]),
        "hx-params": name,
        "hx-trigger": "input changed delay:250ms, change",
        "hx-target": "next [data-day-read]",
        "hx-swap": "textContent",
    }


def day_read(text: str, kind: str) -> str:
    """A typed day, date of birth or moment in words. Raises Unreadable."""
    today = timezone.localdate()
    if kind == "moment":
        moment = read_typed_moment(text, today)
        return f"{day_in_words(moment.date(), today)}, {moment:%H:%M}"
    is_birth = kind == "birth"
    day = read_typed_day(text, today, is_birth=is_birth)
    return day_in_words(day, today, is_birth=is_birth)


def words_of(text: str, kind: str) -> str:
    """A stored or sent day in words; nothing where it is not read: its error says so then."""
    try:
        return day_read(text, kind) if text else ""
    except Unreadable:
        return ""


class SuggestInput(forms.TextInput):
    """A text field with suggestions: from a short list, or from a page while somebody types.

    What was typed may fit several rows: those are offered as buttons, each sends the form with it.
    """

    offered: Sequence[tuple[str, str]] = ()  # a field puts them here: each form has its own copy
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
        context["widget"]["offered"] = self.offered
        return context
