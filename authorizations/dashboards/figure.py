"""What a figure is: its words, the rows it counts, the rows it is a part of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Q, QuerySet

from authorizations.dashboards.bases import Base
from authorizations.dashboards.benchmarks import Benchmark, benchmark_of
from authorizations.dashboards.period import Period

FEW = 20  # a share or a median of fewer rows is shown pale and ranks nobody
Where = Callable[[Period], Q]


class Kind(StrEnum):
    """How a figure comes from its rows."""

    COUNT = "count"  # so many rows
    SHARE = "share"  # rows of the numerator in a hundred of the denominator
    RATIO = "ratio"  # a sum in a hundred of another sum over the same rows
    MONEY = "money"  # a sum of dollars
    DAYS = "days"  # a sum of days
    PERCENTILE = "percentile"  # days, of which so many percent of the rows took fewer


def every(period: Period) -> Q:
    return Q()


def these(**conditions: object) -> Where:
    """The rows of the base that fulfil fixed conditions."""
    return lambda period: Q(**conditions)


@dataclass(frozen=True)
class Figure:
    """One figure: its rows (the numerator), the rows it is a part of (the denominator), its words.

    ``where`` is always within ``of``. ``field`` is what is summed or measured, ``out_of`` what a
    ratio divides by.
    """

    key: str
    label: str
    definition: str
    base: Base
    where: Where = every
    kind: Kind = Kind.COUNT
    of: Where | None = None
    field: str = ""
    out_of: str = ""
    fraction: float = 0
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
        return self.base.rows(period).filter(self.where(period))

    def rows_of(self, period: Period) -> QuerySet:
        """The rows of the denominator; the same rows where there is none."""
        return self.base.rows(period).filter((self.of or self.where)(period))

    def benchmark(self, line_of_business: str = "") -> Benchmark | None:
        return benchmark_of(self.key, line_of_business)
