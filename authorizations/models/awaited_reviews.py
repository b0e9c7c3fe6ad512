"""Images that wait for an answer, kept by the database so that finding them costs only them."""

from __future__ import annotations

from django.db import models

from authorizations.models.sessions import GuidanceSession


class AwaitedReview(models.Model):
    """A session whose images wait for an answer now."""

    session = models.OneToOneField(
        GuidanceSession, on_delete=models.CASCADE, primary_key=True, related_name="awaited"
    )

    def __str__(self) -> str:
        return f"session {self.session_id}"
