"""What became of a request: each move, written once."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from accounts.database.triggers import append_only
from accounts.models import User
from authorizations.models.prior_authorizations import PriorAuthorization

NOTES = ("note", "follow_up", "follow_up_done")  # written beside a request, which stays as it is


class AuthorizationEventQuerySet(models.QuerySet["AuthorizationEvent"]):
    """Events by whether they count."""

    def in_effect(self) -> Self:
        """Neither undone nor the undoing itself: as if both had not happened."""
        return self.filter(undoes__isnull=True, undone_by__isnull=True)

    def notes(self) -> Self:
        """What people noted, and when they wanted to look after it."""
        return self.filter(verb__in=NOTES)

    def moves(self) -> Self:
        """What happened to the request itself."""
        return self.exclude(verb__in=NOTES)


class AuthorizationEvent(models.Model):
    """One move of a request: from, to, why, when, by whom. Written once, never changed."""

    authorization = models.ForeignKey(
        PriorAuthorization, on_delete=models.PROTECT, related_name="events"
    )
    verb = models.CharField(max_length=30)
    old_status = models.CharField(max_length=20, blank=True)
    new_status = models.CharField(max_length=20)
    reason = models.CharField(max_length=400, blank=True)
    details = models.JSONField(default=dict, blank=True)
    undoes = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="undone_by",
        help_text="The move that this one takes back, as if it had not been made.",
    )
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = AuthorizationEventQuerySet.as_manager()

    class Meta:
        ordering = ("at", "id")
        triggers = (append_only("authorization_event_append_only"),)
        indexes = (
            models.Index(
                fields=("at",),
                condition=Q(details__has_key="contest"),
                name="authorization_event_contest",
            ),
        )

    def __str__(self) -> str:
        return f"{self.verb}: {self.old_status} → {self.new_status}"
