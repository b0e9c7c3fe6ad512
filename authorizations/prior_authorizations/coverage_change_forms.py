"""Changing who pays, how a course is treated, and where."""

from __future__ import annotations

from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator

from accounts.models import Facility, User
from accounts.roles import Permission
from accounts.scoping import facilities_of
from authorizations.courses.member_ids import MemberIdField, check_member_id
from authorizations.courses.offered_fields import PlanField, delivery_choices
from authorizations.models import Course, Technique, Weekday
from authorizations.prior_authorizations.coverage_changes import version_of
from authorizations.web.day_fields import DayField
from authorizations.web.widgets import SuggestInput
from coding.models import ProcedureCode

PLAUSIBLE = (MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2099, 12, 31)))


def bare() -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    return helper


class NewCoverage(forms.Form):
    """Another plan pays from a day on."""

    plan = PlanField()
    member_id = MemberIdField()
    starts_on = DayField(
        label="Pays from",
        validators=PLAUSIBLE,
        help_text="The coverage before ends the day before.",
    )
    reason = forms.CharField(
        max_length=200,
        help_text="Such as new employer, open enrollment. It stands on the page of each course.",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.helper = bare()

    def clean(self) -> dict[str, Any]:
        check_member_id(self)
        return self.cleaned_data


class CoverageEnd(forms.Form):
    """The coverage ended, perhaps long ago."""

    last_day = DayField(label="Last day of the coverage", validators=PLAUSIBLE)
    reason = forms.CharField(
        max_length=200,
        help_text="Such as who reported it, and how. It stands on the page of each course.",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.helper = bare()


class CourseChange(forms.Form):
    """A boost, a new plan, another place; and why."""

    fractions_planned = forms.IntegerField(
        min_value=1,
        max_value=60,
        required=False,
        help_text="Empty while the plan is not made.",
    )
    fractions_per_day = forms.TypedChoiceField(
        choices=[(1, "Once a day"), (2, "Twice a day"), (3, "Three times a day")], coerce=int
    )
    weekdays = forms.TypedMultipleChoiceField(
        choices=Weekday.choices,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        label="Treated on",
        help_text="Holidays and days on which the facility is closed are left out.",
    )
    delivery_code = forms.CharField(max_length=5, widget=SuggestInput(delivery_choices))
    technique = forms.ChoiceField(choices=Technique.choices)
    facility = forms.ModelChoiceField(Facility.objects.none(), empty_label=None)
    has_motion_management = forms.BooleanField(required=False, label="With motion management")
    version = forms.IntegerField(widget=forms.HiddenInput())
    reason = forms.CharField(max_length=200, help_text="Such as boost, re-plan, machine move.")

    def __init__(self, *args: Any, course: Course, user: User, **options: Any) -> None:
        own = ("reason", "facility", "version")
        names = [name for name in self.base_fields if name not in own]
        initial = {name: getattr(course, name) for name in names}
        initial |= {"facility": course.facility, "version": version_of(course)}
        super().__init__(*args, initial=initial, **options)
        self.course = course
        self.fields["facility"].queryset = facilities_of(user, Permission.REGISTER).filter(
            is_active=True
        )
        self.helper = bare()

    def clean_delivery_code(self) -> str:
        code = self.cleaned_data["delivery_code"].strip().upper()
        if not ProcedureCode.objects.filter(code=code).exists():
            raise ValidationError(f"Code {code} is not in our book.")
        return code
