"""Two registrations that are one person: who proposed, who confirmed, and the way back."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import F, Q

from accounts.database.constraints import paired
from accounts.database.triggers import tracked
from accounts.models import User
from authorizations.models.patients import Patient


class PatientMergeQuerySet(models.QuerySet[Any]):
    """Merges as people ask for them."""

    def waiting(self) -> Self:
        """Proposed, and neither confirmed nor declined; or to be undone, and not decided yet."""
        return self.filter(
            Q(confirmed_at=None, declined_at=None)
            | Q(undone_at=None, undo_proposed_at__isnull=False)
        )

    def open(self) -> Self:
        """Proposed or in effect."""
        return self.filter(declined_at=None, undone_at=None)

    def about(self, patient: Patient) -> Self:
        """Those that name this patient, with all that a page says of them."""
        rows = self.filter(Q(kept=patient) | Q(merged=patient))
        return rows.select_related("kept", "merged", "proposed_by", "confirmed_by")


def whoever(verb: str) -> models.ForeignKey[Any, Any]:
    """Who did it, once somebody has."""
    return models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", help_text=f"Who {verb}."
    )


@tracked
class PatientMerge(models.Model):
    """One patient registered twice: what was joined under which of the two, by whom and why."""

    kept = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="merges_kept")
    merged = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="merges")
    reason = models.CharField(max_length=200)
    moved = models.JSONField(
        default=dict, help_text="Numbers of the courses, coverages and people that moved."
    )
    proposed_at = models.DateTimeField(auto_now_add=True)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = whoever("confirmed it")
    declined_at = models.DateTimeField(null=True)
    declined_by = whoever("declined it")
    undo_reason = models.CharField(max_length=200, blank=True)
    undo_proposed_at = models.DateTimeField(null=True)
    undo_proposed_by = whoever("proposed to separate them again")
    undone_at = models.DateTimeField(null=True)
    undone_by = whoever("confirmed that they are two")

    objects = PatientMergeQuerySet.as_manager()

    class Meta:
        ordering = ("-proposed_at", "-id")
        constraints = (
            *(
                paired(f"patient_merge_{verb}_pair", f"{verb}_at", f"{verb}_by")
                for verb in ("confirmed", "declined", "undo_proposed", "undone")
            ),
            models.CheckConstraint(
                condition=~Q(kept=F("merged")) & ~Q(reason=""), name="patient_merge_of_two"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("proposed_by")),
                name="patient_merge_confirmed_by_another",
                violation_error_message="Another person confirms it.",
            ),
            models.CheckConstraint(
                condition=Q(undone_by__isnull=True)
                | Q(undo_proposed_by__isnull=False) & ~Q(undone_by=F("undo_proposed_by")),
                name="patient_merge_undone_by_another",
                violation_error_message="Another person confirms that they are two.",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=False)
                | Q(undo_proposed_at__isnull=True, undone_at__isnull=True),
                name="patient_merge_undone_after_it",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(declined_at__isnull=True),
                name="patient_merge_decided_once",
            ),
            models.UniqueConstraint(
                fields=("merged",),
                condition=Q(declined_at__isnull=True, undone_at__isnull=True),
                name="patient_merge_once",
                violation_error_message="A merge of this patient is proposed or done already.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.merged.mrn} into {self.kept.mrn}"

    @property
    def is_waiting(self) -> bool:
        """Whether a second person has to say if they are one."""
        return self.confirmed_at is None and self.declined_at is None

    @property
    def is_undo_waiting(self) -> bool:
        """Whether a second person has to say if they are two after all."""
        return self.undo_proposed_at is not None and self.undone_at is None

    @property
    def stands(self) -> bool:
        """Whether the two are one now."""
        return self.confirmed_at is not None and self.undone_at is None
