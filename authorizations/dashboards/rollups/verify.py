"""That what is kept is what the rows say."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.models import Facility
from authorizations.dashboards.rollups.definition import (
    COUNTED,
    FIRST_DAY,
    LAST_DAY,
    definition,
    machine,
)
from authorizations.dashboards.rollups.refresh import KEPT, TABLE, monthly, questions, unsettled
from authorizations.dashboards.rowsets import RowSet
from authorizations.models import CountedSubject, StaleDay

COLUMNS = "day, facility_id, plan_id, measure, value, numbers"


def wrong_days(now: datetime | None = None) -> list[int]:
    """Days (as 20261005) that are not stale and whose kept counts are not those of their rows, and
    months that are not the sum of their days.
    """
    moment = now or timezone.now()
    counted = dict(CountedSubject.objects.values_list("subject", "definition"))
    places = list(Facility.objects.all())
    known = [base for base in COUNTED if counted.get(base.key) == definition(base, places)]
    found = {day for base in known for day in wrong_of(base, moment) | wrong_months(base)}
    return sorted(int(f"{day:%Y%m%d}") for day in found)


def wrong_of(base: RowSet, now: datetime) -> set[date]:
    stale = set(StaleDay.objects.filter(subject=base.key).values_list("day", flat=True))
    found = differing(base, "NOT is_month", questions(base, machine(now=now)))
    return found - stale - unsettled(base, now)


def wrong_months(base: RowSet) -> set[date]:
    if base.is_now:
        return set()
    return differing(base, "is_month", monthly(base, (FIRST_DAY, LAST_DAY)))


def differing(base: RowSet, which: str, asked: Iterable[tuple[str, list[Any]]]) -> set[date]:
    """Days of rows that are kept and not found, or found and not kept."""
    kept = f"SELECT {COLUMNS} FROM {TABLE} WHERE subject = %s AND {which}"
    parts, given = [], []
    for sql, values in asked:
        parts.append(f"SELECT {COLUMNS} FROM ({sql}) asked ({KEPT})")
        given += values
    found = " UNION ALL ".join(parts)
    with connection.cursor() as cursor:
        cursor.execute(
            f"(({kept}) EXCEPT ALL ({found})) UNION ALL (({found}) EXCEPT ALL ({kept}))",
            [base.key, *given, *given, base.key],
        )
        return {day for day, *_ in cursor.fetchall()}
