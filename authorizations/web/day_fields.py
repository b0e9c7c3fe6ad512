"""Fields for a day and for a moment, typed or pasted as people write them, shown back in words."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.readers import Unreadable
from accounts.typed_days import read_typed_day, read_typed_moment
from authorizations.web.widgets import BirthInput, DateInput, MomentInput

MISREAD = "invalid"


class DayField(forms.DateField):
    """A day: 11/27/2026, 27 Nov, t+7 and other spellings. As of one sheet of paper, no time."""

    widget = DateInput
    is_birth = False

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        try:
            return read_typed_day(str(value), timezone.localdate(), is_birth=self.is_birth)
        except Unreadable as error:
            raise ValidationError(str(error), code=MISREAD) from error


class BirthField(DayField):
    """A date of birth: two digits of a year are in the past; the age is shown back."""

    widget = BirthInput
    is_birth = True


class MomentField(forms.DateTimeField):
    """A day and a time by the facility's clock: t 14:30, 11/27 2:30 pm, 2026-11-27T14:30."""

    widget = MomentInput

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        if isinstance(value, str):
            value = typed_moment(value)
        moment: datetime | None = super().to_python(value)
        return moment


def typed_moment(text: str) -> datetime:
    """What was typed; an offset is kept where one is given. Raises ValidationError."""
    try:
        written = parse_datetime(text.strip())
        return written or read_typed_moment(text, timezone.localdate())
    except Unreadable as error:
        raise ValidationError(str(error), code=MISREAD) from error
    except ValueError as error:
        raise ValidationError("This is not a moment of the calendar.", code=MISREAD) from error
