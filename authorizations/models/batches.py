"""Batches: what leaves for the biller, frozen as it was drawn."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from accounts.database.triggers import append_only
from accounts.models import Facility, User
from payers.models import Issuer, Payer


class Batch(models.Model):
    """Released charges of one facility and payer, or issuer, frozen and numbered without gaps.

    A correction batch names the earlier one it reopens; the earlier one stays as it was.
    """

    number = models.PositiveIntegerField(unique=True)
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="batches")
    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="batches")
    issuer = models.ForeignKey(
        Issuer, on_delete=models.PROTECT, null=True, blank=True, related_name="batches"
    )
    units = models.PositiveIntegerField()
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    reopens = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    rows = models.JSONField(
        default=list, blank=True, help_text="The rows of the download, as they were drawn."
    )
    file = models.TextField(
        db_default="", blank=True, help_text="The CSV as it was drawn; each download is this one."
    )
    file_hash = models.CharField(
        max_length=64, db_default="", blank=True, help_text="SHA-256 of the file, in hexadecimal."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = models.Manager()

    class Meta:
        ordering = ("-number",)
        verbose_name_plural = "batches"
        triggers = (append_only("batch_append_only"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(reopens__isnull=True) | ~Q(reopens=F("id")),
                name="batch_reopens_an_earlier_one",
            ),
            models.CheckConstraint(
                condition=Q(file="", file_hash="")
                | Q(~Q(file=""), file_hash__regex="^[0-9a-f]{64}$"),
                name="batch_file_has_its_hash",
            ),
        )

    def __str__(self) -> str:
        return f"Batch {self.number}"

    @property
    def insurer(self) -> str:
        """Who takes its claims, by name: one issuer where that is known, else the payer."""
        return f"{self.issuer} ({self.payer})" if self.issuer else str(self.payer)
