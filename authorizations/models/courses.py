"""The courses of treatment that are planned for patients."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from accounts.database.constraints import one_of
from accounts.database.triggers import tracked
from accounts.models import Facility, Provider, User
from accounts.roles import Permission
from accounts.scoping import facilities_of
from authorizations.models.course_choices import (
    CANCEL_REASONS,
    END_REASONS,
    EndReason,
    Weekday,
    working_week,
)
from authorizations.models.patients import Patient
from authorizations.models.searchable import NumberToSearch, searched_by
from authorizations.models.triggers.cancelled_courses import never_cancelled_with_sessions
from authorizations.models.triggers.figure_counts import counts_by_course
from coding.rules.common import NEW_CODES_BEGIN
from coding.rules.facts import GUIDANCE
from coding.techniques import Technique as Technique
from payers.models.scopes import facility_type_of
from payers.policies.scope import Service


class CourseQuerySet(models.QuerySet):
    """Courses as people ask for them."""

    def for_user(self, user: User, permission: Permission, *others: Permission) -> Self:
        """Courses of the facilities where the person holds one of these permissions."""
        return self.filter(facility__in=facilities_of(user, permission, *others))

    def open_on(self, on: date) -> Self:
        """Courses that have begun by that day and have not ended before it."""
        return self.going_on(on).filter(first_fraction_on__lte=on)

    def going_on(self, on: date) -> Self:
        """Courses that were not cancelled and have not ended before that day, begun or not."""
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=on), is_cancelled=False)


@tracked
class Course(models.Model):
    """One planned series of treatments for a patient and site."""

    code = models.CharField(
        max_length=24, help_text="Number in record and verify, which counts for each patient anew."
    )
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="courses")
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="courses")
    physician = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="courses")
    diagnosis = models.CharField(max_length=8)
    body_site = models.CharField(max_length=60)
    technique = models.CharField(max_length=16, choices=Technique)
    delivery_code = models.CharField(max_length=5)
    guidance_modality = models.CharField(max_length=24)
    guidance_ordered_on = models.DateField(null=True, blank=True)
    fractions_planned = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Empty while the plan is not made."
    )
    fractions_per_day = models.PositiveSmallIntegerField(default=1)
    first_fraction_on = models.DateField(
        "first treatment on", null=True, blank=True, help_text="Empty while it has no day."
    )
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(choices=Weekday),
        default=working_week,
        help_text="On which days of the week it is treated.",
    )
    ended_on = models.DateField(
        null=True, blank=True, help_text="Its last day; of a cancelled course the day of that."
    )
    end_reason = models.CharField(max_length=16, choices=EndReason, blank=True)
    is_cancelled = models.BooleanField(
        default=False, db_default=False, help_text="Over before anything was treated."
    )
    has_motion_management = models.BooleanField(default=False)
    shift_tolerance_mm = models.DecimalField(
        "shift tolerance (mm)",
        max_digits=3,
        decimal_places=1,
        null=True,
        blank=True,
        help_text="As the physician ordered: a shift beyond it is marked. Empty: none is marked.",
    )
    registered_at = models.DateTimeField(auto_now_add=True)
    registered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = CourseQuerySet.as_manager()

    class Meta:
        ordering = ("-first_fraction_on", "code")
        triggers = (counts_by_course(), never_cancelled_with_sessions())
        constraints = (
            models.UniqueConstraint(
                fields=("patient", "code"),
                name="course_number_once_per_patient",
                violation_error_message="This patient already has a course with this number.",
            ),
            one_of("course_technique_known", "technique", Technique),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True)
                | Q(is_cancelled=True)
                | Q(first_fraction_on__isnull=False, ended_on__gte=F("first_fraction_on")),
                name="course_dates_in_order",
                violation_error_message="The last day is before the first.",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, end_reason="", is_cancelled=False)
                | Q(ended_on__isnull=False, is_cancelled=False, end_reason__in=END_REASONS)
                | Q(ended_on__isnull=False, is_cancelled=True, end_reason__in=CANCEL_REASONS),
                name="course_end_has_its_reason",
                violation_error_message="A course that is over has its day and its reason.",
            ),
            models.CheckConstraint(
                condition=Q(fractions_planned__isnull=True)
                | Q(fractions_planned__gte=1, fractions_planned__lte=60),
                name="course_fractions_plausible",
                violation_error_message="A course has between 1 and 60 fractions.",
            ),
            models.CheckConstraint(
                condition=Q(weekdays__len__gte=1, weekdays__contained_by=Weekday.values),
                name="course_weekdays_plausible",
                violation_error_message="A course is treated on at least one day of the week.",
            ),
            models.CheckConstraint(
                condition=Q(shift_tolerance_mm__isnull=True)
                | Q(shift_tolerance_mm__gt=0, shift_tolerance_mm__lte=50),
                name="course_shift_tolerance_plausible",
                violation_error_message="A tolerance is more than 0 and at most 50 mm.",
            ),
            models.CheckConstraint(
                condition=Q(fractions_per_day__in=(1, 2, 3)),
                name="course_fractions_per_day_plausible",
                violation_error_message="One, two or three fractions a day.",
            ),
            models.CheckConstraint(
                condition=Q(diagnosis__regex=r"^[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?$"),
                name="course_diagnosis_format",
                violation_error_message="An ICD-10-CM code, such as C61 or C50.411.",
            ),
        )
        indexes = (
            models.Index(fields=("code",), name="course_by_number"),
            searched_by("course_search", NumberToSearch("code")),
            models.Index(fields=("first_fraction_on",), name="course_begins"),
            models.Index(fields=("ended_on",), name="course_ended"),
        )

    @property
    def is_planned(self) -> bool:
        """Whether fractions and first day are known: before that nothing is treated or forecast."""
        return self.fractions_planned is not None and self.first_fraction_on is not None

    @property
    def start(self) -> date:
        """The first treatment of a course that is planned. Raises ValueError of any other."""
        if self.first_fraction_on is None:
            raise ValueError("The first treatment of this course has no day yet.")
        return self.first_fraction_on

    @property
    def fractions(self) -> int:
        """The fractions of a course that is planned. Raises ValueError of any other."""
        if self.fractions_planned is None:
            raise ValueError("How many fractions this course has is not known yet.")
        return self.fractions_planned

    def expected_on(self, today: date) -> date:
        """The first treatment; while it has no day, today, the first day it could have."""
        return self.first_fraction_on or today

    @property
    def weekdays_shown(self) -> str:
        """Mon, Wed, Fri; nothing of the usual five days."""
        if self.weekdays == working_week():
            return ""
        return ", ".join(str(Weekday(day).label) for day in sorted(self.weekdays))

    @property
    def fractions_shown(self) -> str:
        """How many fractions are planned, in words where nobody knows."""
        return "not known" if self.fractions_planned is None else str(self.fractions_planned)

    def clean(self) -> None:
        """What was treated had a plan: its fractions and first day stay known."""
        if self.pk and not self.is_planned and self.sessions.live().exists():
            raise ValidationError(
                "Treatments are recorded: the planned fractions and the first treatment have to be "
                "known."
            )

    def __str__(self) -> str:
        return f"{self.code} · {self.body_site}"

    def service_at(self, facility: Facility, code: str = "", component: str = "") -> Service:
        """A service of this course at a facility, as the policies of payers are asked about it."""
        return Service(
            code=code,
            component=component,
            state=facility.state.upper(),
            technique=self.technique,
            body_site=self.body_site,
            diagnosis=self.diagnosis,
            facility_type=facility_type_of(facility.place_of_service),
        )

    def guidance_on(self, on: date, facility: Facility | None = None) -> Service:
        """Guidance of this course on a day; before 2026 several codes were in use."""
        code = GUIDANCE if on >= NEW_CODES_BEGIN else ""
        return self.service_at(facility or self.facility, code)
