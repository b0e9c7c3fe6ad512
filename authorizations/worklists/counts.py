"""What the queues count of a course in the database: fractions given, guidance units left."""

from __future__ import annotations

from datetime import date

from django.db.models import (
    Case,
    Count,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Least

from authorizations.models import AuthorizedService, GuidanceSession
from coding.rules.facts import GUIDANCE


def granted(on: date, **when: object) -> QuerySet:
    """Lines of guidance that the payer allows and nothing has replaced by a day; by their dates."""
    rows = AuthorizedService.objects.granted().not_replaced_by(on)
    return rows.filter(code=GUIDANCE, **when)


def fractions_done() -> Coalesce:
    rows = (
        GuidanceSession.objects.live()
        .filter(course=OuterRef("pk"))
        .order_by()
        .values("course")
        .annotate(n=Count("*"))
        .values("n")
    )
    return Coalesce(Subquery(rows, output_field=IntegerField()), Value(0))


def has_fractions_to_come() -> Q:
    """Courses with ``fractions_done`` that have fractions to come, or have no plan yet."""
    return Q(fractions_planned__isnull=True) | Q(fractions_done__lt=F("fractions_planned"))


class DaysUntil(Func):
    """Whole days from the second date to the first."""

    template = "(%(expressions)s)"
    arg_joiner = " - "
    output_field = IntegerField()


class Cardinality(Func):
    """How many elements an array has."""

    function = "cardinality"
    output_field = IntegerField()


def units_left(on: date) -> Subquery:
    """Units of guidance approved, not used and not over; null where nothing is approved.

    Of an authorization that is replaced on a later day, at most one for each day of treatment and
    daily fraction until then: what is left over on that day helps nobody.
    """
    left = F("units_approved") - F("units_used")
    until = DaysUntil("authorization__superseded_from", Value(on))
    weekdays = Cardinality("authorization__course__weekdays")
    usable = (until - until / 7 * (7 - weekdays)) * F("authorization__course__fractions_per_day")
    replaced = When(authorization__superseded_from__isnull=False, then=Least(left, usable))
    rows = (
        granted(on, authorization__course=OuterRef("pk"), valid_through__gte=on)
        .order_by()
        .values("authorization__course")
        .annotate(left=Sum(Case(replaced, default=left, output_field=IntegerField())))
        .values("left")
    )
    return Subquery(rows, output_field=IntegerField())
