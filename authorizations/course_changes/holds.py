"""Holding a course, resuming it, and taking a hold back that never was."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from accounts.web.text import shown_day
from authorizations.course_changes.first_treatment import advice_on_dates
from authorizations.course_changes.record import finish_change, lock_for_change
from authorizations.courses.page import today_at
from authorizations.courses.registration import FURTHEST_START
from authorizations.exceptions import Refused
from authorizations.models import Course, CourseHold, CourseVerb, HoldReason

ONE_DAY = timedelta(days=1)


@transaction.atomic
def hold_course(
    *,
    course: Course,
    held_from: date,
    hold_reason: str,
    reason: str,
    by: User,
    expected_on: date | None = None,
    version: int | None = None,
) -> list[str]:
    """Nothing is treated from that day on, until a day that is expected or not known.

    Of a course on hold, the same hold gets these days. Answers what must follow. Raises Refused
    for a course that is over, days that cross, and a day on which something was treated.
    """
    fresh = lock_for_change(course, by, reason, version)
    if fresh.ended_on:
        raise Refused("The course is over. Reopen it first where that is wrong.")
    if hold_reason not in HoldReason:
        raise Refused("Choose why treatment pauses.")
    refuse_impossible_hold(fresh, held_from, expected_on)
    hold = running_hold(fresh) or CourseHold(course=fresh, recorded_by=by)
    hold.held_from, hold.expected_on, hold.reason = held_from, expected_on, hold_reason
    save_hold(hold)
    until = f"until {shown_day(expected_on)}, as expected" if expected_on else "until nobody knows"
    what = f"from {shown_day(held_from)} {until}: {hold.get_reason_display().lower()}"
    finish_change(fresh, CourseVerb.HELD, on=held_from, what=what, reason=reason, by=by)
    return advice_on_dates(fresh)


@transaction.atomic
def resume_course(
    *, course: Course, resumed_on: date, reason: str, by: User, version: int | None = None
) -> list[str]:
    """Treatment goes on from that day. Raises Refused where the course is not on hold by then."""
    fresh = lock_for_change(course, by, reason, version)
    hold = running_hold(fresh)
    if hold is None:
        raise Refused("The course is not on hold.")
    if resumed_on <= hold.held_from:
        raise Refused(
            f"The hold began on {shown_day(hold.held_from)}: treatment goes on after that day. "
            "Take the hold back where it never was."
        )
    hold.held_through = resumed_on - ONE_DAY
    save_hold(hold)
    what = f"from {shown_day(resumed_on)} on"
    finish_change(fresh, CourseVerb.RESUMED, on=resumed_on, what=what, reason=reason, by=by)
    return advice_on_dates(fresh)


@transaction.atomic
def withdraw_hold(
    *, course: Course, hold: CourseHold, reason: str, by: User, version: int | None = None
) -> list[str]:
    """The hold never was, or is of another course. Taking it back twice is once."""
    fresh = lock_for_change(course, by, reason, version)
    mine = fresh.holds.live().filter(pk=hold.pk).first()
    if mine is None:
        return []
    mine.withdrawn_at, mine.withdrawn_by = timezone.now(), by
    mine.save(update_fields=["withdrawn_at", "withdrawn_by"])
    what = f"that began on {shown_day(mine.held_from)}"
    finish_change(fresh, CourseVerb.HOLD_WITHDRAWN, on=mine.held_from, what=what, reason=reason,
                  by=by)  # fmt: skip
    return advice_on_dates(fresh)


def running_hold(course: Course) -> CourseHold | None:
    """The hold after which treatment has not been resumed."""
    hold: CourseHold | None = course.holds.running().first()
    return hold


def refuse_impossible_hold(course: Course, held_from: date, expected_on: date | None) -> None:
    """Raise Refused, with what would make it right, for days on which it cannot be on hold."""
    if abs(held_from - today_at(course)) > FURTHEST_START:
        raise Refused("The first day of the hold is more than a year away: check the year.")
    if expected_on and expected_on <= held_from:
        raise Refused("Treatment is expected to go on after the first day of the hold.")
    if expected_on and expected_on - held_from > FURTHEST_START:
        raise Refused("The expected day is more than a year later: check the year.")
    given = course.sessions.live().filter(date_of_service__gte=held_from)
    last = given.order_by("started_at").last()
    if last:
        raise Refused(
            f"Fraction {last.fraction} is recorded on {shown_day(last.date_of_service)}: the hold "
            "begins after that day."
        )


def save_hold(hold: CourseHold) -> None:
    try:
        with transaction.atomic():
            hold.save()
    except IntegrityError as error:
        raise Refused(
            "The course was on hold on some of these days already: choose others, or take that "
            "hold back first."
        ) from error
