"""People and places: users, facilities, providers, who works where in which role, who read what."""

from __future__ import annotations

import zoneinfo
from datetime import date

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from accounts.database.constraints import (
    in_order,
    known_time_zone,
    never_overlapping,
    one_of,
    tax_number,
    telephone,
    valid_npi,
)
from accounts.database.triggers import append_only, tracked

SYSTEM_USERNAME = "system"


class Role(models.TextChoices):
    """What a person does here. A person may hold several roles, each in a facility or in all."""

    FRONT_DESK = "front_desk", "Front desk"
    THERAPIST = "therapist", "Therapist"
    PHYSICIAN = "physician", "Physician"
    CODER = "coder", "Coder"
    MANAGER = "manager", "Manager"
    ADMINISTRATOR = "administrator", "Administrator"
    AUDITOR = "auditor", "Auditor"


@tracked
class User(AbstractUser):
    """A person who signs in."""

    def __str__(self) -> str:
        return self.get_full_name() or self.username


def system_user() -> User:
    """The name under which imports and nightly work by the machine itself are recorded."""
    user, _ = User.objects.get_or_create(
        username=SYSTEM_USERNAME,
        defaults={"first_name": "System", "is_active": False, "password": "!"},
    )
    return user


def check_time_zone(name: str) -> None:
    """Refuse a time zone the tz database does not know. Raises ValidationError."""
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError) as error:
        message = "Not a time zone. Write it like America/Chicago."
        raise ValidationError(message) from error


@tracked
class Facility(models.Model):
    """A place where patients are treated, with its place of service, NPI and time zone."""

    code = models.CharField(max_length=16, unique=True, help_text="Short name used in imports.")
    name = models.CharField(max_length=120)
    place_of_service = models.CharField(
        max_length=2,
        validators=[RegexValidator(r"^\d\d$", "Two digits, such as 22.")],
        help_text="Two digits: 11 office or freestanding, 19 off-campus, 22 on-campus hospital.",
    )
    npi = models.CharField("NPI", max_length=10, blank=True)
    tax_id = models.CharField(
        "tax ID",
        max_length=10,
        blank=True,
        default="",
        db_default="",
        help_text="Of who bills: 12-3456789. Payers ask for it in requests.",
    )
    phone = models.CharField(max_length=25, blank=True, default="", db_default="")
    fax = models.CharField(max_length=25, blank=True, default="", db_default="")
    address = models.CharField(max_length=200, blank=True, default="", db_default="")
    state = models.CharField(max_length=2, help_text="Two letters, such as IL.")
    time_zone = models.CharField(
        max_length=40, default="America/Chicago", validators=[check_time_zone]
    )
    machines = ArrayField(models.CharField(max_length=16), default=list, blank=True)
    closed_days = ArrayField(
        models.DateField(),
        default=list,
        blank=True,
        help_text="Days without treatment besides weekends and federal holidays: 2026-11-27, …",
    )
    method_ii_from = models.DateField(
        "method II from",
        null=True,
        blank=True,
        help_text="A critical access hospital that bills the physicians' part for Medicare on its "
        "own claim: the first date of service. Empty: physicians bill it themselves.",
    )
    is_active = models.BooleanField(default=True)
    is_made_up = models.BooleanField(
        default=False, db_default=False, editable=False, help_text="Of the demo: nobody is real."
    )

    class Meta:
        verbose_name_plural = "facilities"
        ordering = ("code",)
        triggers = (known_time_zone("facility_time_zone_known", "time_zone"),)
        constraints = (
            valid_npi("facility_npi_valid"),
            telephone("facility_phone_format", "phone"),
            telephone("facility_fax_format", "fax"),
            tax_number("facility_tax_id_format", "tax_id"),
            models.CheckConstraint(
                condition=Q(place_of_service__regex=r"^[0-9]{2}$"), name="facility_pos_two_digits"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def bills_by_method_ii(self, on: date) -> bool:
        """Whether the hospital bills the physicians' part of that day for Medicare."""
        return self.method_ii_from is not None and self.method_ii_from <= on

    @property
    def tz(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)


class ProviderRole(models.TextChoices):
    """What a clinician is credentialed as."""

    RADIATION_ONCOLOGIST = "radiation_oncologist", "Radiation oncologist"
    RESIDENT = "resident", "Resident"
    PHYSICIST = "physicist", "Physicist"
    THERAPIST = "therapist", "Therapist"
    OTHER = "other", "Other"
    UNKNOWN = "unknown", "Not in our book"


@tracked
class Provider(models.Model):
    """A clinician: the rendering physician, the therapist who treated, the physicist."""

    npi = models.CharField("NPI", max_length=10, blank=True)
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=24, choices=ProviderRole)
    taxonomy = models.CharField(max_length=10, blank=True)
    user = models.OneToOneField(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="provider"
    )
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ("name",)
        constraints = (
            valid_npi("provider_npi_valid"),
            one_of("provider_role_known", "role", ProviderRole),
            models.UniqueConstraint(
                fields=("npi",), condition=~Q(npi=""), name="provider_npi_once"
            ),
            models.UniqueConstraint(
                fields=("name", "role"), condition=Q(npi=""), name="provider_without_npi_once"
            ),
        )

    def __str__(self) -> str:
        return self.name


@tracked
class Membership(models.Model):
    """A person's role in one facility, or in all of them when no facility is named."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    facility = models.ForeignKey(
        Facility,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        help_text="Empty means every facility.",
    )
    role = models.CharField(max_length=16, choices=Role)

    class Meta:
        constraints = (
            one_of("membership_role_known", "role", Role),
            models.UniqueConstraint(
                fields=("user", "facility", "role"),
                name="membership_once",
                nulls_distinct=False,
            ),
        )

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()} at {self.facility or 'every facility'}"


class AccessEventAction(models.TextChoices):
    """What somebody did with patient data."""

    VIEW = "view", "Viewed"
    SEARCH = "search", "Searched"
    EXPORT = "export", "Exported"


class AccessEvent(models.Model):
    """Somebody read a patient's page or exported patient rows. Written once, never changed."""

    Action = AccessEventAction

    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=8, choices=Action)
    page = models.CharField(max_length=80, help_text="The name of the page, never its address.")
    patient_number = models.BigIntegerField(
        null=True, help_text="Our own number of the patient, no identifier of the outside world."
    )
    row_number = models.BigIntegerField(
        null=True, help_text="Our own number of the document, where one was opened."
    )
    rows = models.PositiveIntegerField(default=1)
    address = models.GenericIPAddressField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=("patient_number", "-at"), name="access_by_patient"),
            models.Index(fields=("by", "-at"), name="access_by_person"),
            models.Index(
                fields=("page", "row_number"),
                condition=models.Q(row_number__isnull=False),
                name="access_by_document",
            ),
        )
        triggers = (append_only("access_event_append_only"),)
        constraints = (one_of("access_event_action_known", "action", AccessEventAction),)

    def __str__(self) -> str:
        return f"{self.by} {self.get_action_display().lower()} {self.page}"


class SignInFailure(models.Model):
    """A try to sign in whose password did not prove right: kept for a day to slow guessing down."""

    name = models.CharField(max_length=150)
    address = models.GenericIPAddressField(null=True)
    device = models.CharField(
        max_length=22, blank=True, db_default="", help_text="A browser that knew the name before."
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = (
            models.Index(fields=("name", "at"), name="sign_in_failure_by_name"),
            models.Index(fields=("address", "at"), name="sign_in_failure_by_address"),
        )

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"


@tracked
class DutySetting(models.Model):
    """A row of the table of two people that a small practice switches off for some days.

    The key names the row in accounts/separation.py. The audit shows who switched it off, and why.
    """

    duty = models.CharField(max_length=40, help_text="The key of the row that is switched off.")
    effective_from = models.DateField()
    effective_through = models.DateField(null=True, blank=True)
    reason = models.TextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("duty", "effective_from")
        constraints = (
            in_order("duty_setting_in_order", "effective_from", "effective_through"),
            never_overlapping("duty_setting_once", "duty"),
            models.CheckConstraint(condition=~Q(reason=""), name="duty_setting_has_a_reason"),
        )

    def __str__(self) -> str:
        return f"{self.duty} switched off from {self.effective_from}"


from accounts.proposed_change import ProposedChange as ProposedChange  # noqa: E402 - they
from accounts.sent_forms import KeptForm as KeptForm  # noqa: E402 - refer to people
from accounts.sent_forms import SentForm as SentForm  # noqa: E402
