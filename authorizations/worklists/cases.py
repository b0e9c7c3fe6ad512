"""Which cases are in the worklists that have tasks: of all courses, or of a few after an action."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import BigIntegerField, F, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.utils.timezone import get_current_timezone, localdate

from authorizations.models import Course
from authorizations.models.rejudging import is_among
from authorizations.worklists import WORKLISTS
from authorizations.worklists import querysets as queues
from authorizations.worklists.worklist import AUTHORIZATIONS, COURSES, Worklist

Case = tuple[str, int, int | None]  # worklist, course, authorization
TASKS = tuple(w for w in WORKLISTS if w.page in (AUTHORIZATIONS, COURSES))
# The worklists in which a payer's policy decides, before it is asked.
CANDIDATES = {
    "unauthorized": queues.courses_not_asked_for,
    "ended": queues.courses_past_their_letter,
}
# Where the statement of a day is given the moment and the courses of each question.
THE_COURSES = [-1]
THE_MOMENT = time(12, 0, 0, 1)
NO_NUMBER = RawSQL("NULL::bigint", (), BigIntegerField())
COURSES_ASKED = Value(THE_COURSES, ArrayField(BigIntegerField()))


def all_cases(now: datetime) -> set[Case]:
    """The cases of all courses in each worklist."""
    return {case for w in TASKS for case in case_columns(w, w.rows(None, now))}


def cases_among(courses: Sequence[int], now: datetime) -> set[Case]:
    """The cases of these courses in each worklist, all in one question.

    Every action asks it, so its statement is worked out once a day and given what differs.
    """
    today = localdate(now)
    sql, given = statement(today, str(get_current_timezone()))
    noon = noon_of(today)
    values = [
        list(courses) if value == THE_COURSES else now if value == noon else value
        for value in given
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found: set[Case] = set(cursor.fetchall())
    return those_to_be_asked(found, today)


def those_to_be_asked(found: set[Case], today: date) -> set[Case]:
    """Without the courses about which the policies of their payers say that nobody asks."""
    doubtful = {course for worklist, course, _ in found if worklist in CANDIDATES}
    wanted = (
        set(queues.to_be_asked(Course.objects.filter(pk__in=doubtful), today))
        if doubtful
        else set()
    )
    return {case for case in found if case[0] not in CANDIDATES or case[1] in wanted}


@lru_cache(maxsize=8)
def statement(today: date, zone: str) -> tuple[str, tuple[Any, ...]]:
    """The question of a day in SQL, with its values; ``zone`` is the one in which days turn."""
    parts: list[str] = []
    values: list[Any] = []
    for worklist in TASKS:
        rows = CANDIDATES.get(worklist.key, worklist.rows)(None, noon_of(today))
        asked = case_columns(worklist, rows.filter(is_among(course_field(worklist), COURSES_ASKED)))
        sql, given = asked.query.sql_with_params()
        parts.append(f"({sql})")
        values += given
    return " UNION ALL ".join(parts), tuple(values)


def noon_of(today: date) -> datetime:
    return datetime.combine(today, THE_MOMENT, get_current_timezone())


def course_field(worklist: Worklist) -> str:
    return "course" if worklist.page == AUTHORIZATIONS else "pk"


def case_columns(worklist: Worklist, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Worklist, course and authorization of each row, once."""
    is_of_requests = worklist.page == AUTHORIZATIONS
    named = rows.order_by().annotate(
        in_worklist=Value(worklist.key),
        of_request=F("pk") if is_of_requests else NO_NUMBER,
    )
    listed: QuerySet[Any] = named.values_list("in_worklist", course_field(worklist), "of_request")
    return listed.distinct()
