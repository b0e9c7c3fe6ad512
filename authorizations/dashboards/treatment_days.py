"""The figures about treatments from the counts kept by day: the same numbers, without the rows.

Days on which something has changed since they were counted are counted from their rows, so that the
answer is exact at the moment it is given. In the past there are no counts: the rows answer alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Min, Q, QuerySet, Sum

from accounts.clock import known_at
from accounts.scoping import facilities_of
from authorizations.dashboards.bases import in_scope, needing_permission
from authorizations.dashboards.period import Period
from authorizations.dashboards.sql import whether_required
from authorizations.models import StaleDay, TreatmentDay

WHO = ("plan__payer", "plan__line_of_business")
# By the key of a figure: the count of its rows, of those they are a part of, and its sum.
SOURCES = {
    "uncovered": ("bare", "all", None),
    "uncovered_dollars": ("bare", "bare", "dollars"),
}
MANY = 200
Day = tuple[date, int]
Counts = dict[tuple[int | None, str], Counter]


def can_answer(keys: Iterable[str]) -> bool:
    """Whether the counts know all these figures of the moment that is looked at."""
    return known_at() is None and set(keys) <= set(SOURCES)


def by_payer(period: Period) -> Counts:
    """Treatments, those without a unit and their dollars, by payer and line of business."""
    stale = stale_days(period)
    if len(stale) > MANY:
        parts = [counted(needing_permission(period))]
    elif stale:
        parts = [kept(period, stale), counted(needing_permission(period).filter(these(stale)))]
    else:
        parts = [kept(period, stale)]
    found: Counts = {}
    for rows in parts:
        for payer, line, everything, bare, dollars in rows:
            counts = found.setdefault((payer, line or ""), Counter())
            counts.update({"all": everything, "bare": bare, "dollars": dollars or Decimal(0)})
    return found


def asked(keys: Iterable[str], counts: Counter) -> dict[str, Any]:
    """The counts under the names by which figures look for their numbers."""
    answer = {}
    for key in keys:
        rows, whole, total = SOURCES[key]
        answer |= {f"{key}_counted": counts[rows], f"{key}_out_of": counts[whole]}
        if total:
            answer[f"{key}_sum"] = counts[total]
    return answer


def counted_at(period: Period) -> datetime | None:
    """Since when at the latest the kept counts of the period stand; None where none is used."""
    if known_at() is not None:
        return None
    rows = TreatmentDay.objects.filter(date_of_service__range=period.days)
    return rows.aggregate(oldest=Min("counted_at"))["oldest"]


def stale_days(period: Period) -> list[Day]:
    """The days of the period that have to be counted from their rows."""
    rows = StaleDay.objects.filter(date_of_service__range=period.days)
    return list(rows.order_by().values_list("date_of_service", "facility").distinct())


def these(days: Iterable[Day]) -> Q:
    found = Q(pk__in=[])
    for day, facility in days:
        found |= Q(date_of_service=day, facility=facility)
    return found


def kept(period: Period, stale: list[Day]) -> Iterator[tuple]:
    """The counts of the days that are not stale, where the plan wanted to be asked that day.

    Whether it did is looked up once for each plan and day, not for each facility.
    """
    rows = TreatmentDay.objects.filter(
        date_of_service__range=period.days, facility__in=facilities_of(period.user)
    )
    rows = in_scope(rows, period, "plan", "facility").exclude(these(stale)).order_by()
    one_each = rows.values("date_of_service", "plan").annotate(one=Min("pk")).values("one")
    asking = TreatmentDay.objects.filter(pk__in=one_each).filter(whether_required())
    wanted = set(asking.values_list("date_of_service", "plan"))
    sums = {"n": Sum("treatments"), "u": Sum("uncovered"), "s": Sum("uncovered_amount")}
    found = rows.values("date_of_service", "plan", *WHO).annotate(**sums)
    for row in found:
        if (row["date_of_service"], row["plan"]) in wanted:
            yield (*(row[name] for name in WHO), row["n"], row["u"], row["s"])


def counted(rows: QuerySet) -> QuerySet:
    """The same from the rows themselves."""
    bare = Q(session__authorized_service__isnull=True)
    sums = {"n": Count("pk"), "u": Count("pk", filter=bare), "s": Sum("amount", filter=bare)}
    return rows.order_by().values(*WHO).annotate(**sums).values_list(*WHO, *sums)
