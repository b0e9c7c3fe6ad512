"""Counting again the days on which something changed, and everything when it was never counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Facility
from authorizations.dashboards.aggregates import Measure
from authorizations.dashboards.period import Period
from authorizations.dashboards.rollups.definition import (
    COUNTED,
    FIRST_DAY,
    LAST_DAY,
    definition,
    machine,
    over,
    subject,
)
from authorizations.dashboards.rowsets import RowSet
from authorizations.models import CountedSubject, KeptCount, OpenRow, StaleDay

LOCK = 77387_01
TABLE = KeptCount._meta.db_table
KEPT = "subject, measure, is_month, day, facility_id, plan_id, value, numbers, counted_at"
EVERYTHING = ((FIRST_DAY, LAST_DAY),)
Spans = Iterable[tuple[date, date]]


@transaction.atomic
def recount_days(now: datetime | None = None) -> int:
    """Count each stale day from its rows; how many days. One process at a time.

    A change that commits meanwhile has made its day stale once more, and stays to be counted.
    A subject that was never counted, or by another definition, is counted whole.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
    places = list(Facility.objects.all())
    return sum(recount(base, places, now or timezone.now()) for base in COUNTED)


def count_all_days(now: datetime | None = None) -> int:
    """Every day from its rows: after rows came in past the triggers."""
    CountedSubject.objects.all().delete()
    return recount_days(now)


def recount(base: RowSet, places: list[Facility], now: datetime) -> int:
    """The stale days of one subject; all of it where it was not counted so before."""
    wanted = definition(base, places)
    marks = StaleDay.objects.filter(subject=base.key)
    if not CountedSubject.objects.filter(subject=base.key, definition=wanted).exists():
        marks.delete()
        count(base, EVERYTHING, now)
        CountedSubject.objects.update_or_create(subject=base.key, defaults={"definition": wanted})
        return KeptCount.objects.filter(subject=base.key, is_month=False).distinct("day").count()
    days = taken(marks) | unsettled(base, now)
    count(base, spans(days), now)
    return len(days)


def taken(marks: QuerySet[StaleDay]) -> set[date]:
    """The stale days; their marks are gone."""
    with connection.cursor() as cursor:
        sql, given = marks.values("pk").query.sql_with_params()
        cursor.execute(
            f"DELETE FROM {StaleDay._meta.db_table} WHERE id IN ({sql}) RETURNING day", given
        )
        return {day for (day,) in cursor.fetchall()}


def unsettled(base: RowSet, now: datetime) -> set[date]:
    """Days with rows that were open when they were counted, of which some may be settled now."""
    rows = OpenRow.objects.filter(subject=base.key, counted_on__lt=over(machine(now=now)))
    return set(rows.values_list("day", flat=True).distinct())


def spans(days: Iterable[date]) -> list[tuple[date, date]]:
    """Days that follow one another, together."""
    found: list[tuple[date, date]] = []
    for day in sorted(days):
        if found and (day - found[-1][1]).days == 1:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def count(base: RowSet, of: Spans, now: datetime) -> None:
    """The days of these spans, each by facility and over all of them, and then their months."""
    months: set[date] = set()
    for since, until in of:
        within = {"subject": base.key, "day__range": (since, until)}
        OpenRow.objects.filter(**within).delete()
        gone = KeptCount.objects.filter(**within, is_month=False)
        months |= months_of(gone)
        gone.delete()
        count_span(base, since, until, now)
        months |= months_of(KeptCount.objects.filter(**within, is_month=False))
    count_months(base, sorted(months))


def months_of(rows: QuerySet[KeptCount]) -> set[date]:
    return {day.replace(day=1) for day in rows.values_list("day", flat=True).distinct()}


def count_span(base: RowSet, since: date, until: date, now: datetime) -> None:
    period = machine(since, until, now)
    for asked, given in questions(base, period):
        execute(f"INSERT INTO {TABLE} ({KEPT}) {asked}", given)
    if base.days.settled:
        rows = base.to_count(period)
        settled = rows.filter(base.days.settled(over(period))).values("pk")
        waiting = rows.exclude(pk__in=settled).values_list(base.days.day, "pk")
        OpenRow.objects.bulk_create(
            OpenRow(subject=base.key, day=day, row=row, counted_on=over(period))
            for day, row in waiting
        )


def questions(base: RowSet, period: Period) -> Iterator[tuple[str, list[Any]]]:
    """For each measure what counts its rows, by facility and once more over all of them."""
    mine = subject(base)
    sums = [scaled(number, f"n{place}") for place, number in enumerate(mine.numbers)]
    yield question(base, "", mine.sums(period), sums)
    for spread in mine.spreads:
        measure = mine.measure(spread)
        yield question(base, measure, mine.spread(spread, period), ["n0"], "value")


def scaled(number: Measure, name: str) -> str:
    """Dollars are kept in cents."""
    return f"{name} * 100" if number.is_money else name


def question(
    base: RowSet, measure: str, rows: QuerySet, numbers: list[str], value: str = "NULL::int"
) -> tuple[str, list[Any]]:
    asked, given = rows.query.sql_with_params()
    sums = ", ".join(f"coalesce(sum({number}), 0)::bigint" for number in numbers)
    by = "on_day, by_plan" + (", value" if value == "value" else "")
    sql = (
        f"SELECT %s, %s, false, on_day, at_place, by_plan, {value}, ARRAY[{sums}], now()"
        f" FROM ({asked}) found GROUP BY GROUPING SETS ((at_place, {by}), ({by}))"
    )
    return sql, [base.key, measure, *given]


def count_months(base: RowSet, months: list[date]) -> None:
    """Each of these months from its days."""
    if not months or base.is_now:
        return
    KeptCount.objects.filter(subject=base.key, is_month=True, day__in=months).delete()
    within = (months[0], months[-1] + timedelta(days=30))
    for asked, given in monthly(base, within):
        execute(
            f"INSERT INTO {TABLE} ({KEPT}) SELECT * FROM ({asked}) found (subject, measure,"
            " is_month, day, place, plan, value, numbers, at) WHERE day = ANY(%s)",
            [*given, months],
        )


def monthly(base: RowSet, within: tuple[date, date]) -> Iterator[tuple[str, list[Any]]]:
    """For each measure what adds up the days of each month that lies within."""
    mine = subject(base)
    sizes = {"": len(mine.numbers)} | {mine.measure(spread): 1 for spread in mine.spreads}
    for measure, size in sizes.items():
        sums = ", ".join(f"sum(numbers[{n + 1}])::bigint" for n in range(size))
        yield (
            "SELECT subject, measure, true, date_trunc('month', day)::date, facility_id, plan_id,"
            f" value, ARRAY[{sums}], min(counted_at) FROM {TABLE}"
            " WHERE subject = %s AND measure = %s AND NOT is_month AND day BETWEEN %s AND %s"
            " GROUP BY subject, measure, date_trunc('month', day), facility_id, plan_id, value",
            [base.key, measure, *within],
        )


def execute(sql: str, given: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
