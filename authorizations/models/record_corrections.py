"""What was typed wrongly and put right: which values, by whom and why. Never changed itself."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.database.constraints import one_of
from accounts.database.triggers import append_only
from accounts.models import User
from authorizations.models.courses import Course
from authorizations.models.patients import Patient


class CorrectedRecord(models.TextChoices):
    """What kind of record was put right."""

    PATIENT = "patient", "Patient"
    COVERAGE = "coverage", "Coverage"
    COURSE = "course", "Course"
    REQUEST = "request", "Request"
    SUBMISSION = "submission", "Submission"
    CONTACT = "contact", "Contact"
    SENT = "sent", "Information sent"
    DOCUMENT = "document", "Document"
    PERSON = "person", "Person to call"


class RecordCorrection(models.Model):
    """One correction of a record: the old values stay beside the new ones."""

    Record = CorrectedRecord

    record = models.CharField(max_length=12, choices=CorrectedRecord)
    row = models.BigIntegerField(help_text="The number of the record in its table.")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="corrections")
    course = models.ForeignKey(
        Course,
        on_delete=models.PROTECT,
        null=True,
        related_name="corrections",
        help_text="Empty where it is true for all courses of the patient.",
    )
    changes = models.JSONField(help_text="Each changed value: its label, before and after.")
    reason = models.CharField(max_length=200)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("at", "id")
        triggers = (append_only("record_correction_append_only"),)
        indexes = (models.Index(fields=("record", "row"), name="record_correction_row"),)
        constraints = (
            one_of("record_correction_record_known", "record", CorrectedRecord),
            models.CheckConstraint(condition=~Q(reason=""), name="record_correction_has_reason"),
            models.CheckConstraint(condition=~Q(changes=[]), name="record_correction_has_changes"),
        )

    @property
    def fields(self) -> str:
        """Which values were put right; not the values themselves."""
        return ", ".join(str(change[0]) for change in self.changes)

    def __str__(self) -> str:
        return f"{self.get_record_display()} corrected {self.at:%Y-%m-%d %H:%M}"
