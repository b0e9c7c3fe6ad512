"""Moving the first treatment: the calendar, the forecast and the tasks go with it."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from accounts.models import User
from accounts.web.text import shown_day
from authorizations.course_changes.record import (
    finish_change,
    lock_for_change,
    requests_concerned,
)
from authorizations.courses.forecast import Forecast, Planned
from authorizations.courses.page import today_at
from authorizations.courses.recoding import is_deleted
from authorizations.courses.registration import FURTHEST_START, plan_on
from authorizations.courses.schedule import is_treatment_day, next_treatment_day
from authorizations.courses.units_ahead import outlook
from authorizations.exceptions import Refused
from authorizations.models import WAITING, Course, CourseVerb


@transaction.atomic
def move_first_treatment(
    *, course: Course, first_fraction_on: date, reason: str, by: User, version: int | None = None
) -> list[str]:
    """The course begins on another day than planned; what must follow, in sentences.

    Open charges are judged again. Raises Refused without a reason, for who may not, and for a day
    after one on which something was already recorded.
    """
    fresh = lock_for_change(course, by, reason, version)
    refuse_impossible_start(fresh, first_fraction_on)
    before = fresh.first_fraction_on
    fresh.first_fraction_on = first_fraction_on
    fresh.save(update_fields=["first_fraction_on"])
    day = shown_day(first_fraction_on)
    what = f"from {shown_day(before)} to {day}" if before else f"to {day}; it had no day before"
    finish_change(fresh, CourseVerb.MOVED, on=first_fraction_on, what=what, reason=reason, by=by)
    return advice_on_start(fresh, before)


def refuse_impossible_start(course: Course, day: date) -> None:
    """Raise Refused, with what would make it right, for a day on which the course cannot begin."""
    if day == course.first_fraction_on:
        raise Refused(f"The first treatment is planned for {shown_day(day)} already.")
    if abs(day - today_at(course)) > FURTHEST_START:
        raise Refused("The first treatment is more than a year away: check the year.")
    if course.ended_on and course.ended_on < day:
        raise Refused(f"The course ended on {shown_day(course.ended_on)}, before that day.")
    earlier = course.sessions.live().filter(date_of_service__lt=day).order_by("started_at").first()
    if earlier:
        raise Refused(
            f"Fraction {earlier.fraction} is recorded on {shown_day(earlier.date_of_service)}, "
            "before that day. Choose that day or an earlier one; where that session is wrong, a "
            "therapist voids or corrects it first."
        )


def advice_on_start(course: Course, before: date | None) -> list[str]:
    """What the new day changes: the day itself, who pays, the dates approved, requests sent."""
    day, found = course.start, []
    if not is_treatment_day(day, course, course.facility):
        later = shown_day(next_treatment_day(day, course, course.facility))
        found.append(
            f"{day:%A}, {shown_day(day)} is no treatment day of this course: the calendar "
            f"begins on {later}."
        )
    if is_deleted(course.delivery_code, day):
        found.append(
            f"{course.delivery_code} is deleted by {shown_day(day)}: change the delivery code."
        )
    found += advice_on_payer(course, before) + advice_on_dates(course)
    waiting = [str(row) for row in requests_concerned(course) if row.status in WAITING]
    if waiting:
        found.append(f"{', '.join(waiting)} was sent before that day was known: tell the payer.")
    return found


def advice_on_payer(course: Course, before: date | None) -> list[str]:
    """Whether somebody else pays on the new day, or nobody."""
    day, plan = course.start, plan_on(course.patient, course.start)
    if plan is None:
        return [f"No primary coverage on {shown_day(day)}: register who pays."]
    old = before and plan_on(course.patient, before)
    if old and old.pk != plan.pk:
        return [f"{plan} pays on {shown_day(day)}, not {old}: ask it, its requirements may differ."]
    return []


def advice_on_dates(course: Course) -> list[str]:
    """The fractions that approved dates no longer cover, of each code that has units left."""
    found = outlook(course, today_at(course))
    return [
        f"{code}: the approved dates do not cover {outside_phrase(outside(ahead))}. Ask for other "
        "dates before treatment."
        for code, ahead in found.forecasts.items()
        if outside(ahead)
    ]


def outside(ahead: Forecast) -> list[Planned]:
    return [planned for planned in ahead.planned if planned.is_outside_dates]


def outside_phrase(planned: list[Planned]) -> str:
    """Fractions 26 to 28, from 5 Jan 2027 through 7 Jan 2027."""
    first, last = planned[0], planned[-1]
    if first is last:
        return f"fraction {first.fraction} on {shown_day(first.on)}"
    return (
        f"{len(planned)} fractions, from fraction {first.fraction} on {shown_day(first.on)} "
        f"through {shown_day(last.on)}"
    )
