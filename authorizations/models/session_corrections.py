"""What was changed in a recorded session, by whom and why. Never changed itself."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.database.triggers import append_only
from accounts.models import User
from authorizations.models.sessions import GuidanceSession
from authorizations.models.triggers.awaited_reviews import new_answers


class SessionCorrection(models.Model):
    """One correction of a session: the old values stay beside the new ones."""

    session = models.ForeignKey(
        GuidanceSession, on_delete=models.PROTECT, related_name="corrections"
    )
    changes = models.JSONField(help_text="Each changed value: its name, before and after.")
    reason = models.CharField(max_length=200)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="When the record-and-verify system said so; empty where a person corrected.",
    )

    class Meta:
        ordering = ("at", "id")
        triggers = (
            append_only("session_correction_append_only"),
            new_answers("correction"),
        )
        constraints = (
            models.CheckConstraint(condition=~Q(reason=""), name="session_correction_has_reason"),
        )

    def __str__(self) -> str:
        return f"correction of {self.at:%Y-%m-%d %H:%M}"
