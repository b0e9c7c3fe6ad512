"""The lines of an authorization: codes with their units, dates and decisions."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from accounts.constraints import in_order, one_of
from accounts.history import tracked
from authorizations.models.authorization import PriorAuthorization
from authorizations.models.first_answer import keeps_first_line
from authorizations.models.stale import counts_by_line


class LineDecision(models.TextChoices):
    """The payer's answer for one line."""

    REQUESTED = "requested", "Requested"
    PENDED = "pended", "Pended"
    APPROVED = "approved", "Approved"
    REDUCED = "reduced", "Approved with changes"
    DENIED = "denied", "Denied"


LINE_IN_FORCE = (LineDecision.APPROVED, LineDecision.REDUCED)


@tracked
class AuthorizedService(models.Model):
    """One code and its units within an authorization, with its own decision and dates."""

    authorization = models.ForeignKey(
        PriorAuthorization, on_delete=models.PROTECT, related_name="lines"
    )
    code = models.CharField(max_length=5)
    modifier = models.CharField(max_length=2, blank=True)
    units_requested = models.PositiveIntegerField()
    units_approved = models.PositiveIntegerField(null=True, blank=True)
    units_used = models.PositiveIntegerField(default=0)
    valid_from = models.DateField(null=True, blank=True)
    valid_through = models.DateField(null=True, blank=True)
    decision = models.CharField(max_length=10, choices=LineDecision, default=LineDecision.REQUESTED)
    reason = models.CharField(max_length=200, blank=True)
    first_decision = models.CharField(
        max_length=10,
        blank=True,
        editable=False,
        help_text="Kept by the database: what the first answer said, whatever came of it later.",
    )
    first_units = models.PositiveIntegerField(null=True, blank=True, editable=False)
    first_reason = models.CharField(max_length=200, blank=True, editable=False)

    class Meta:
        ordering = ("authorization", "id")
        triggers = (keeps_first_line(), counts_by_line())
        constraints = (
            one_of("authorized_service_decision_known", "decision", LineDecision),
            in_order(
                "authorized_service_dates_in_order",
                "valid_from",
                "valid_through",
                start_may_be_empty=True,
            ),
            models.UniqueConstraint(
                fields=("authorization", "code", "modifier"),
                name="authorized_service_once",
                violation_error_message="This code and modifier is already a line of the request.",
            ),
            models.CheckConstraint(
                condition=Q(units_requested__gt=0),
                name="authorized_service_requests_units",
                violation_error_message="Ask for at least one unit.",
            ),
            models.CheckConstraint(
                condition=Q(units_approved__isnull=True) | Q(units_approved__gt=0),
                name="authorized_service_approves_units",
                violation_error_message="An approved line has at least one unit.",
            ),
            models.CheckConstraint(
                condition=Q(units_used__lte=Coalesce(F("units_approved"), 0)),
                name="authorized_service_used_within_approved",
            ),
            models.CheckConstraint(
                condition=~Q(decision__in=LINE_IN_FORCE)
                | Q(
                    units_approved__isnull=False,
                    valid_from__isnull=False,
                    valid_through__isnull=False,
                ),
                name="authorized_service_approved_is_complete",
                violation_error_message="An approved line has units and both dates of the letter.",
            ),
        )
        indexes = (
            models.Index(
                fields=("valid_through",),
                condition=Q(decision__in=LINE_IN_FORCE),
                name="authorized_service_expiring",
            ),
        )

    def __str__(self) -> str:
        return f"{self.code}-{self.modifier}" if self.modifier else self.code

    @property
    def units_remaining(self) -> int:
        """Units of service approved and not yet held by a session."""
        return (self.units_approved or 0) - self.units_used

    @property
    def units_released(self) -> int:
        """Units of guidance held by sessions whose charge is released: those stay."""
        return self.sessions.filter(charges__status="released").distinct().count()
