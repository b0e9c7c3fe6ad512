"""Whom to phone about a patient: family, the referring physician, a nursing home."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.database.constraints import one_of, telephone, valid_npi
from accounts.database.triggers import tracked
from authorizations.models.patients import Patient


class ContactRole(models.TextChoices):
    """What the person is to the patient."""

    SPOUSE = "spouse", "Spouse or partner"
    CHILD = "child", "Child"
    PARENT = "parent", "Parent"
    RELATIVE = "relative", "Relative"
    FRIEND = "friend", "Friend"
    GUARDIAN = "guardian", "Guardian or proxy"
    REFERRING = "referring", "Referring physician"
    PRIMARY_CARE = "primary_care", "Primary care"
    FACILITY = "facility", "Nursing home or service"


PHYSICIANS = (ContactRole.REFERRING, ContactRole.PRIMARY_CARE)


@tracked
class PatientContact(models.Model):
    """A person or place that is phoned about a patient, and what they may be told."""

    Role = ContactRole

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="people")
    name = models.CharField(max_length=80)
    role = models.CharField(max_length=12, choices=ContactRole)
    phone = models.CharField(max_length=25)
    npi = models.CharField("NPI", max_length=10, blank=True, help_text="Of a physician.")
    may_hear = models.CharField(
        "may be told",
        max_length=120,
        blank=True,
        help_text="Such as: everything, form of 12 Oct; appointments only.",
    )
    is_called_first = models.BooleanField("call first", default=False)
    is_current = models.BooleanField("still right", default=True)

    class Meta:
        ordering = ("-is_current", "-is_called_first", "name", "id")
        constraints = (
            one_of("patient_contact_role_known", "role", ContactRole),
            telephone("patient_contact_phone_format", "phone"),
            valid_npi("patient_contact_npi_valid"),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(phone=""),
                name="patient_contact_can_be_called",
                violation_error_message="A contact has a name and a telephone number.",
            ),
            models.CheckConstraint(
                condition=Q(npi="") | Q(role__in=PHYSICIANS),
                name="patient_contact_npi_of_physician",
                violation_error_message="Only a physician has an NPI here.",
            ),
            models.CheckConstraint(
                condition=Q(is_called_first=False) | Q(is_current=True),
                name="patient_contact_first_is_current",
                violation_error_message="Who is no longer right is not called first.",
            ),
            models.UniqueConstraint(
                fields=("patient",),
                condition=Q(is_called_first=True),
                name="patient_contact_one_is_first",
                violation_error_message="Another contact is called first: change that one before.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name}, {self.get_role_display().lower()}"
