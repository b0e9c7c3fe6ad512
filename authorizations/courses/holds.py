"""Holds and ends of courses: on which days nothing is treated, and after which none is planned."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from authorizations.models import Course, CourseHold

ONE_DAY = timedelta(days=1)
Pause = tuple[date, date | None]  # the first day without treatment, the first with it again


def pauses(holds: Iterable[CourseHold], treated: Collection[date]) -> list[Pause]:
    """The spans without treatment. A treatment since the first day ends a hold that still runs."""
    return [(hold.held_from, goes_on_from(hold, treated)) for hold in holds]


def goes_on_from(hold: CourseHold, treated: Collection[date]) -> date | None:
    """The first day treated again, known or expected; None where nobody knows."""
    if hold.held_through:
        return hold.held_through + ONE_DAY
    since = (day for day in treated if day >= hold.held_from)
    return min(since, default=hold.expected_on)


def is_paused(found: Iterable[Pause], on: date) -> bool:
    """Whether nothing is treated on a day."""
    return any(start <= on and (end is None or on < end) for start, end in found)


def paused_days(found: Iterable[Pause]) -> frozenset[date]:
    """The days of pauses whose end is known or expected."""
    return frozenset(
        start + timedelta(days=n) for start, end in found if end for n in range((end - start).days)
    )


def last_planned_day(course: Course, found: Iterable[Pause]) -> date | None:
    """The last day on which treatment is planned: before a pause without an end, or of the course.

    Of a cancelled course long before it was to begin; None where nothing ends it.
    """
    days = [start - ONE_DAY for start, end in found if end is None]
    if course.is_cancelled:
        days.append(date.min)
    elif course.ended_on:
        days.append(course.ended_on)
    return min(days, default=None)
