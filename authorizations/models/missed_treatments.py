"""What was due and did not happen: a treatment missed, and why."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from accounts.database.constraints import one_of, paired
from accounts.database.triggers import tracked
from accounts.models import Facility, User
from accounts.roles import Permission
from accounts.scoping import facilities_of
from authorizations.models.courses import Course


class MissedReason(models.TextChoices):
    """Why nothing was imaged and nothing delivered."""

    NO_SHOW = "no_show", "No-show"
    MACHINE_DOWN = "machine_down", "Machine down"
    HELD = "held", "Held by physician"


class MissedTreatmentQuerySet(models.QuerySet):
    """Missed treatments as the floor asks for them."""

    def for_user(self, user: User, permission: Permission, *others: Permission) -> Self:
        return self.filter(facility__in=facilities_of(user, permission, *others))

    def live(self) -> Self:
        """Those that still stand: nobody took them back, no session was recorded after all."""
        return self.filter(withdrawn_at__isnull=True)


@tracked
class MissedTreatment(models.Model):
    """A fraction that was due on a day and was not given. The calendar moves on by one day."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="missed")
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="+")
    date_of_service = models.DateField("due on")
    session_of_day = models.PositiveSmallIntegerField(default=1)
    reason = models.CharField(max_length=12, choices=MissedReason)
    recorded_at = models.DateTimeField(auto_now_add=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = MissedTreatmentQuerySet.as_manager()

    class Meta:
        ordering = ("date_of_service", "session_of_day", "id")
        constraints = (
            one_of("missed_treatment_reason_known", "reason", MissedReason),
            paired("missed_treatment_withdrawn_pair", "withdrawn_at", "withdrawn_by"),
            models.UniqueConstraint(
                fields=("course", "date_of_service", "session_of_day"),
                condition=Q(withdrawn_at__isnull=True),
                name="missed_treatment_once",
                violation_error_message="This treatment is already noted as missed.",
            ),
        )
        indexes = (
            models.Index(fields=("facility", "date_of_service"), name="missed_treatment_by_day"),
        )

    def __str__(self) -> str:
        return f"{self.get_reason_display()} on {self.date_of_service:%Y-%m-%d}"
