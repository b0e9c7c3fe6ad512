"""Pieces of SQL that figures share: days by the facility's clock, percentiles, the policy."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import (
    Aggregate,
    Case,
    DateField,
    DateTimeField,
    F,
    FloatField,
    Func,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Least
from django.db.models.lookups import Exact

from payers.models import AuthorizationPolicy
from payers.policies.state_law import PROHIBITIONS, STATE_REGULATED

Requirement = AuthorizationPolicy.Requirement


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


def policy_answer() -> Subquery:
    """What the narrowest published policy in force on the date of service says."""
    speaks = AuthorizationPolicy.objects.filter(
        Q(plan=OuterRef("plan"))
        | Q(plan__isnull=True, line_of_business__in=("", OuterRef("plan__line_of_business"))),
        Q(effective_through__isnull=True) | Q(effective_through__gte=OuterRef("date_of_service")),
        payer=OuterRef("plan__payer"),
        effective_from__lte=OuterRef("date_of_service"),
        is_published=True,
    )
    breadth = Case(When(plan__isnull=False, then=0), When(line_of_business="", then=2), default=1)
    return Subquery(speaks.order_by(breadth, "pk").values("requirement")[:1])


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
