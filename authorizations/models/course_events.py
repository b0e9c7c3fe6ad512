"""What people decided about a course: its first day moved, cancelled, held, ended, and why."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.database.constraints import one_of
from accounts.database.triggers import append_only
from accounts.models import User
from authorizations.models.courses import Course


class CourseVerb(models.TextChoices):
    """What was done with the course."""

    MOVED = "moved", "First treatment moved"


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
