"""Figures from the counts kept by day and month: the same numbers, without the rows.

Days on which something has changed since they were counted are counted from their rows, and so are
rows that time alone still changes: the answer is exact at the moment it is given. In the past there
are no counts: the rows answer alone.
"""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from django.db.models import Min, Q, QuerySet, Sum

from accounts.models import Facility
from accounts.past.clock import known_at
from accounts.roles import Permission
from accounts.scoping import facilities_of
from authorizations.dashboards import aggregates as tally
from authorizations.dashboards.aggregates import Distribution, Measure, Tallies, Totals, payer_key
from authorizations.dashboards.authorization_required import Asking
from authorizations.dashboards.period import Period
from authorizations.dashboards.rollups.definition import definition, subject
from authorizations.dashboards.rowsets import TREATMENTS, RowSet
from authorizations.models import CountedSubject, KeptCount, OpenRow, StaleDay

WHO = ("plan__payer", "plan__line_of_business")
MANY = 60  # stale days: so many are quicker counted from the rows of the whole period
T = TypeVar("T")


def stored_tallies(
    base: RowSet, period: Period, numbers: tuple[Measure, ...], spreads: tuple[Distribution, ...]
) -> Tallies | None:
    """What the rows of the period come to, by payer and line of business; None where the counts
    cannot say.
    """
    if not base.days or known_at() or not is_counted(base.kept_as, period):
        return None
    if is_by_service(base, period):
        return None
    stale = stale_days(base.kept_as, period)
    if len(stale) > MANY:
        return None
    parts = [sums(base, period, stale, numbers)]
    parts += [values(base, period, stale, spread) for spread in spreads]
    return tally.merge([*parts, from_rows(base, period, stale, numbers, spreads)])


def is_counted(base: RowSet, period: Period) -> bool:
    """Whether all its days have been counted, by today's definition of its figures."""
    found = book(period, "definitions", definitions)
    return found.get(base.key) == definition(base, book(period, "places", places))


def is_by_service(base: RowSet, period: Period) -> bool:
    """Whether a policy of these days asks for more of a charge than the counts know of it."""
    if base.days is None or not base.days.by_policy:
        return False
    return book(period, "asking", Asking).depends_on_service(*period.days)


def definitions() -> dict[str, str]:
    return dict(CountedSubject.objects.values_list("subject", "definition"))


def places() -> list[Facility]:
    return list(Facility.objects.all())


def book(period: Period, name: str, look_up: Callable[[], T]) -> T:
    """Something looked up once for all figures of a page."""
    if name not in period.books:
        period.books[name] = look_up()
    return period.books[name]


def stale_days(base: RowSet, period: Period) -> list[date]:
    """The days of the period that have to be counted from their rows."""
    rows = StaleDay.objects.filter(subject=base.key)
    if not base.is_now:
        rows = rows.filter(day__range=period.days)
    return list(rows.order_by("day").values_list("day", flat=True).distinct())


def counted_at(period: Period) -> datetime | None:
    """Since when at the latest the kept counts of the period stand; None where none is used."""
    if known_at():
        return None
    rows = counts(TREATMENTS, period, []).filter(measure="")
    return rows.aggregate(oldest=Min("counted_at"))["oldest"]


def counts(base: RowSet, period: Period, stale: list[date]) -> QuerySet:
    """The kept counts of the period (or of all days): whole months in which nothing is stale, else
    days.
    """
    rows = KeptCount.objects.filter(in_spans(base, period, stale), subject=base.kept_as.key)
    if period.line_of_business:
        rows = rows.filter(plan__line_of_business=period.line_of_business)
    if period.issuer:
        rows = rows.filter(plan__issuer=period.issuer)
    return rows.filter(of_facilities(period)).order_by()


def of_facilities(period: Period) -> Q:
    """All facilities together for who sees all of them and asks for all."""
    every = {place.pk for place in book(period, "places", places)}
    mine = facilities_of(period.user, Permission.READ_DASHBOARD)
    seen = {place.pk for place in book(period, "mine", lambda: list(mine))}
    if period.facility:
        return Q(facility__in=seen & {period.facility.pk})
    return Q(facility__isnull=True) if seen == every else Q(facility__in=seen)


def in_spans(base: RowSet, period: Period, stale: list[date]) -> Q:
    if base.is_now:
        return Q(is_month=False) & ~Q(day__in=stale)
    months = whole_months(base, period, stale)
    found = Q(is_month=True, day__in=months)
    for since, until in between(period, months):
        found |= Q(is_month=False, day__range=(since, until)) & ~Q(day__in=stale)
    return found


def whole_months(base: RowSet, period: Period, stale: list[date]) -> list[date]:
    """The first days of months that lie within the period and can be read at once."""
    broken = {day.replace(day=1) for day in stale} | turning(base, period)
    found, month = [], first_of_month(period.since)
    while last_of(month) <= period.through:
        if month not in broken:
            found.append(month)
        month = last_of(month) + timedelta(days=1)
    return found


def turning(base: RowSet, period: Period) -> set[date]:
    """Months within which a policy begins or ends: only their days can say who wanted to be
    asked.
    """
    if not base.days.by_policy:
        return set()
    changes = book(period, "asking", Asking).changes()
    return {day.replace(day=1) for day in changes if day.day > 1}


def first_of_month(day: date) -> date:
    """The first of a month that is not before this day."""
    return day if day.day == 1 else last_of(day) + timedelta(days=1)


def last_of(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def between(period: Period, months: Iterable[date]) -> list[tuple[date, date]]:
    """The days of the period outside these months."""
    found, since = [], period.since
    for month in months:
        if since < month:
            found.append((since, month - timedelta(days=1)))
        since = last_of(month) + timedelta(days=1)
    return [*found, (since, period.through)] if since <= period.through else found


def sums(base: RowSet, period: Period, stale: list[date], numbers: Iterable[Measure]) -> Tallies:
    columns = {number: f"n{place}" for place, number in enumerate(numbers)}
    rows = by_plan if base.days.by_policy else sums_by_payer
    found: Tallies = {}
    for row in rows(base, period, stale, columns):
        read = {number: as_read(number, row[name]) for number, name in columns.items()}
        found.setdefault(payer_key(row, WHO), Totals()).numbers.update(read)
    return found


Rows = Iterable[dict[str, Any]]


def sums_by_payer(
    base: RowSet, period: Period, stale: list[date], columns: dict[Measure, str]
) -> Rows:
    """The sums by payer and line of business."""
    mine = subject(base.kept_as)
    wanted = {
        name: Sum(f"numbers__{mine.place(number)}", filter=number.limit(period, "day"))
        for number, name in columns.items()
    }
    return counts(base, period, stale).filter(measure="").values(*WHO).annotate(**wanted)


def by_plan(base: RowSet, period: Period, stale: list[date], columns: dict[Measure, str]) -> Rows:
    """The sums of the plans and days that the policies choose; read once for all bases of them."""
    mine, asking = subject(base.kept_as), book(period, "asking", Asking)

    def read() -> list[dict[str, Any]]:
        rows = counts(base, period, stale).filter(measure="", plan__isnull=False)
        every = {f"place{n}": Sum(f"numbers__{n}") for n in range(len(mine.numbers))}
        return list(rows.values(*WHO, "plan", "day").annotate(**every))

    whose = f"{period.line_of_business} {period.issuer and period.issuer.pk}"
    scope = f"{period.days} {period.facility and period.facility.pk} {whose}"
    for row in book(period, f"{base.kept_as.key} {scope}", read):
        if base.days.by_policy(asking.answer(row["plan"], row["day"])):
            yield row | {name: row[f"place{mine.place(n)}"] for n, name in columns.items()}


def as_read(number: Measure, kept: int | None) -> int | Decimal:
    return Decimal(kept or 0) / 100 if number.is_money else kept or 0


def values(base: RowSet, period: Period, stale: list[date], spread: Distribution) -> Tallies:
    rows = counts(base, period, stale).filter(measure=subject(base.kept_as).measure(spread))
    found: Tallies = {}
    for row in rows.values(*WHO, "value").annotate(n=Sum("numbers__0")):
        tally_of = found.setdefault(payer_key(row, WHO), Totals())
        tally_of.spreads[spread] += Counter({row["value"]: row["n"]})
    return found


def from_rows(
    base: RowSet,
    period: Period,
    stale: list[date],
    numbers: tuple[Measure, ...],
    spreads: tuple[Distribution, ...],
) -> Tallies:
    """What is not in the counts: the rows of stale days, and those that time alone changes."""
    within = Q(**{f"{base.days.day}__in": stale}) if stale else Q()
    if base.days.settled:
        rows = OpenRow.objects.filter(subject=base.key, day__range=period.days)
        waiting = list(rows.exclude(day__in=stale).values_list("row", flat=True))
        within |= Q(pk__in=waiting) if waiting else Q()
    if not within:
        return {}
    return tally.of_rows(base.rows(period).filter(within), base.who, period, numbers, spreads)
