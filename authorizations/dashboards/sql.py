"""Pieces of SQL that figures share: days by the facility's clock, percentiles, the policy."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import (
    Aggregate,
    DateField,
    DateTimeField,
    F,
    FloatField,
    Func,
    IntegerField,
    Q,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Least
from django.db.models.lookups import Exact

from authorizations.dashboards.policy_sql import Requirement, policy_answer
from payers.policies.state_law import PROHIBITIONS, STATE_REGULATED


class Percentile(Aggregate):
    """A percentile as PostgreSQL interpolates it: 0.5 is the median."""

    function = "percentile_cont"
    template = "%(function)s(%(fraction)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()

    def __init__(self, expression: Any, fraction: float, **options: Any) -> None:
        super().__init__(expression, fraction=fraction, **options)


def day_there(moment: str) -> Cast:
    """The day of a moment by the clock of the facility of the request."""
    there = Func(
        F("facility__time_zone"), F(moment), function="timezone", output_field=DateTimeField()
    )
    return Cast(there, DateField())


class DaysBetween(Func):
    """Whole days from one date to another."""

    template = "(%(expressions)s)"
    arg_joiner = " - "
    output_field = IntegerField()


def days_between(last: str, first: Any) -> DaysBetween:
    return DaysBetween(F(last), first)


def Earliest(*names: str | date) -> Least:
    """The earliest of some dates; empty ones do not count."""
    parts = [F(n) if isinstance(n, str) else Value(n, output_field=DateField()) for n in names]
    return Least(*parts, output_field=DateField())


def plan_requires_authorization() -> Q:
    """Charges whose plan wanted to be asked on the date of service, by the policy in force then.

    The narrowest published policy answers, as in the policy book; where a state forbids asking, or
    nobody knows, nothing is required.
    """
    return Q(Exact(policy_answer(), Requirement.REQUIRED.value)) & ~forbidden()


def whether_unknown() -> Q:
    """Charges of whose plan nobody knew on the date of service whether it wanted to be asked."""
    silent = Coalesce(policy_answer(), Value(Requirement.UNKNOWN.value))
    return Q(Exact(silent, Requirement.UNKNOWN.value), plan__isnull=False) & ~forbidden()


def forbidden() -> Q:
    """Where a state's law forbids asking this kind of plan on that day."""
    found = Q(pk__in=[])
    for law in PROHIBITIONS:
        found |= Q(
            plan__state=law.state,
            plan__line_of_business__in=STATE_REGULATED,
            date_of_service__gte=law.effective_from,
        )
    return found
