"""The call of a physician with the payer's reviewer: when, whom to dial, what was said."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from accounts.database.constraints import paired
from accounts.database.triggers import tracked
from accounts.models import Provider, User
from authorizations.models.authorization_events import AuthorizationEvent
from authorizations.models.prior_authorizations import PriorAuthorization
from authorizations.models.request_statuses import AuthorizationStatus


class CallOutcome(models.TextChoices):
    """What the reviewer said; the letter decides."""

    OVERTURNED = "overturned", "Overturned: they approve"
    PARTLY = "partly", "Overturned in part"
    UPHELD = "stands", "Upheld: the refusal stands"
    MISSED = "missed", "Missed: the call did not take place"


class PeerToPeerQuerySet(models.QuerySet["PeerToPeer"]):
    """Calls, as pages and worklists look for them."""

    def running(self) -> Self:
        """Those of requests that are talked over now; an arrangement that was undone is none."""
        return self.filter(
            event__undone_by__isnull=True,
            event__authorization__status=AuthorizationStatus.PEER_TO_PEER,
            moved_to__isnull=True,
        )

    def to_call(self) -> Self:
        """Those that are still to take place."""
        return self.running().filter(Q(outcome="") | Q(outcome=CallOutcome.MISSED))


@tracked
class PeerToPeer(models.Model):
    """An appointment for a peer-to-peer: physician, moment, number, and what came of it."""

    Outcome = CallOutcome

    event = models.ForeignKey(
        AuthorizationEvent,
        on_delete=models.PROTECT,
        related_name="calls",
        help_text="The move that began it.",
    )
    moved_to = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="moved_from",
        help_text="The appointment that took the place of this one.",
    )
    physician = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="peer_to_peers")
    scheduled_at = models.DateTimeField("date and time")
    scheduled_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    phone = models.CharField("number to dial", max_length=40)
    reviewer = models.CharField(max_length=80, blank=True)
    reference = models.CharField("case number", max_length=40, blank=True)
    due_on = models.DateField(
        "window ends", null=True, blank=True, help_text="The last day on which the payer hears it."
    )
    due_source = models.CharField("who says so", max_length=240, blank=True)
    points = models.TextField("talking points", blank=True)
    outcome = models.CharField(max_length=12, choices=CallOutcome, blank=True)
    outcome_note = models.CharField("what was said", max_length=400, blank=True)
    heard_at = models.DateTimeField(null=True, blank=True)
    heard_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = PeerToPeerQuerySet.as_manager()

    class Meta:
        ordering = ("scheduled_at", "id")
        constraints = (
            paired("peer_to_peer_scheduled_pair", "scheduled_at", "scheduled_by"),
            paired("peer_to_peer_heard_pair", "heard_at", "heard_by"),
            models.CheckConstraint(
                condition=Q(outcome="") | Q(outcome__in=CallOutcome.values),
                name="peer_to_peer_outcome_known",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", heard_at__isnull=True)
                | ~Q(outcome="") & Q(heard_at__isnull=False),
                name="peer_to_peer_outcome_heard",
            ),
            models.CheckConstraint(condition=~Q(phone=""), name="peer_to_peer_has_number"),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True) | ~Q(due_source=""),
                name="peer_to_peer_window_has_source",
            ),
        )

    @property
    def authorization(self) -> PriorAuthorization:
        return self.event.authorization

    @property
    def is_to_make(self) -> bool:
        """Whether the call is still to take place."""
        return self.outcome in ("", CallOutcome.MISSED)

    def __str__(self) -> str:
        return f"peer-to-peer {self.scheduled_at:%Y-%m-%d %H:%M}"
