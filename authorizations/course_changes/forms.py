"""The forms of changes of a course: the day, why, and the course as it was shown."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from authorizations.models import Course
from authorizations.prior_authorizations.coverage_changes import version_of
from authorizations.web.widgets import DateInput


class CourseChangeForm(forms.Form):
    """Why a course changes. A course that others changed meanwhile is shown, then saved over."""

    data: Any

    version = forms.IntegerField(widget=forms.HiddenInput())
    reason = forms.CharField(max_length=200, label="Why")

    def __init__(self, *args: Any, course: Course, **options: Any) -> None:
        super().__init__(*args, **options)
        self.course = course
        self.initial["version"] = version_of(course)
        self.order_fields([name for name in self.fields if name != "reason"])
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean(self) -> dict[str, Any]:
        """Show what the course is now where somebody changed it; a second save goes through."""
        values = super().clean() or {}
        if not self.errors and values["version"] != self.initial["version"]:
            self.data = self.data.copy()
            self.data["version"] = self.initial["version"]
            self.add_error(
                None,
                "Somebody changed this course while you had it open. Nothing is saved yet: look at "
                "it as it is now, above, and save again.",
            )
        return values


class FirstTreatmentForm(CourseChangeForm):
    """The course begins on another day."""

    first_fraction_on = forms.DateField(label="First treatment on", widget=DateInput())

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial["first_fraction_on"] = self.course.first_fraction_on
        self.fields["reason"].help_text = "Such as: the plan was not ready, the machine was down."
