"""The ways to group the charge queue. A group and the filter that opens it are one condition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce

from authorizations.models import ChargeStatus
from authorizations.worklists.querysets import FILING_DAYS

NONE = "none"
LONG = 36_500


@dataclass(frozen=True)
class Band:
    """Days between a charge's date and today, both ends inside: “3 to 7 days old”."""

    key: str
    label: str
    least: int
    most: int
    tone: str = "neutral"


AGES = (
    Band("new", "0–2 days old", -LONG, 2),
    Band("week", "3–7 days old", 3, 7),
    Band("fortnight", "8–14 days old", 8, 14),
    Band("month", "15–30 days old", 15, 30, "warn"),
    Band("older", "More than 30 days old", 31, LONG, "bad"),
)
DEADLINES = (
    Band("past", "Filing limit is past", -LONG, -1, "bad"),
    Band("soon", f"To be filed within {FILING_DAYS} days", 0, FILING_DAYS, "bad"),
    Band("month", f"Within {FILING_DAYS + 1}–30 days", FILING_DAYS + 1, 30, "warn"),
    Band("quarter", "Within 31–90 days", 31, 90),
    Band("later", "In more than 90 days", 91, LONG),
)


@dataclass(frozen=True)
class Dimension:
    """One way to group: a column, or bands of days before (−1) or after (+1) today."""

    key: str
    label: str
    field: str
    nothing: str
    empty: str | None = None
    bands: tuple[Band, ...] = ()
    direction: int = 1

    def where(self, value: str, on: date) -> Q:
        """The condition of one group."""
        if value == NONE:
            return Q(**{f"{self.field}__isnull": True} if self.empty is None else self.blank)
        if not self.bands:
            return Q(**{self.field: value})
        band = next(band for band in self.bands if band.key == value)
        return Q(**{f"{self.field}__range": self.span(band, on)})

    @property
    def blank(self) -> dict[str, Any]:
        return {self.field: self.empty}

    def span(self, band: Band, on: date) -> tuple[date, date]:
        """The first and the last day of a band."""
        ends = (
            on + timedelta(days=self.direction * band.least),
            on + timedelta(days=self.direction * band.most),
        )
        return min(ends), max(ends)

    def value(self, on: date) -> Any:
        """The group of a charge, as the database works it out."""
        if not self.bands:
            return F(self.field)
        cases = [When(self.where(band.key, on), then=Value(band.key)) for band in self.bands]
        return Case(*cases, default=Value(NONE), output_field=CharField())


DIMENSIONS: tuple[Dimension, ...] = (
    Dimension("rule", "Finding", "leading_rule", "No finding", empty=""),
    Dimension("disposition", "Severity", "disposition", "Not judged yet", empty=""),
    Dimension("payer", "Payer", "plan__payer", "No coverage"),
    Dimension("plan", "Plan", "plan", "No coverage"),
    Dimension("facility", "Facility", "facility", "No facility"),
    Dimension("physician", "Physician", "session__course__physician", "No physician"),
    Dimension("age", "Age", "date_of_service", "No date", bands=AGES, direction=-1),
    Dimension("deadline", "File by", "filing_deadline", "No limit on file", bands=DEADLINES),
)
BY_KEY = {dimension.key: dimension for dimension in DIMENSIONS}


@dataclass(frozen=True)
class Sums:
    """How many charges, how many units of service, how many dollars; and of these, the clean."""

    count: int = 0
    units: int = 0
    dollars: Decimal = Decimal(0)
    clean: int = 0
    clean_dollars: Decimal = Decimal(0)

    def __add__(self, other: Sums) -> Sums:
        return Sums(
            self.count + other.count,
            self.units + other.units,
            self.dollars + other.dollars,
            self.clean + other.clean,
            self.clean_dollars + other.clean_dollars,
        )


@dataclass(frozen=True)
class Group:
    """One group: the value of its filter, its name and what is in it."""

    value: str
    label: str
    sums: Sums
    tone: str = "neutral"


def group_charges(
    rows: QuerySet, dimension: Dimension, on: date, labels: Mapping[str, str]
) -> list[Group]:
    """Every charge of these rows in one group, the dearest group first, or by days."""
    clean = Q(status=ChargeStatus.READY)
    nothing = Value(Decimal(0))
    found = (
        rows.order_by()
        .annotate(group_value=dimension.value(on))
        .values("group_value")
        .annotate(
            count=Count("pk"),
            units=Coalesce(Sum("units"), 0),
            dollars=Coalesce(Sum("amount"), nothing),
            clean=Count("pk", filter=clean),
            clean_dollars=Coalesce(Sum("amount", filter=clean), nothing),
        )
    )
    groups = [group_of(dict(row), dimension, labels) for row in found]
    return sorted(groups, key=lambda group: rank(group, dimension))


def group_of(row: dict[str, Any], dimension: Dimension, labels: Mapping[str, str]) -> Group:
    raw = row.pop("group_value")
    value = NONE if raw in (None, "") else str(raw)
    band = next((band for band in dimension.bands if band.key == value), None)
    label = band.label if band else labels.get(value, value)
    tone = band.tone if band else "neutral"
    return Group(value, dimension.nothing if value == NONE else label, Sums(**row), tone)


def rank(group: Group, dimension: Dimension) -> tuple:
    """Bands in their order, what has none last; others by dollars."""
    if dimension.bands:
        keys = [band.key for band in dimension.bands]
        return (keys.index(group.value) if group.value in keys else len(keys),)
    return (-group.sums.dollars, -group.sums.count, group.label)


def total_of_groups(groups: list[Group]) -> Sums:
    """What all groups hold together: the figures above the list."""
    return sum((group.sums for group in groups), Sums())
