"""Files that came in: each run, and each row of it with what became of it."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.database.constraints import one_of
from accounts.database.triggers import append_only
from accounts.models import User
from accounts.roles import Permission
from accounts.scoping import facilities_of
from authorizations.models.sessions import GuidanceSession
from authorizations.models.toned_choices import TonedChoices


class ImportRunKind(models.TextChoices):
    """What sort it is."""

    TREATMENTS = "treatments", "Treatments"
    DEPARTMENT = "department", "Registration and authorizations"


class ImportRunQuerySet(models.QuerySet):
    """Files as people ask for them."""

    def for_user(self, user: User, permission: Permission, *others: Permission) -> Self:
        """Files with a line of a facility where the person holds one of these, and one's own."""
        mine = facilities_of(user, permission, *others)
        lines = ImportedRow.objects.filter(run=OuterRef("pk"), session__facility__in=mine)
        return self.filter(Q(started_by=user) | Exists(lines))


class ImportRun(models.Model):
    """One file read once. The same content is recognised by its hash and changes nothing."""

    Kind = ImportRunKind

    kind = models.CharField(max_length=12, choices=Kind)
    sha256 = models.CharField(max_length=64)
    started_at = models.DateTimeField(auto_now_add=True)
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        ordering = ("-started_at", "-id")
        constraints = (
            one_of("import_run_kind_known", "kind", ImportRunKind),
            models.UniqueConstraint(fields=("kind", "sha256"), name="import_run_once_per_content"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.started_at:%Y-%m-%d %H:%M}"


class ImportedRowOutcome(TonedChoices):
    """What became of a line."""

    RECORDED = "recorded", "good", "Recorded"
    REPEATED = "repeated", "neutral", "Seen again"
    CORRECTED = "corrected", "info", "Corrected"
    TAKEN_BACK = "taken_back", "info", "Taken back"
    CONFLICT = "conflict", "warn", "Conflict"
    PASSED = "passed", "neutral", "Passed over"
    REFUSED = "refused", "bad", "Refused"


class ImportedRow(models.Model):
    """One line of a file and what became of it: recorded, corrected, refused with a reason, …"""

    Outcome = ImportedRowOutcome
    known_through = "run"

    run = models.ForeignKey(ImportRun, on_delete=models.PROTECT, related_name="rows")
    line = models.PositiveIntegerField()
    record = models.CharField(max_length=40, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome)
    kind = models.CharField(max_length=30, blank=True)
    sentence = models.CharField(max_length=300, blank=True)
    session = models.ForeignKey(
        GuidanceSession, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    kept = models.TextField(blank=True, help_text="What the message said, as it came.")

    class Meta:
        ordering = ("run", "line")
        triggers = (append_only("imported_row_append_only"),)
        constraints = (one_of("imported_row_outcome_known", "outcome", ImportedRowOutcome),)
        indexes = (models.Index(fields=("record",), name="imported_row_by_record"),)

    def __str__(self) -> str:
        return f"line {self.line}: {self.get_outcome_display()}"

    @property
    def tone(self) -> str:
        return ImportedRowOutcome(self.outcome).tone
