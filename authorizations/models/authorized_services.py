"""The lines of an authorization: codes with their units, dates and decisions."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from accounts.database.constraints import in_order, one_of
from accounts.database.triggers import tracked
from authorizations.models.line_decisions import LINE_IN_FORCE, LineDecision
from authorizations.models.prior_authorizations import PriorAuthorization
from authorizations.models.request_statuses import TAKEN_BACK, AuthorizationStatus
from authorizations.models.triggers.figure_counts import counts_by_line
from authorizations.models.triggers.first_answers import keeps_first_line

UNSENT = (
    AuthorizationStatus.DRAFT,
    AuthorizationStatus.NOT_REQUIRED,
    AuthorizationStatus.REJECTED,
    AuthorizationStatus.CLOSED_NO_INFO,
)


class AuthorizedServiceQuerySet(models.QuerySet):
    """Lines as the floor asks for them. What is in force is decided by the lines alone."""

    def granted(self) -> Self:
        """Approved, in full or with changes, by a request that was not withdrawn or cancelled.

        Whether the rest of the request is contested, or another replaced it since, is no matter.
        """
        return self.filter(decision__in=LINE_IN_FORCE).exclude(authorization__status__in=TAKEN_BACK)

    def asked_or_granted(self) -> Self:
        """Sent to the payer, or granted, and not taken back: what a judgement looks at."""
        unsent = Q(authorization__status__in=UNSENT) & ~Q(decision__in=LINE_IN_FORCE)
        return self.exclude(authorization__status__in=TAKEN_BACK).exclude(unsent)

    def not_replaced_by(self, on: date) -> Self:
        """No other authorization or plan counts instead on that day."""
        start = "authorization__superseded_from"
        return self.filter(Q(**{f"{start}__isnull": True}) | Q(**{f"{start}__gt": on}))

    def in_force(self, on: date) -> Self:
        """Granted, and that day lies within the dates of the letter, not replaced."""
        dated = self.granted().filter(valid_from__lte=on, valid_through__gte=on)
        return dated.not_replaced_by(on)


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

    objects = AuthorizedServiceQuerySet.as_manager()

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
    def is_granted(self) -> bool:
        """Approved, in full or with changes, by a request not withdrawn or cancelled."""
        is_approved = self.decision in LINE_IN_FORCE
        return is_approved and self.authorization.status not in TAKEN_BACK

    @property
    def last_day(self) -> date | None:
        """The last day on which a unit may be used: the letter's, or the eve of a replacement."""
        replaced = self.authorization.superseded_from
        if replaced is None or self.valid_through is None:
            return self.valid_through
        return min(self.valid_through, replaced - timedelta(days=1))

    def is_in_force(self, on: date) -> bool:
        """Whether this line allows a treatment of that day."""
        last = self.last_day
        dated = self.valid_from is not None and last is not None and self.valid_from <= on <= last
        return self.is_granted and dated

    @property
    def units_remaining(self) -> int:
        """Units of service approved and not yet held by a session."""
        return (self.units_approved or 0) - self.units_used

    def why_released_units_forbid(
        self,
        held: list[tuple[int, date]],
        granted: int,
        valid_from: date | None,
        valid_through: date | None,
    ) -> str:
        """Why the line cannot grant only so many units in these dates; nothing where it can.

        ``held``: fraction and day of each released charge that holds a unit (``released_units``).
        They keep it, so they are voided first.
        """
        first, last = valid_from or date.max, valid_through or date.min
        outside = [fraction for fraction, day in held if granted and not first <= day <= last]
        if len(held) <= granted and not outside:
            return ""
        names = ", ".join(str(n) for n in outside or [fraction for fraction, _ in held])
        why = f"this letter grants {granted or 'none'}"
        if outside:
            why = f"{len(outside)} of them lie outside these dates"
        return (
            f"Line {self}: {len(held)} units are held by released charges, and {why} (fractions "
            f"{names}). Look again at the letter; if it says so, a coder or manager voids those "
            "charges first."
        )


def released_units(authorization: PriorAuthorization) -> dict[int, list[tuple[int, date]]]:
    """Of each line, fraction and day of the released charges that hold a unit of it."""
    rows = AuthorizedService.objects.filter(
        authorization=authorization, sessions__charges__status="released"
    )
    names = ("pk", "sessions__fraction", "sessions__date_of_service")
    found: dict[int, list[tuple[int, date]]] = {}
    for line, fraction, day in rows.order_by(*names).values_list(*names).distinct():
        found.setdefault(line, []).append((fraction, day))
    return found
