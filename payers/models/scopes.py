"""Of whom and of what a policy speaks: the columns of its scope and what guards them."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, Substr
from django.db.models.lookups import Exact

from accounts.database.constraints import never_overlapping
from coding.techniques import Technique
from payers.lines_of_business import LineOfBusiness
from payers.models.payers import OTHER_PAYER, Issuer, Payer, Plan
from payers.policies.scope import conditions, conditions_in_words
from payers.policies.ties import tie_refusal


class Component(models.TextChoices):
    """The part of a service that a line is for."""

    PROFESSIONAL = "26", "26: the physician's part"
    TECHNICAL = "TC", "TC: the equipment's part"
    GLOBAL = "global", "Both (no modifier)"


class FacilityType(models.TextChoices):
    """The kind of place in which a service is given."""

    OFFICE = "office", "Office or freestanding center"
    HOSPITAL = "hospital", "Hospital"
    SURGICAL_CENTER = "surgical_center", "Ambulatory surgical center"


PLACES = {
    "11": FacilityType.OFFICE,
    "49": FacilityType.OFFICE,
    "19": FacilityType.HOSPITAL,
    "21": FacilityType.HOSPITAL,
    "22": FacilityType.HOSPITAL,
    "23": FacilityType.HOSPITAL,
    "24": FacilityType.SURGICAL_CENTER,
}
OTHER_PLACE = "other"  # a home, a nursing facility: known, and none of these kinds
MAY_BE_EMPTY = ("issuer", "plan")
SCOPE_COLUMNS = (
    *("payer", "issuer", "line_of_business", "plan"),
    *("code_from", "code_through", "component", "state"),
    *("technique", "body_site", "diagnosis", "facility_type"),
)


def facility_type_of(place_of_service: str) -> str:
    """The kind of facility of a place of service; empty where the place is not known."""
    return str(PLACES.get(place_of_service, OTHER_PLACE)) if place_of_service else ""


class Scoped(models.Model):
    """True for a payer; narrower with every column that names a plan or a service."""

    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="%(class)s_rows")
    issuer = models.ForeignKey(
        Issuer, on_delete=models.PROTECT, null=True, blank=True, related_name="%(class)s_rows"
    )
    line_of_business = models.CharField(max_length=28, blank=True, choices=LineOfBusiness)
    plan = models.ForeignKey(
        Plan, on_delete=models.PROTECT, null=True, blank=True, related_name="%(class)s_rows"
    )
    code_from = models.CharField(
        "code", max_length=5, blank=True, default="", help_text="Only for this code."
    )
    code_through = models.CharField(
        "last code", max_length=5, blank=True, default="", help_text="The last of a range of codes."
    )
    component = models.CharField(max_length=6, blank=True, default="", choices=Component)
    state = models.CharField(
        max_length=2,
        blank=True,
        default="",
        help_text="Only for patients treated in this state: two letters, such as TX.",
    )
    technique = models.CharField(max_length=16, blank=True, default="", choices=Technique)
    body_site = models.CharField(
        "treatment site",
        max_length=60,
        blank=True,
        default="",
        help_text="Words that the course's site must have, such as breast. A diagnosis is surer.",
    )
    diagnosis = models.CharField(
        max_length=8,
        blank=True,
        default="",
        help_text="How the ICD-10 code begins: C50, or C50.4, or C for every malignancy.",
    )
    facility_type = models.CharField(max_length=16, blank=True, default="", choices=FacilityType)

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Refuse, in words, a policy that ties with one in force."""
        super().clean()
        for name in MAY_BE_EMPTY:
            row = getattr(self, name)
            if self.payer_id and row and row.payer_id != self.payer_id:
                raise ValidationError({name: OTHER_PAYER.replace("issuer", name)})
        if (
            self.payer_id
            and getattr(self, "effective_from", None)
            and (refusal := tie_refusal(self))
        ):
            raise ValidationError(refusal)

    @property
    def scope_key(self) -> tuple[object, ...]:
        """The columns of the scope: the same for two rows of one scope."""
        return tuple(self.serializable_value(name) for name in SCOPE_COLUMNS)

    @property
    def codes(self) -> tuple[str, str] | None:
        """The first and the last code of which this row speaks; None for all."""
        return (self.code_from, self.code_through or self.code_from) if self.code_from else None

    @property
    def breadth(self) -> tuple[int, int]:
        """The order of lists: one plan first, the whole payer last, more conditions before less."""
        whom = 0 if self.plan_id else 3 - 2 * bool(self.issuer_id) - bool(self.line_of_business)
        return whom, -len(conditions(self))

    @property
    def whom(self) -> str:
        """For which plans this row speaks, in words."""
        if self.plan_id:
            return str(self.plan)
        lob = self.get_line_of_business_display() if self.line_of_business else "all plans"
        return f"{self.issuer} ({self.payer}), {lob}" if self.issuer else f"{self.payer}, {lob}"

    @property
    def only_for(self) -> str:
        """For which services this row speaks, in words; empty where for all."""
        return conditions_in_words(self)

    @property
    def scope(self) -> str:
        """Whom and what this row speaks for, in words."""
        return f"{self.whom}; only {self.only_for}" if self.only_for else self.whom


def formatted(name: str, column: str, pattern: str, message: str) -> models.CheckConstraint:
    """The column is empty or fits the pattern."""
    return models.CheckConstraint(
        condition=Q(**{column: ""}) | Q(**{f"{column}__regex": pattern}),
        name=name,
        violation_error_message=message,
    )


def chosen(name: str, column: str, choices: type[models.TextChoices]) -> models.CheckConstraint:
    """The column is empty or one of the declared choices."""
    return models.CheckConstraint(
        condition=Q(**{f"{column}__in": ["", *choices.values]}), name=name
    )


def scope_guards(table: str) -> tuple[models.BaseConstraint, ...]:
    """A scope that can be read: known choices, codes in order, a plan without a second line."""
    one_letter = Exact(Substr("code_from", 1, 1), Substr("code_through", 1, 1))
    return (
        chosen(f"{table}_component_known", "component", Component),
        chosen(f"{table}_technique_known", "technique", Technique),
        chosen(f"{table}_facility_type_known", "facility_type", FacilityType),
        formatted(f"{table}_state_format", "state", r"^[A-Z]{2}$", "Two capital letters: TX."),
        formatted(
            f"{table}_diagnosis_format",
            "diagnosis",
            r"^[A-Z]([0-9]([0-9A-Z](\.[0-9A-Z]{1,4})?)?)?$",
            "The beginning of an ICD-10-CM code, such as C50 or C50.4.",
        ),
        formatted(
            f"{table}_body_site_format",
            "body_site",
            r"^[a-z0-9]+( [a-z0-9]+)*$",
            "Words in small letters with one space between them, such as left breast.",
        ),
        formatted(
            f"{table}_code_format",
            "code_from",
            r"^[0-9A-Z][0-9]{3}[0-9A-Z]$",
            "A code has five characters, such as 77387 or G6002.",
        ),
        models.CheckConstraint(
            name=f"{table}_codes_in_order",
            condition=Q(code_through="")
            | Q(code_through__regex=r"^[0-9A-Z][0-9]{3}[0-9A-Z]$", code_through__gt=F("code_from"))
            & ~Q(code_from="")
            & Q(one_letter),
            violation_error_message="The last code comes after the first and begins like it.",
        ),
        models.CheckConstraint(
            name=f"{table}_plan_alone",
            condition=Q(plan__isnull=True) | Q(line_of_business="", issuer__isnull=True),
            violation_error_message="A plan has its issuer and line: leave these empty.",
        ),
    )


def row_or_none(name: str) -> Coalesce:
    """The number of the row that a column names; 0 where it names none."""
    return Coalesce(F(name), Value(0), output_field=models.BigIntegerField())


def once_per_day(table: str, *keys: str, message: str) -> tuple[models.BaseConstraint, ...]:
    """Among what is published, and among what is proposed, one answer for each scope and day."""
    columns = [row_or_none(name) if name in MAY_BE_EMPTY else name for name in SCOPE_COLUMNS]
    return tuple(
        never_overlapping(
            f"{table}_{name}",
            *columns,
            *keys,
            condition=Q(is_published=flag),
            message=message,
        )
        for name, flag in (("never_overlaps", True), ("proposed_once", False))
    )
