"""The people under treatment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from accounts.database.constraints import one_of, telephone
from accounts.database.triggers import tracked
from accounts.models import User
from accounts.roles import Permission
from authorizations.models.searchable import NumberToSearch, WordsToSearch, searched_by

if TYPE_CHECKING:
    from authorizations.models.courses import Course


class Sex(models.TextChoices):
    """Sex as registered with the payer."""

    FEMALE = "F", "Female"
    MALE = "M", "Male"
    UNKNOWN = "U", "Unknown"


class PatientQuerySet(models.QuerySet[Any]):
    """Patients as a person may see them."""

    def of_mrn(self, mrn: str) -> Self:
        """The patient of this MRN; of one that was merged, the patient who was kept."""
        merged = self.model.objects.filter(mrn=mrn, merged_into__isnull=False)
        return self.filter(Q(mrn=mrn, merged_into=None) | Q(pk__in=merged.values("merged_into")))

    def for_user(self, user: User, permission: Permission, *others: Permission) -> Self:
        """Patients with a course where the person holds one of these permissions."""
        courses: Any = self.model.courses.rel.related_model.objects
        mine = courses.for_user(user, permission, *others)
        return self.filter(Exists(mine.filter(patient=OuterRef("pk"))))


@tracked
class Patient(models.Model):
    """A person under treatment. Only what the work needs is kept."""

    mrn = models.CharField("MRN", max_length=20, unique=True)
    last_name = models.CharField(max_length=80)
    first_name = models.CharField(max_length=80)
    date_of_birth = models.DateField()
    sex = models.CharField(max_length=1, choices=Sex)
    phone = models.CharField(max_length=25, blank=True, default="", db_default="")
    language = models.CharField(
        max_length=30, blank=True, default="", db_default="", help_text="Where it is not English."
    )
    died_on = models.DateField(null=True, blank=True)
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged_here",
        help_text="The same person under another MRN, who was kept; this MRN finds that one.",
    )

    courses_here: list[Course]  # those the reader may see, where a page loaded them
    objects = PatientQuerySet.as_manager()

    class Meta:
        ordering = ("last_name", "first_name")
        constraints = (
            one_of("patient_sex_known", "sex", Sex),
            models.CheckConstraint(
                condition=Q(mrn__regex=r"^[0-9A-Za-z][0-9A-Za-z-]{1,19}$"),
                name="patient_mrn_format",
                violation_error_message="Letters, digits and hyphens only.",
            ),
            telephone("patient_phone_format", "phone"),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="patient_never_merged_into_itself",
                violation_error_message="A patient is not merged into itself.",
            ),
            models.CheckConstraint(
                condition=Q(died_on__isnull=True) | Q(died_on__gte=F("date_of_birth")),
                name="patient_dies_after_birth",
                violation_error_message="The day of death is before the date of birth.",
            ),
        )
        indexes = (
            searched_by(
                "patient_search",
                WordsToSearch("last_name", "first_name"),
                NumberToSearch("mrn"),
            ),
            models.Index(fields=("date_of_birth",), name="patient_born"),
        )

    def __str__(self) -> str:
        return f"{self.last_name}, {self.first_name}"
