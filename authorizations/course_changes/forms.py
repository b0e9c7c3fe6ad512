"""The forms of changes of a course: the day, why, and the course as it was shown."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from authorizations.course_changes.holds import running_hold
from authorizations.models import (
    CANCEL_REASONS,
    END_REASONS,
    Course,
    EndReason,
    HoldReason,
    MilestoneKind,
)
from authorizations.prior_authorizations.coverage_changes import version_of
from authorizations.web.day_fields import DayField


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

    first_fraction_on = DayField(label="First treatment on")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial["first_fraction_on"] = self.course.first_fraction_on
        self.fields["reason"].help_text = "Such as: the plan was not ready, the machine was down."


class CancelForm(CourseChangeForm):
    """The course never begins."""

    end_reason = forms.ChoiceField(
        label="Reason", choices=[("", "Choose"), *((r, EndReason(r).label) for r in CANCEL_REASONS)]
    )


class EndForm(CourseChangeForm):
    """The course is over, early or as planned."""

    ended_on = DayField(label="Last day of the course")
    end_reason = forms.ChoiceField(
        label="Reason", choices=[("", "Choose"), *((r, EndReason(r).label) for r in END_REASONS)]
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        last = self.course.sessions.live().order_by("started_at").last()
        given = last.date_of_service if last else None
        self.initial["ended_on"] = self.course.ended_on or given
        self.initial["end_reason"] = self.course.end_reason
        self.fields["reason"].label = "Note"
        self.fields["reason"].help_text = "Such as who decided or reported it, and when."


class MilestonesForm(forms.Form):
    """The days of a course's steps; an empty one has no day."""

    def __init__(self, *args: Any, course: Course, **options: Any) -> None:
        super().__init__(*args, **options)
        known = {row.kind: row.on for row in course.milestones.live()}
        for kind in MilestoneKind:
            self.fields[kind.value] = DayField(
                label=kind.label, required=False, initial=known.get(kind)
            )
        self.helper = FormHelper()
        self.helper.form_tag = False


class CourseHoldForm(CourseChangeForm):
    """Treatment pauses; of a course on hold, its days and reason."""

    held_from = DayField(label="First day without treatment")
    expected_on = DayField(
        label="Expected to go on on",
        required=False,
        help_text="Empty while nobody knows: the fractions to come then have no day.",
    )
    hold_reason = forms.ChoiceField(label="Reason", choices=[("", "Choose"), *HoldReason.choices])

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        hold = running_hold(self.course)
        if hold:
            self.initial.update(
                held_from=hold.held_from, expected_on=hold.expected_on, hold_reason=hold.reason
            )
        self.fields["reason"].label = "Note"


class ResumeForm(CourseChangeForm):
    """Treatment goes on."""

    resumed_on = DayField(label="First treatment again on")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        hold = running_hold(self.course)
        if hold:
            self.initial["resumed_on"] = hold.expected_on
        self.fields["reason"].label = "Note"
