"""What a day leaves behind besides its sessions: rows typed and not yet saved, rows entered from
paper, and what people said about its gaps.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q

from accounts.database.constraints import one_of, paired
from accounts.database.triggers import tracked
from accounts.models import Facility, User
from authorizations.models.courses import Course

DRAFTS_ARE_KEPT = timedelta(days=7)


class SheetDraftQuerySet(models.QuerySet):
    """Drafts as their writers ask for them."""

    def kept(self, now: datetime) -> Self:
        """Drafts that are not too old to be shown."""
        return self.filter(updated_at__gt=now - DRAFTS_ARE_KEPT)

    def stale(self, now: datetime) -> Self:
        return self.filter(updated_at__lte=now - DRAFTS_ARE_KEPT)


class SheetDraft(models.Model):
    """What one person typed on a day sheet and has not saved. Numbers of rows, no names; a week."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sheet_drafts")
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="+")
    date_of_service = models.DateField()
    rows = models.JSONField(help_text="By row: what stands in each of its fields.")
    updated_at = models.DateTimeField(auto_now=True)

    objects = SheetDraftQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("owner", "facility", "date_of_service"), name="sheet_draft_once"
            ),
        )

    def __str__(self) -> str:
        return f"draft of {self.date_of_service:%Y-%m-%d}"


@tracked
class PaperEntry(models.Model):
    """A row of a day that was written on paper first and entered later by its code."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="paper_entries")
    date_of_service = models.DateField()
    session_of_day = models.PositiveSmallIntegerField(default=1)
    entered_at = models.DateTimeField(auto_now_add=True)
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("course", "date_of_service", "session_of_day"), name="paper_entry_once"
            ),
        )

    def __str__(self) -> str:
        return f"from paper, {self.date_of_service:%Y-%m-%d}"


class GapKind(models.TextChoices):
    """What can be missing or double on a day, in the order in which it is mended."""

    NOT_RECORDED = "not_recorded", "Scheduled, not recorded"
    AT_ONCE = "at_once", "In two places at once"
    TOO_MANY = "too_many", "More treatments than planned a day"
    REFUSED = "refused", "A second record was refused"
    CONFLICT = "conflict", "The machine's system says otherwise"
    BY_HAND = "by_hand", "Typed by hand, no record yet"
    NOT_REVIEWED = "not_reviewed", "Images not approved"
    REJECTED = "rejected", "Images rejected"
    NO_CHARGE = "no_charge", "Imaged, no charge"
    NOT_JUDGED = "not_judged", "Charge not judged"


@tracked
class DayGap(models.Model):
    """Who answers for a gap or double of a day, and why it may stand where somebody said so."""

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="+")
    date_of_service = models.DateField()
    kind = models.CharField(max_length=12, choices=GapKind)
    subject = models.CharField(max_length=60, help_text="Our own number of what it is about.")
    taken_at = models.DateTimeField(null=True, blank=True)
    taken_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("date_of_service", "kind", "subject")
        constraints = (
            one_of("day_gap_kind_known", "kind", GapKind),
            paired("day_gap_taken_pair", "taken_at", "taken_by"),
            paired("day_gap_settled_pair", "settled_at", "settled_by"),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True) | ~Q(reason=""), name="day_gap_has_reason"
            ),
            models.UniqueConstraint(
                fields=("facility", "date_of_service", "kind", "subject"), name="day_gap_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on {self.date_of_service:%Y-%m-%d}"
