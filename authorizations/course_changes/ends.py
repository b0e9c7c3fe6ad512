"""Courses that never begin, end early, and go on after all."""

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
from authorizations.courses.page import today_at
from authorizations.exceptions import Refused
from authorizations.models import (
    CANCEL_REASONS,
    END_REASONS,
    WAITING,
    Course,
    CourseVerb,
    EndReason,
    GuidanceSession,
)


@transaction.atomic
def cancel_course(
    *, course: Course, end_reason: str, reason: str, by: User, version: int | None = None
) -> list[str]:
    """The course never begins; what must follow, in sentences.

    Raises Refused where something was recorded, or it is over already.
    """
    fresh = lock_for_change(course, by, reason, version)
    if fresh.ended_on:
        raise Refused("The course is over already. Reopen it first where that is wrong.")
    given = fresh.sessions.live().order_by("started_at").first()
    if given:
        raise Refused(
            f"Fraction {given.fraction} is recorded on {shown_day(given.date_of_service)}: end the "
            "course instead."
        )
    refuse_other_reason(end_reason, CANCEL_REASONS)
    fresh.ended_on, fresh.end_reason, fresh.is_cancelled = today_at(fresh), end_reason, True
    fresh.save(update_fields=["ended_on", "end_reason", "is_cancelled"])
    what = f"before the first treatment: {fresh.get_end_reason_display().lower()}"
    finish_change(fresh, CourseVerb.CANCELLED, on=fresh.ended_on, what=what, reason=reason, by=by)
    return advice_on_requests(fresh)


@transaction.atomic
def end_course(
    *,
    course: Course,
    ended_on: date,
    end_reason: str,
    reason: str,
    by: User,
    version: int | None = None,
) -> list[str]:
    """The course is over after that day; what must follow, in sentences. So is an end corrected.

    Raises Refused for a day to come, before the last treatment recorded, or where none was.
    """
    fresh = lock_for_change(course, by, reason, version)
    refuse_other_reason(end_reason, END_REASONS)
    refuse_impossible_end(fresh, ended_on)
    if (fresh.ended_on, fresh.end_reason) == (ended_on, end_reason):
        raise Refused("The course ended that day for that reason already: nothing differs.")
    fresh.ended_on, fresh.end_reason = ended_on, end_reason
    fresh.save(update_fields=["ended_on", "end_reason"])
    given = fresh.sessions.delivered().count()
    what = (
        f"on {shown_day(ended_on)} after {given} of {fresh.fractions_shown} fractions: "
        f"{fresh.get_end_reason_display().lower()}"
    )
    finish_change(fresh, CourseVerb.ENDED, on=ended_on, what=what, reason=reason, by=by)
    return advice_on_requests(fresh) if end_reason != EndReason.COMPLETED else []


@transaction.atomic
def reopen_course(
    *, course: Course, reason: str, by: User, version: int | None = None
) -> list[str]:
    """A course that was cancelled or ended goes on. Raises Refused where it is not over."""
    fresh = lock_for_change(course, by, reason, version)
    if fresh.ended_on is None:
        raise Refused("The course is not over: there is nothing to reopen.")
    was = "cancelled" if fresh.is_cancelled else "ended"
    what = (
        f"that was {was} on {shown_day(fresh.ended_on)}: {fresh.get_end_reason_display().lower()}"
    )
    today = today_at(fresh)
    fresh.ended_on, fresh.end_reason, fresh.is_cancelled = None, "", False
    fresh.save(update_fields=["ended_on", "end_reason", "is_cancelled"])
    finish_change(fresh, CourseVerb.REOPENED, on=today, what=what, reason=reason, by=by)
    first = fresh.first_fraction_on
    if first and first < today and not fresh.sessions.live().exists():
        return [f"The first treatment was planned for {shown_day(first)}: move it."]
    return []


def refuse_other_reason(code: str, known: tuple[str, ...]) -> None:
    if code not in known:
        offered = ", ".join(EndReason(each).label for each in known)
        raise Refused(f"Choose one of these reasons: {offered}.")


def refuse_impossible_end(course: Course, day: date) -> None:
    """Raise Refused, with what would make it right, for a day on which it cannot have ended."""
    last: GuidanceSession | None = course.sessions.live().order_by("started_at").last()
    if course.is_cancelled or last is None:
        raise Refused(
            "Nothing is recorded of this course: cancel it, or record its treatments first."
        )
    if day > today_at(course):
        raise Refused(
            f"{shown_day(day)} is still to come. Where fewer fractions are planned, change their "
            "number; the course then ends with the last."
        )
    if day < last.date_of_service:
        raise Refused(
            f"Fraction {last.fraction} is recorded on {shown_day(last.date_of_service)}, after "
            "that day. Choose that day or a later one; where that session is wrong, a therapist "
            "voids or corrects it first."
        )
    if day < course.start:
        raise Refused("The course ends before its first treatment: move that first.")


def advice_on_requests(course: Course) -> list[str]:
    """Which requests to withdraw, and which payers to tell that units are not needed."""
    found = requests_concerned(course)
    waiting = [str(row) for row in found if row.status in WAITING]
    approved = [f"{row} ({row.plan.payer})" for row in found if row.status not in WAITING]
    drafts = course.authorizations.filter(status="draft").count()
    advice = []
    if waiting:
        advice.append(
            f"{', '.join(waiting)} waits for the payer: withdraw it, unless it is for treatments "
            "that were given."
        )
    if approved:
        advice.append(f"Tell the payer that no more units are needed: {', '.join(approved)}.")
    if drafts:
        advice.append(f"{drafts} not yet submitted: withdraw.")
    return advice
