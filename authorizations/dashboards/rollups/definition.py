"""What is counted by day of a set of rows: which numbers, in which order, by which definition."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache

from django.db.models import Count, F, QuerySet

from accounts.models import Facility
from authorizations.dashboards.aggregates import Distribution, Measure, all_of
from authorizations.dashboards.figure_list import FIGURES
from authorizations.dashboards.period import Period
from authorizations.dashboards.rowsets import BASES, RowSet

KEYS = ("on_day", "at_place", "by_plan")
SOME_NOON = datetime(2000, 1, 1, 12, tzinfo=UTC)  # the same day by every clock there is
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date.max
COUNTED = tuple(base for base in BASES if base.days and base.kept_as is base)


@dataclass(frozen=True)
class Subject:
    """A base and the numbers that are kept of it: sums, then each spread by itself."""

    base: RowSet
    numbers: tuple[Measure, ...]
    spreads: tuple[Distribution, ...]

    def place(self, number: Measure) -> int:
        """Where a number stands among those kept (from 0)."""
        return self.numbers.index(number.unlimited)

    def measure(self, spread: Distribution) -> str:
        return f"{spread.field}{self.spreads.index(spread)}"

    def rows(self, period: Period) -> QuerySet:
        """Its rows by day, facility and plan, without those that time alone may still change."""
        days = self.base.days
        rows = self.base.to_count(period)
        if self.base.is_now:
            rows = rows.filter(**{f"{days.day}__range": period.days})
        if days.settled:
            rows = rows.filter(days.settled(over(period)))
        columns = dict(zip(KEYS, map(F, (days.day, days.facility, days.plan)), strict=True))
        return rows.order_by().values(**columns)

    def sums(self, period: Period) -> QuerySet:
        wanted = (number.aggregate(period) for number in self.numbers)
        return self.rows(period).annotate(**{f"n{n}": w for n, w in enumerate(wanted)})

    def spread(self, spread: Distribution, period: Period) -> QuerySet:
        """How often each value occurs; where there is none it is not counted."""
        rows = self.rows(period).filter(all_of(spread.conditions, period))
        rows = rows.filter(**{f"{spread.field}__isnull": False})
        return rows.values(*KEYS, value=F(spread.field)).annotate(n0=Count("pk"))


@cache
def subject(base: RowSet) -> Subject:
    """All that the declared figures want to know of a base."""
    mine = [figure for figure in FIGURES if figure.base.kept_as is base]
    numbers = dict.fromkeys(number.unlimited for figure in mine for number in figure.numbers)
    spreads = dict.fromkeys(figure.spread for figure in mine if figure.spread)
    return Subject(base, tuple(numbers), tuple(spreads))


def over(period: Period) -> date:
    """The last day that is over wherever the reader is: nobody's clock is a day behind this one."""
    return period.now.astimezone(UTC).date() - timedelta(days=2)


def machine(since: date = FIRST_DAY, until: date = LAST_DAY, now: datetime | None = None) -> Period:
    """Everybody's rows between two days."""
    return Period(user=None, now=now or SOME_NOON, since=since, until=until)


@cache
def statements(base: RowSet) -> str:
    """The questions whose answers are kept, as the database is asked them."""
    mine, period = subject(base), machine()
    asked = [mine.sums(period), *(mine.spread(one, period) for one in mine.spreads)]
    return "\n".join(str(rows.query.sql_with_params()) for rows in asked)


def definition(base: RowSet, places: Iterable[Facility]) -> str:
    """What the kept counts rest on besides the rows: the questions, and the facilities' clocks.

    Once either changes, what was counted before is not used.
    """
    clocks = sorted((place.pk, place.time_zone) for place in places)
    return hashlib.sha256(f"{statements(base)}{clocks}".encode()).hexdigest()
