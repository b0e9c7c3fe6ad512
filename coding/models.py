"""The books of codes: procedure codes and their editions, modifiers, places, published numbers."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.database.constraints import never_overlapping, one_of
from accounts.database.triggers import tracked
from coding.code_fact import CodeFact as CodeFact
from coding.effective import Effective, Sourced, dated, sourced
from coding.geography import FacilityLocality as FacilityLocality
from coding.geography import GeographicIndex as GeographicIndex
from coding.hospital_payment import HospitalPayment as HospitalPayment


class ProcedureCodeKind(models.TextChoices):
    """What sort it is."""

    GUIDANCE = "guidance", "Image guidance"
    DELIVERY = "delivery", "Treatment delivery"
    MANAGEMENT = "management", "Treatment management"
    PLANNING = "planning", "Planning and devices"
    VERIFICATION = "verification", "Verification image"
    OTHER = "other", "Other"


@tracked
class ProcedureCode(models.Model):
    """A CPT or HCPCS code under our own short description, never the AMA's wording."""

    Kind = ProcedureCodeKind

    code = models.CharField(max_length=5, unique=True)
    kind = models.CharField(max_length=16, choices=Kind)
    short_description = models.CharField(max_length=160, help_text="In our own words.")

    class Meta:
        ordering = ("code",)
        constraints = (
            one_of("procedure_code_kind_known", "kind", ProcedureCodeKind),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[0-9A-Z][0-9]{3}[0-9A-Z]$"),
                name="procedure_code_format",
                violation_error_message="Five characters, such as 77387 or G6002.",
            ),
        )

    def __str__(self) -> str:
        return self.code


class CodeEditionStanding(models.TextChoices):
    """Whether the code may be used."""

    VALID = "valid", "Valid"
    NOT_PAYABLE = "not_payable", "Valid, not payable by Medicare"
    DELETED = "deleted", "Deleted"


@tracked
class CodeEdition(Effective, Sourced):
    """What a code means and whether it is valid, for a span of dates of service."""

    Standing = CodeEditionStanding

    code = models.ForeignKey(ProcedureCode, on_delete=models.PROTECT, related_name="editions")
    standing = models.CharField(max_length=12, choices=Standing)
    meaning = models.TextField(help_text="What it stands for in these years, in our own words.")
    includes_guidance = models.BooleanField(
        default=False, help_text="The technical part of guidance is inside this code."
    )
    replaced_by = ArrayField(models.CharField(max_length=8), default=list, blank=True)

    class Meta:
        ordering = ("code", "effective_from")
        constraints = (
            *sourced("code_edition"),
            dated("code_edition"),
            one_of("code_edition_standing_known", "standing", CodeEditionStanding),
            never_overlapping("code_edition_never_overlaps", "code"),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.span}"


class ModifierKind(models.TextChoices):
    """What sort it is."""

    COMPONENT = "component", "Component"
    REPEAT = "repeat", "Repeat"
    DISTINCT = "distinct", "Distinct service"
    INFORMATION = "information", "Informational"
    NOT_HERE = "not_here", "Not used on guidance"


@tracked
class Modifier(Sourced):
    """Two characters that qualify a code on a line."""

    Kind = ModifierKind

    code = models.CharField(max_length=2, unique=True)
    kind = models.CharField(max_length=12, choices=Kind)
    name = models.CharField(max_length=80)
    when_to_use = models.TextField()
    before_2026 = models.TextField(blank=True)
    since_2026 = models.TextField(blank=True)
    conflicts = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("code",)
        constraints = (
            *sourced("modifier"),
            one_of("modifier_kind_known", "kind", ModifierKind),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[0-9A-Z]{2}$"), name="modifier_format"
            ),
        )

    def __str__(self) -> str:
        return self.code


@tracked
class PlaceOfService(Sourced):
    """The two-digit setting in which a service is given."""

    code = models.CharField(max_length=2, unique=True)
    name = models.CharField(max_length=80)
    is_facility = models.BooleanField(help_text="The hospital bills the equipment's part.")
    note = models.TextField(blank=True)

    class Meta:
        ordering = ("code",)
        verbose_name_plural = "places of service"
        constraints = (
            *sourced("place_of_service"),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[0-9]{2}$"), name="place_of_service_format"
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class DiagnosisCode(models.Model):
    """An ICD-10-CM code with its public description."""

    code = models.CharField(max_length=8, unique=True)
    description = models.CharField(max_length=240)
    is_malignancy = models.BooleanField(default=False)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return f"{self.code} {self.description}"


class EditTable(models.TextChoices):
    """Which of the CMS edit tables a row belongs to."""

    PRACTITIONER = "practitioner", "Practitioner"
    OUTPATIENT_HOSPITAL = "outpatient_hospital", "Outpatient hospital"


@tracked
class UnitLimit(Effective, Sourced):
    """The published unit limit (MUE) of a code per day, and how it is adjudicated."""

    code = models.CharField(max_length=5)
    table = models.CharField(max_length=20, choices=EditTable)
    units = models.PositiveSmallIntegerField()
    adjudication = models.PositiveSmallIntegerField(
        help_text="1 line edit, 2 absolute per day, 3 per day and open to proof."
    )
    release = models.CharField(max_length=40)

    class Meta:
        ordering = ("code", "table", "effective_from")
        constraints = (
            *sourced("unit_limit"),
            dated("unit_limit"),
            one_of("unit_limit_table_known", "table", EditTable),
            models.CheckConstraint(
                condition=Q(adjudication__in=(1, 2, 3)), name="unit_limit_adjudication_known"
            ),
            never_overlapping("unit_limit_never_overlaps", "code", "table"),
        )

    def __str__(self) -> str:
        return f"{self.code}: {self.units} a day ({self.get_table_display()}, {self.span})"


@tracked
class PairEdit(Effective, Sourced):
    """A published pairing (NCCI) of two codes on one day."""

    table = models.CharField(max_length=20, choices=EditTable)
    column_one = models.CharField(max_length=5)
    column_two = models.CharField(max_length=5)
    indicator = models.PositiveSmallIntegerField(
        help_text="0 never together, 1 with a distinct-service modifier, 9 withdrawn."
    )
    rationale = models.CharField(max_length=160, blank=True)
    release = models.CharField(max_length=40)
    is_provisional = models.BooleanField(default=False)

    class Meta:
        ordering = ("column_one", "column_two", "effective_from")
        constraints = (
            *sourced("pair_edit"),
            dated("pair_edit"),
            one_of("pair_edit_table_known", "table", EditTable),
            models.CheckConstraint(
                condition=Q(indicator__in=(0, 1, 9)), name="pair_edit_indicator_known"
            ),
            never_overlapping("pair_edit_never_overlaps", "table", "column_one", "column_two"),
        )

    def __str__(self) -> str:
        return f"{self.column_one} / {self.column_two} ({self.indicator}, {self.span})"


@tracked
class FeeScheduleRow(Effective, Sourced):
    """One row of the Medicare relative value file: status and relative value units of a code."""

    code = models.CharField(max_length=5)
    modifier = models.CharField(max_length=2, blank=True)
    status = models.CharField(
        max_length=1, help_text="A active, B bundled, I not valid, C carrier."
    )
    work_rvu = models.DecimalField(max_digits=7, decimal_places=2)
    practice_rvu = models.DecimalField("practice RVU", max_digits=7, decimal_places=2)
    facility_practice_rvu = models.DecimalField(
        "facility practice RVU", max_digits=7, decimal_places=2, null=True, blank=True
    )
    is_priced_in_facility = models.BooleanField(
        default=True, db_default=True, help_text="No: the file says NA for a facility."
    )
    is_priced_outside_facility = models.BooleanField(
        default=True, db_default=True, help_text="No: the file says NA outside a facility."
    )
    malpractice_rvu = models.DecimalField(max_digits=7, decimal_places=2)
    component_indicator = models.CharField(max_length=1, blank=True)
    global_days = models.CharField(max_length=3, blank=True)
    release = models.CharField(max_length=40)

    class Meta:
        ordering = ("code", "modifier", "effective_from")
        constraints = (
            *sourced("fee_schedule_row"),
            dated("fee_schedule_row"),
            never_overlapping("fee_schedule_row_never_overlaps", "code", "modifier"),
        )

    def __str__(self) -> str:
        return f"{self.code}{'-' + self.modifier if self.modifier else ''} {self.span}"


class ConversionFactorTrack(models.TextChoices):
    """Which of the two published factors."""

    STANDARD = "standard", "Standard"
    QUALIFYING = "qualifying", "Qualifying participant"


@tracked
class ConversionFactor(Effective, Sourced):
    """Dollars per relative value unit, as published for a year."""

    Track = ConversionFactorTrack

    track = models.CharField(max_length=12, choices=Track, default=Track.STANDARD)
    dollars_per_rvu = models.DecimalField(max_digits=8, decimal_places=4)

    class Meta:
        ordering = ("track", "effective_from")
        constraints = (
            *sourced("conversion_factor"),
            dated("conversion_factor"),
            one_of("conversion_factor_track_known", "track", ConversionFactorTrack),
            models.CheckConstraint(
                condition=Q(dollars_per_rvu__gt=0), name="conversion_factor_positive"
            ),
            never_overlapping("conversion_factor_never_overlaps", "track"),
        )

    def __str__(self) -> str:
        return f"{self.dollars_per_rvu} ({self.get_track_display()}, {self.span})"
