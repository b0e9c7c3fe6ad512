"""What became of a request: each move, written once."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.database.triggers import append_only
from accounts.models import User
from authorizations.models.prior_authorizations import PriorAuthorization


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
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

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
