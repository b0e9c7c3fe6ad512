"""Sums over rows: what figures are made of. They add up over payers, days and facilities."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from math import ceil, floor
from typing import Any

from django.db.models import Aggregate, Count, Q, QuerySet, Sum

from authorizations.dashboards.period import Period

Where = Callable[[Period], Q]
Limit = Callable[[Period], date]
Key = tuple[int | None, str]  # payer, line of business


def every(period: Period) -> Q:
    return Q()


@dataclass(frozen=True)
class Measure:
    """So many rows that fulfil every condition, or the sum of a field over them.

    ``until``: only those whose ``on`` is no later. Kept counts know the days of their rows, so they
    hold the number without that limit.
    """

    conditions: tuple[Where, ...]
    field: str = ""
    is_money: bool = False
    on: str = ""
    until: Limit | None = None

    @property
    def unlimited(self) -> Measure:
        return replace(self, on="", until=None)

    def aggregate(self, period: Period) -> Aggregate:
        within = all_of(self.conditions, period) & self.limit(period)
        return Sum(self.field, filter=within) if self.field else Count("pk", filter=within)

    def limit(self, period: Period, on: str = "") -> Q:
        """Whether a day is early enough to count."""
        return Q(**{f"{on or self.on}__lte": self.until(period)}) if self.until else Q()


@dataclass(frozen=True)
class Distribution:
    """How often each value of a field occurs among the rows that fulfil every condition."""

    conditions: tuple[Where, ...]
    field: str


def conditions(*given: Where) -> tuple[Where, ...]:
    """Each condition once; the one that every row fulfils says nothing."""
    return tuple(dict.fromkeys(where for where in given if where is not every))


def all_of(given: Iterable[Where], period: Period) -> Q:
    found = Q()
    for where in given:
        found &= where(period)
    return found


@dataclass
class Totals:
    """What some rows come to: their numbers, and their values where a percentile is wanted."""

    numbers: Counter[Measure] = field(default_factory=Counter)
    spreads: dict[Distribution, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, other: Totals) -> None:
        self.numbers.update(other.numbers)
        for spread, values in other.spreads.items():
            self.spreads[spread].update(values)


Tallies = dict[Key, Totals]


def of_rows(
    rows: QuerySet,
    who: tuple[str, str],
    period: Period,
    numbers: Iterable[Measure],
    spreads: Iterable[Distribution],
) -> Tallies:
    """What the rows of each payer and line of business come to; ``who`` names both columns."""
    found: Tallies = defaultdict(Totals)
    named = {f"n{place}": number for place, number in enumerate(numbers)}
    wanted = {name: number.aggregate(period) for name, number in named.items()}
    rows = rows.order_by()
    for row in rows.values(*who).annotate(**wanted):
        tally = found[payer_key(row, who)]
        tally.numbers.update({number: row[name] or 0 for name, number in named.items()})
    for spread in spreads:
        within = rows.filter(all_of(spread.conditions, period)).values(*who, spread.field)
        for row in within.annotate(n=Count("pk")):
            if row[spread.field] is not None:
                found[payer_key(row, who)].spreads[spread][row[spread.field]] += row["n"]
    return found


def payer_key(row: dict[str, Any], who: tuple[str, str]) -> Key:
    payer, line = who
    return row[payer], row[line] or ""


def merge(many: Iterable[Tallies]) -> Tallies:
    """By payer and line of business, all of them together."""
    found: Tallies = defaultdict(Totals)
    for tallies in many:
        for key, tally in tallies.items():
            found[key].add(tally)
    return found


def total_of_tallies(tallies: Iterable[Totals]) -> Totals:
    found = Totals()
    for tally in tallies:
        found.add(tally)
    return found


def percentile(values: Counter[int], fraction: float) -> float | None:
    """As PostgreSQL's percentile_cont finds it: between two neighbours in proportion."""
    count = sum(values.values())
    if not count:
        return None
    place = fraction * (count - 1)
    low, high = at(values, floor(place)), at(values, ceil(place))
    return low + (place - floor(place)) * (high - low)


def at(values: Counter[int], place: int) -> float:
    """The value at a place (from 0) when all are set in a row, the smallest first."""
    passed = 0
    for value in sorted(values):
        passed += values[value]
        if passed > place:
            return float(value)
    raise IndexError(place)


def share(part: int | Decimal, whole: int | Decimal) -> Decimal | None:
    """So many in a hundred; None of nothing."""
    return Decimal(100 * part) / whole if whole else None
