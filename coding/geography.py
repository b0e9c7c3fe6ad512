"""Where care is given changes what Medicare pays: localities and their published indices."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.database.constraints import never_overlapping
from accounts.database.triggers import tracked
from accounts.models import Facility
from coding.effective import Effective, Sourced, dated, sourced

LOCALITY_FORMAT = r"^[0-9]{5}-[0-9]{2}$"


@tracked
class GeographicIndex(Effective, Sourced):
    """The three Medicare indices (GPCI) of a locality: for work, practice and malpractice."""

    locality = models.CharField(max_length=8, help_text="Contractor and locality: 06102-16.")
    name = models.CharField(max_length=80, blank=True)
    work = models.DecimalField(max_digits=5, decimal_places=3)
    practice = models.DecimalField(max_digits=5, decimal_places=3)
    malpractice = models.DecimalField(max_digits=5, decimal_places=3)
    release = models.CharField(max_length=40)

    class Meta:
        ordering = ("locality", "effective_from")
        verbose_name_plural = "geographic indices"
        constraints = (
            *sourced("geographic_index"),
            dated("geographic_index"),
            models.CheckConstraint(
                condition=Q(locality__regex=LOCALITY_FORMAT),
                name="geographic_index_locality_format",
                violation_error_message="Contractor and locality, such as 06102-16.",
            ),
            models.CheckConstraint(
                condition=Q(work__gt=0, practice__gt=0, malpractice__gt=0),
                name="geographic_index_positive",
            ),
            never_overlapping("geographic_index_never_overlaps", "locality"),
        )

    def __str__(self) -> str:
        return f"{self.locality} ({self.span})"


@tracked
class FacilityLocality(Effective, Sourced):
    """The Medicare locality in which a facility lies, for a span of days."""

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="localities")
    locality = models.CharField(max_length=8, help_text="Contractor and locality: 06102-16.")

    class Meta:
        ordering = ("facility", "effective_from")
        verbose_name_plural = "facility localities"
        constraints = (
            *sourced("facility_locality"),
            dated("facility_locality"),
            models.CheckConstraint(
                condition=Q(locality__regex=LOCALITY_FORMAT),
                name="facility_locality_format",
                violation_error_message="Contractor and locality, such as 06102-16.",
            ),
            never_overlapping("facility_locality_never_overlaps", "facility"),
        )

    def __str__(self) -> str:
        return f"{self.facility}: {self.locality} ({self.span})"
