"""Which cases are in the worklists that have tasks: of all courses, or of a few after an action."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import BigIntegerField, BooleanField, F, Func, QuerySet, Value
from django.db.models.functions import Cast
from django.utils.timezone import get_current_timezone, localdate

from authorizations.models import Course
from authorizations.worklists import WORKLISTS
from authorizations.worklists.querysets import to_be_asked
from authorizations.worklists.worklist import AUTHORIZATIONS, COURSES, Worklist

Case = tuple[str, int, int | None]  # worklist, course, authorization
TASKS = tuple(w for w in WORKLISTS if w.page in (AUTHORIZATIONS, COURSES))
BY_POLICY = frozenset(w.key for w in TASKS if w.candidates)
# Where the statement of a day is given the moment and the courses of each question.
THE_COURSES = [-1]
THE_MOMENT = time(12, 0, 0, 1)
COURSES_ASKED = Value(THE_COURSES, ArrayField(BigIntegerField()))


def all_cases(now: datetime) -> set[Case]:
    """The cases of all courses in each worklist."""
    return {case for w in TASKS for case in columns(w, w.rows(None, now))}


def cases_among(courses: Sequence[int], now: datetime) -> set[Case]:
    """The cases of these courses in each worklist, all in one question.

    Every action asks it, so its statement is worked out once a day and given what differs.
    """
    today = localdate(now)
    sql, given = statement(today, str(get_current_timezone()))
    noon = moment_of(today)
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
    doubtful = {course for worklist, course, _ in found if worklist in BY_POLICY}
    wanted = set(to_be_asked(Course.objects.filter(pk__in=doubtful), today)) if doubtful else set()
    return {case for case in found if case[0] not in BY_POLICY or case[1] in wanted}


@lru_cache(maxsize=8)
def statement(today: date, zone: str) -> tuple[str, tuple[Any, ...]]:
    """The question of a day in SQL, with its values; ``zone`` is the one in which days turn."""
    parts, values = [], []
    for worklist in TASKS:
        rows = (worklist.candidates or worklist.rows)(None, moment_of(today))
        asked = columns(worklist, rows.filter(IsAnyOf(course_of(worklist), COURSES_ASKED)))
        sql, given = asked.query.sql_with_params()
        parts.append(f"({sql})")
        values += given
    return " UNION ALL ".join(parts), tuple(values)


class IsAnyOf(Func):
    """Whether a number is any of these, which are given as one value."""

    template = "(%(expressions)s))"
    arg_joiner = " = ANY("
    output_field = BooleanField()


def moment_of(today: date) -> datetime:
    return datetime.combine(today, THE_MOMENT, get_current_timezone())


def course_of(worklist: Worklist) -> str:
    return "course" if worklist.page == AUTHORIZATIONS else "pk"


def columns(worklist: Worklist, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Worklist, course and authorization of each row, once."""
    is_of_requests = worklist.page == AUTHORIZATIONS
    named = rows.order_by().annotate(
        in_worklist=Value(worklist.key),
        of_request=F("pk") if is_of_requests else Cast(None, BigIntegerField()),
    )
    return named.values_list("in_worklist", course_of(worklist), "of_request").distinct()
