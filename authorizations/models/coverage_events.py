"""What people changed in a patient's coverage, and why: a line on the page of each course."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q

from accounts.database.constraints import one_of
from accounts.database.triggers import append_only
from accounts.models import User
from authorizations.models.coverages import Coverage


class CoverageVerb(models.TextChoices):
    """What was done."""

    ADDED = "added", "added"
    REPLACED = "replaced", "replaced"
    ENDED = "ended", "ended"
    CORRECTED = "corrected", "corrected"


class CoverageEventQuerySet(models.QuerySet):
    """Questions about a day."""

    def of_day(self, on: Any, **of: Any) -> Self:
        """Changes of the coverage that pays on a day; the day and whose it is, in one join."""
        return self.filter(
            Q(coverage__effective_through__isnull=True) | Q(coverage__effective_through__gte=on),
            coverage__effective_from__lte=on,
            changed_from__lte=on,
            **of,
        )


class CoverageEvent(models.Model):
    """A coverage was added, replaced by another or ended: from which day, by whom, why."""

    Verb = CoverageVerb

    coverage = models.ForeignKey(Coverage, on_delete=models.PROTECT, related_name="events")
    verb = models.CharField(max_length=9, choices=Verb)
    changed_from = models.DateField(help_text="The first day that is paid otherwise than before.")
    reason = models.CharField(max_length=200)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = CoverageEventQuerySet.as_manager()

    class Meta:
        ordering = ("at", "id")
        triggers = (append_only("coverage_event_append_only"),)
        constraints = (
            one_of("coverage_event_verb_known", "verb", CoverageVerb),
            models.CheckConstraint(condition=~Q(reason=""), name="coverage_event_has_reason"),
        )

    def __str__(self) -> str:
        return f"coverage {self.verb} from {self.changed_from:%Y-%m-%d}"
