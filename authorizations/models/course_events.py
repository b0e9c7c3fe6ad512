"""What people decided about a course: its first day moved, cancelled, held, ended, and why; and
the days on which it was on hold.
"""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from accounts.database.constraints import in_order, never_overlapping, one_of, paired
from accounts.database.triggers import append_only, tracked
from accounts.models import User
from authorizations.models.courses import Course


class CourseVerb(models.TextChoices):
    """What was done with the course."""

    MOVED = "moved", "First treatment moved"
    CANCELLED = "cancelled", "Course cancelled"
    ENDED = "ended", "Course ended"
    REOPENED = "reopened", "Course reopened"
    HELD = "held", "Course held"
    RESUMED = "resumed", "Treatment resumed"
    HOLD_WITHDRAWN = "unheld", "Hold taken back"


class CourseEvent(models.Model):
    """One decision about a course: what, from which day, by whom, why. Never changed itself."""

    Verb = CourseVerb

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="events")
    verb = models.CharField(max_length=12, choices=CourseVerb)
    on = models.DateField(help_text="The day from which it is so.")
    what = models.CharField(max_length=200, help_text="What changed, in words.")
    reason = models.CharField(max_length=200)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("at", "id")
        triggers = (append_only("course_event_append_only"),)
        constraints = (
            one_of("course_event_verb_known", "verb", CourseVerb),
            models.CheckConstraint(condition=~Q(reason=""), name="course_event_has_reason"),
        )

    def __str__(self) -> str:
        return f"{self.get_verb_display()} on {self.on:%Y-%m-%d}"


class HoldReason(models.TextChoices):
    """Why treatment pauses."""

    TOXICITY = "toxicity", "Toxicity"
    HOSPITAL = "hospital", "In hospital"
    PATIENT = "patient", "Patient's choice"
    NEW_PLAN = "new_plan", "New plan needed"
    PAYER = "payer", "Payer has not answered"
    MACHINE = "machine", "Machine"
    OTHER = "other", "Other"


class CourseHoldQuerySet(models.QuerySet["CourseHold"]):
    """Questions about a day."""

    def live(self) -> Self:
        """Those that nobody took back."""
        return self.filter(withdrawn_at__isnull=True)

    def running(self) -> Self:
        """Those after which treatment has not been resumed."""
        return self.live().filter(held_through__isnull=True)


@tracked
class CourseHold(models.Model):
    """Days on which a course was, or will be, not treated, and when it is expected to go on."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="holds")
    held_from = models.DateField(help_text="The first day without treatment.")
    held_through = models.DateField(
        null=True, blank=True, help_text="The last day of the hold; empty until it is resumed."
    )
    expected_on = models.DateField(
        null=True, blank=True, help_text="The day treatment is expected to go on; empty: not known."
    )
    reason = models.CharField(max_length=12, choices=HoldReason)
    recorded_at = models.DateTimeField(auto_now_add=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = CourseHoldQuerySet.as_manager()

    class Meta:
        ordering = ("held_from", "id")
        constraints = (
            one_of("course_hold_reason_known", "reason", HoldReason),
            in_order("course_hold_dates_in_order", "held_from", "held_through"),
            paired("course_hold_withdrawn_pair", "withdrawn_at", "withdrawn_by"),
            models.CheckConstraint(
                condition=Q(expected_on__isnull=True) | Q(expected_on__gt=models.F("held_from")),
                name="course_hold_expected_after_it_began",
                violation_error_message="Treatment goes on after the first day of the hold.",
            ),
            never_overlapping(
                "course_hold_never_overlaps",
                "course",
                start="held_from",
                end="held_through",
                condition=Q(withdrawn_at__isnull=True),
                message="The course is on hold on some of these days already.",
            ),
        )

    def __str__(self) -> str:
        return f"hold from {self.held_from:%Y-%m-%d}"
