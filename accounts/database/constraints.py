"""Guards that several tables share: pairs, national provider identifiers, spans that never
overlap.
"""

from __future__ import annotations

import re

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q


class NpiIsValid(Func):
    """True when ten digits carry a right check digit (Luhn over 80840 and the number)."""

    function = "npi_is_valid"
    output_field = models.BooleanField()


def npi_check_digit(first_nine: str) -> str:
    """The tenth digit of a national provider identifier, from its first nine."""
    digits = [int(digit) for digit in "80840" + first_nine]
    doubled = [digit * 2 for digit in digits[::-2]]
    total = sum(d - 9 if d > 9 else d for d in doubled) + sum(digits[-2::-2])
    return str(-total % 10)


def npi_is_valid(npi: str) -> bool:
    """Whether a text is ten digits with a right check digit."""
    return bool(re.fullmatch(r"[0-9]{10}", npi)) and npi_check_digit(npi[:9]) == npi[9]


def valid_npi(name: str, field: str = "npi") -> models.CheckConstraint:
    """The number is empty or ten digits with a right check digit."""
    return models.CheckConstraint(
        condition=Q(**{field: ""}) | Q(NpiIsValid(F(field))),
        name=name,
        violation_error_message="This NPI is not right: ten digits, the last one a check digit.",
    )


def paired(name: str, at: str, by: str) -> models.CheckConstraint:
    """A moment and its person: both are given or neither."""
    return models.CheckConstraint(
        condition=Q(**{f"{at}__isnull": True, f"{by}__isnull": True})
        | Q(**{f"{at}__isnull": False, f"{by}__isnull": False}),
        name=name,
    )


# The usual ones need no look-up in PostgreSQL's list, which takes a fiftieth of a second.
USUAL_TIME_ZONES = (
    "America/New_York",
    "America/Detroit",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
)


def known_time_zone(name: str, field: str, *, may_be_empty: bool = False) -> pgtrigger.Trigger:
    """The column holds a time zone that PostgreSQL knows by exactly this name."""
    usual = ", ".join(f"'{zone}'" for zone in (*USUAL_TIME_ZONES, *[""] * may_be_empty))
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf(field),
        func=f"""
            IF NEW.{field} NOT IN ({usual}) AND NOT EXISTS (
                SELECT 1 FROM pg_timezone_names WHERE name = NEW.{field}) THEN
                RAISE EXCEPTION 'Not a time zone: write it like America/Chicago'
                    USING ERRCODE = 'check_violation', CONSTRAINT = '{name}';
            END IF;
            RETURN NEW;
        """,
    )


def one_of(name: str, field: str, choices: type[models.TextChoices]) -> models.CheckConstraint:
    """The column holds one of the declared choices (an empty one only if declared)."""
    return models.CheckConstraint(condition=Q(**{f"{field}__in": choices.values}), name=name)


def tax_number(name: str, field: str) -> models.CheckConstraint:
    """The tax ID of who bills, or nothing."""
    return models.CheckConstraint(
        condition=Q((field, "")) | Q((f"{field}__regex", r"^[0-9]{2}-[0-9]{7}$")),
        name=name,
        violation_error_message="A tax ID has two digits, a hyphen and seven digits.",
    )


def telephone(name: str, field: str) -> models.CheckConstraint:
    """The number is empty or one that can be dialled: digits, with signs between them."""
    return models.CheckConstraint(
        condition=Q(**{field: ""}) | Q(**{f"{field}__regex": r"^\+?[0-9][0-9 ().x/-]{5,23}[0-9]$"}),
        name=name,
        violation_error_message="A telephone number: digits, such as 555-555-0123 or 0123 x45.",
    )


class DateSpan(Func):
    """From one day through another, both inside; an open end has none."""

    function = "day_span"
    output_field = DateRangeField()


def never_overlapping(
    name: str,
    *keys: str | models.expressions.Combinable,
    start: str = "effective_from",
    end: str = "effective_through",
    condition: Q | None = None,
    message: str = "Another row is already in force on some of these dates.",
) -> ExclusionConstraint:
    """No two rows of one key are in force on the same day (dates inclusive)."""
    span = DateSpan(F(start), F(end))
    expressions = [(key, RangeOperators.EQUAL) for key in keys]
    return ExclusionConstraint(
        name=name,
        expressions=[*expressions, (span, RangeOperators.OVERLAPS)],
        condition=condition,
        violation_error_message=message,
    )


def in_order(
    name: str, start: str, end: str, *, start_may_be_empty: bool = False
) -> models.CheckConstraint:
    """The last day is not before the first. An open end is allowed; one without a first day is
    not, where the first day may be empty too.
    """
    begins = Q(**{f"{start}__isnull": False}) if start_may_be_empty else Q()
    return models.CheckConstraint(
        condition=Q(**{f"{end}__isnull": True}) | begins & Q(**{f"{end}__gte": F(start)}),
        name=name,
        violation_error_message="The last day is before the first.",
    )
