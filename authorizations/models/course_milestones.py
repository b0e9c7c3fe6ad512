"""The dated steps of a course around its treatment, from referral to follow-up."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from accounts.database.constraints import one_of, paired
from accounts.database.triggers import tracked
from accounts.models import User
from authorizations.models.courses import Course


class MilestoneKind(models.TextChoices):
    """A step with a day of its own; the treatments have theirs in the sessions."""

    REFERRAL = "referral", "Referral received"
    CONSULT = "consult", "Consult"
    SIMULATION = "simulation", "Simulation"
    PLAN = "plan", "Plan approved"
    FOLLOW_UP = "follow_up", "Follow-up"


class CourseMilestoneQuerySet(models.QuerySet["CourseMilestone"]):
    """Questions about what holds now."""

    def live(self) -> Self:
        """Those that nobody replaced or took back."""
        return self.filter(withdrawn_at__isnull=True)


@tracked
class CourseMilestone(models.Model):
    """One step and its day, past or planned. A new day replaces it; the old row stays."""

    Kind = MilestoneKind

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="milestones")
    kind = models.CharField(max_length=12, choices=MilestoneKind)
    on = models.DateField()
    recorded_at = models.DateTimeField(auto_now_add=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = CourseMilestoneQuerySet.as_manager()

    class Meta:
        ordering = ("on", "id")
        constraints = (
            one_of("course_milestone_kind_known", "kind", MilestoneKind),
            paired("course_milestone_withdrawn_pair", "withdrawn_at", "withdrawn_by"),
            models.UniqueConstraint(
                fields=("course", "kind"),
                condition=Q(withdrawn_at__isnull=True),
                name="course_milestone_once",
                violation_error_message="This step has a day already: change that one.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on {self.on:%Y-%m-%d}"
