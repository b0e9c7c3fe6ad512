"""What a figure is: its words, the rows it counts, the rows it is a part of."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db.models import Q, QuerySet

from authorizations.dashboards.aggregates import (
    Distribution,
    Limit,
    Measure,
    Totals,
    Where,
    conditions,
    every,
    percentile,
    share,
)
from authorizations.dashboards.benchmarks import Benchmark, benchmark_of
from authorizations.dashboards.period import Period
from authorizations.dashboards.rowsets import RowSet

FEW = 20  # a share or a median of fewer rows is shown pale and ranks nobody


class Kind(StrEnum):
    """How a figure comes from its rows."""

    COUNT = "count"  # so many rows
    SHARE = "share"  # rows of the numerator in a hundred of the denominator
    RATIO = "ratio"  # a sum in a hundred of another sum over the same rows
    MONEY = "money"  # a sum of dollars
    DAYS = "days"  # a sum of days
    PERCENTILE = "percentile"  # days, of which so many percent of the rows took fewer


def these(**conditions: object) -> Where:
    """The rows of the base that fulfil fixed conditions."""
    return lambda period: Q(**conditions)


@dataclass(frozen=True)
class Figure:
    """One figure: its rows (the numerator), the rows it is a part of (the denominator), its words.

    ``where`` is always within ``of``, which ``whole`` says in words. ``field`` is what is summed or
    measured, ``out_of`` what a ratio divides by, ``until`` the last day of the base's days that
    counts.
    """

    key: str
    label: str
    definition: str
    base: RowSet
    where: Where = every
    kind: Kind = Kind.COUNT
    of: Where | None = None
    whole: str = ""
    field: str = ""
    out_of: str = ""
    fraction: float = 0
    until: Limit | None = None
    tone: str = ""
    short: str = ""

    @property
    def heading(self) -> str:
        """Its name where there is little room."""
        return self.short or self.label

    @property
    def noun(self) -> str:
        return self.base.noun

    @property
    def is_share(self) -> bool:
        return self.kind in (Kind.SHARE, Kind.RATIO)

    @property
    def marks_few(self) -> bool:
        """Whether a small number of rows makes it unreliable."""
        return self.is_share or self.kind == Kind.PERCENTILE

    def rows(self, period: Period) -> QuerySet:
        """The rows counted, summed or measured."""
        return self.base.rows(period).filter(self.where(period), self.counted.limit(period))

    def rows_of(self, period: Period) -> QuerySet:
        """The rows of the denominator; the same rows where there is none."""
        within = (self.of or self.where)(period)
        return self.base.rows(period).filter(within, self.out_of_rows.limit(period))

    @property
    def counted(self) -> Measure:
        """How many rows it counts."""
        return self.number(self.of or self.where, self.where)

    @property
    def out_of_rows(self) -> Measure:
        """How many rows these are a part of."""
        return self.number(self.of or self.where)

    @property
    def summed(self) -> Measure | None:
        if not self.field or self.kind == Kind.PERCENTILE:
            return None
        return self.number(self.where, field=self.field, is_money=self.kind == Kind.MONEY)

    @property
    def summed_whole(self) -> Measure | None:
        return self.number(self.of or self.where, field=self.out_of) if self.out_of else None

    def number(self, *where: Where, **what: Any) -> Measure:
        on = self.base.days.day if self.base.days and self.until else ""
        return Measure(conditions(*where), on=on, until=self.until, **what)

    @property
    def numbers(self) -> tuple[Measure, ...]:
        """All that has to be known of its rows, but for a percentile."""
        wanted = self.counted, self.out_of_rows, self.summed, self.summed_whole
        return tuple(number for number in wanted if number)

    @property
    def spread(self) -> Distribution | None:
        """The values of which it is a percentile."""
        is_wanted = self.kind == Kind.PERCENTILE
        return Distribution(conditions(self.where), self.field) if is_wanted else None

    def value(self, tally: Totals) -> Decimal | float | None:
        """What it comes to."""
        if self.spread:
            return percentile(tally.spreads.get(self.spread, Counter()), self.fraction)
        sides = self.sides(tally)
        if sides:
            return share(*sides)
        return tally.numbers[self.summed or self.counted]

    def sides(self, tally: Totals) -> tuple[int | Decimal, int | Decimal] | None:
        """What is divided by what: rows of a share, units of a ratio; None where nothing is."""
        if self.kind == Kind.RATIO:
            return tally.numbers[self.summed], tally.numbers[self.summed_whole]
        if self.kind == Kind.SHARE:
            return tally.numbers[self.counted], tally.numbers[self.out_of_rows]
        return None

    def benchmark(self, line_of_business: str = "") -> Benchmark | None:
        return benchmark_of(self.key, line_of_business)
