"""What became of a charge: each judgement and each move, written once."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.database.constraints import one_of
from accounts.database.triggers import append_only
from accounts.models import User
from authorizations.models.charges import Charge, Disposition


class CodingReview(models.Model):
    """One judgement of a charge: the facts, the findings and the rulebook it was judged by."""

    charge = models.ForeignKey(Charge, on_delete=models.PROTECT, related_name="reviews")
    facts = models.TextField(help_text="Canonical JSON of the facts.")
    verdict = models.TextField(help_text="Canonical JSON of the findings.")
    rulebook_version = models.CharField(max_length=40)
    disposition = models.CharField(max_length=4, choices=Disposition)
    judged_at = models.DateTimeField(auto_now_add=True)
    judged_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("charge", "id")
        triggers = (append_only("coding_review_append_only"),)
        constraints = (one_of("coding_review_disposition_known", "disposition", Disposition),)

    def __str__(self) -> str:
        return f"{self.disposition} by {self.rulebook_version}"


class ChargeEvent(models.Model):
    """One move of a charge: from, to, why, when, by whom. Written once, never changed."""

    charge = models.ForeignKey(Charge, on_delete=models.PROTECT, related_name="events")
    verb = models.CharField(max_length=30)
    old_status = models.CharField(max_length=12, blank=True)
    new_status = models.CharField(max_length=12)
    reason = models.CharField(max_length=400, blank=True)
    details = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("at", "id")
        triggers = (append_only("charge_event_append_only"),)
        indexes = (
            models.Index(
                fields=("charge",),
                condition=Q(verb__in=("dispute", "confirm_override")),
                name="charge_event_against_book",
            ),
            models.Index(
                fields=("charge",),
                condition=Q(details__has_key="alone"),
                name="charge_event_alone",
            ),
        )

    def __str__(self) -> str:
        return f"{self.verb}: {self.old_status} → {self.new_status}"
