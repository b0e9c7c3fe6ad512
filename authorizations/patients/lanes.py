"""The courses of a patient on one axis of months: what was given, what is planned, today."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Max, Min

from authorizations.courses.schedule import next_treatment_day
from authorizations.models import Course, GuidanceSession

WIDTH = 720
MONTHS_LABELLED = 18  # more would not fit: then only years have words


@dataclass(frozen=True)
class Lane:
    """One course: its words and the bar from its first to its last day."""

    course: Course
    given: int
    state: str
    tone: str
    last_day: date
    plan_x: int
    plan_width: int
    done_x: int
    done_width: int


@dataclass(frozen=True)
class LaneChart:
    """All lanes, the months above them and the line of today."""

    lanes: list[Lane]
    months: list[tuple[int, str]]
    today_x: int
    width: int = WIDTH


@dataclass(frozen=True)
class Given:
    """What was given of a course."""

    fractions: int
    first: date | None
    last: date | None


def fractions_given(courses: Iterable[Course]) -> dict[int, Given]:
    """Of each course, how many fractions were given, from when until when."""
    rows = GuidanceSession.objects.live().filter(course__in=courses, is_delivered=True)
    counted = rows.order_by().values("course").annotate(
        fractions=Count("fraction", distinct=True),
        first=Min("date_of_service"),
        last=Max("date_of_service"),
    )  # fmt: skip
    return {row.pop("course"): Given(**row) for row in counted}


def lane_chart(courses: list[Course], today: date) -> LaneChart | None:
    """The courses in time, the newest first; None where there is none."""
    if not courses:
        return None
    given = fractions_given(courses)
    none = Given(0, None, None)
    spans = {course.pk: span_of(course, given.get(course.pk, none), today) for course in courses}
    start = min(first for first, _ in spans.values()).replace(day=1)
    end = max(today, *(last for _, last in spans.values())) + timedelta(days=7)

    def x(day: date) -> int:
        return round(WIDTH * (day - start).days / (end - start).days)

    lanes = [
        lane(course, given.get(course.pk, none), spans[course.pk], today, x) for course in courses
    ]
    return LaneChart(lanes, months_between(start, end, x), x(today))


def span_of(course: Course, given: Given, today: date) -> tuple[date, date]:
    """The first and the last day of a course, as planned for what is still to come."""
    begun = course.expected_on(today)
    first = min(begun, given.first or begun)
    if course.ended_on:
        return first, max(first, course.ended_on)
    left = max((course.fractions_planned or 0) - given.fractions, 0)
    day = given.last or begun - timedelta(days=1)
    for _ in range(-(-left // course.fractions_per_day)):
        day = next_treatment_day(day, course, course.facility)
    return first, max(first, day)


def lane(
    course: Course, given: Given, span: tuple[date, date], today: date, x: Callable[[date], int]
) -> Lane:
    first, last = span
    state, tone = course_state(course, given, today)
    done_x = x(given.first or first)
    done_end = x(given.last + timedelta(days=1)) if given.last else done_x
    return Lane(
        course=course,
        given=given.fractions,
        state=state,
        tone=tone,
        last_day=last,
        plan_x=x(first),
        plan_width=max(4, x(last + timedelta(days=1)) - x(first)),
        done_x=done_x,
        done_width=done_end - done_x,
    )


def course_state(course: Course, given: Given, today: date) -> tuple[str, str]:
    """Where a course is, in words, and their tone."""
    if course.is_cancelled:
        return "cancelled", "neutral"
    if course.ended_on and course.ended_on <= today:
        return "ended", "neutral"
    if not course.is_planned:
        return "not planned yet", "info"
    if given.fractions >= course.fractions:
        return "all given", "neutral"
    if given.fractions:
        return "in treatment", "good"
    return "not begun", "info"


def months_between(start: date, end: date, x: Callable[[date], int]) -> list[tuple[int, str]]:
    """Where each month begins, with its name; of many months only the years are named."""
    days, day = [], start
    while day < end:
        days.append(day)
        day = (day + timedelta(days=32)).replace(day=1)
    if len(days) > MONTHS_LABELLED:
        return [(x(d), f"{d:%Y}") for d in days if d.month == 1]
    return [(x(d), f"{d:%b %Y}" if d.month == 1 or d == start else f"{d:%b}") for d in days]
