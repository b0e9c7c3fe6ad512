"""Forms as they were sent: once done, so that nothing happens twice; or kept for their writer."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.db import models

from accounts.models import User

FORMS_ARE_KEPT = timedelta(days=1)


class SentForm(models.Model):
    """A form that has done its work, so that sending it again does nothing twice."""

    key = models.UUIDField(unique=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    target = models.CharField(max_length=120, blank=True, help_text="The page it led to.")

    def __str__(self) -> str:
        return f"form of {self.at:%Y-%m-%d %H:%M}"


class KeptFormQuerySet(models.QuerySet):
    """Kept forms as their writers ask for them."""

    def kept(self, now: datetime) -> Self:
        """Forms that are not too old to be shown."""
        return self.filter(at__gt=now - FORMS_ARE_KEPT)

    def stale(self, now: datetime) -> Self:
        return self.filter(at__lte=now - FORMS_ARE_KEPT)


class KeptForm(models.Model):
    """A form that its writer sent after the automatic sign-out. Only they see it, for a day."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="kept_forms")
    at = models.DateTimeField(auto_now_add=True)
    page = models.CharField(max_length=500, help_text="The page the form stands on.")
    action = models.CharField(max_length=500, help_text="Where the form is sent.")
    fields = models.JSONField(help_text="Names and values, without passwords and files.")
    had_files = models.BooleanField(default=False, help_text="Files are not kept.")

    objects = KeptFormQuerySet.as_manager()

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"form of {self.at:%Y-%m-%d %H:%M}"
