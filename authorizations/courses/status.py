"""Whether a course goes on: cancelled, ended, on hold, in one sentence."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Max

from accounts.web.text import shown_day
from authorizations.courses.page import today_at
from authorizations.models import Course, CourseHold, EndReason


@dataclass(frozen=True)
class CourseStatus:
    """What keeps a course from its plan: a word, a sentence, and whether it is over for good."""

    label: str
    sentence: str
    tone: str
    is_over: bool = False
    has_calendar: bool = False  # the fractions to come have their days all the same


def course_status(course: Course, done: int, today: date) -> CourseStatus | None:
    """Cancelled, ended or on hold; None of a course that is treated as planned.

    ``done``: the fractions given.
    """
    if course.ended_on:
        return over_status(course, done, today)
    if not course.is_planned:
        return unplanned_status(course)
    hold = course.holds.running().order_by("held_from").last()
    return held_status(course, hold, course.fractions - done, today) if hold else None


def current_status(course: Course) -> CourseStatus | None:
    """The status today, by the facility's clock and the fractions given."""
    given = course.sessions.delivered().aggregate(last=Max("fraction"))["last"] or 0
    return course_status(course, given, today_at(course))


def unplanned_status(course: Course) -> CourseStatus:
    """What is not known, and that nothing can be forecast until it is."""
    if course.fractions_planned is None:
        day = course.first_fraction_on
        begins = f" First treatment {shown_day(day)}." if day else ""
        said = f"How many fractions are planned is not known: no units can be forecast.{begins}"
    else:
        said = (
            f"{course.fractions_planned} fractions are planned, the first treatment has no day: "
            "nobody can say whether approved dates cover them."
        )
    return CourseStatus("Not planned", f"{said} Enter it once it is known.", "warn")


def over_status(course: Course, done: int, today: date) -> CourseStatus:
    why, day = course.get_end_reason_display().lower(), shown_day(course.ended_on or today)
    if course.is_cancelled:
        sentence = f"Cancelled on {day}, before the first treatment: {why}."
        return CourseStatus("Cancelled", sentence, "neutral", is_over=True)
    is_whole = done >= (course.fractions_planned or 0) and course.end_reason == EndReason.COMPLETED
    tone = "good" if is_whole else "neutral"
    sentence = f"Ended on {day} after {done} of {course.fractions_shown} fractions: {why}."
    return CourseStatus("Ended", sentence, tone, is_over=True)


def held_status(course: Course, hold: CourseHold, to_come: int, today: date) -> CourseStatus:
    """Since when, until when, and what is unknown as long as nobody knows that."""
    begins = "On hold since" if hold.held_from <= today else "To be held from"
    since = f"{begins} {shown_day(hold.held_from)}: {hold.get_reason_display().lower()}."
    label = "On hold" if hold.held_from <= today else "Hold planned"
    treated = course.sessions.live().filter(date_of_service__gte=hold.held_from)
    again = treated.order_by("date_of_service").values_list("date_of_service", flat=True).first()
    if again:
        said = f"Treated again on {shown_day(again)}: record that treatment was resumed."
        return CourseStatus(label, f"{since} {said}", "warn", has_calendar=True)
    if hold.expected_on is None:
        said = (
            f"Nobody knows when treatment goes on: {to_come} fractions to come have no day, and "
            "approved dates run on. Give the expected day, or resume."
        )
        return CourseStatus(label, f"{since} {said}", "warn")
    expected = f"Expected to go on on {shown_day(hold.expected_on)}"
    if hold.expected_on <= today:
        expected += ", and not recorded as resumed: resume it, or give a new day"
    tone = "warn" if hold.expected_on <= today else "info"
    return CourseStatus(label, f"{since} {expected}.", tone, has_calendar=True)


def courses_on_hold(courses: Iterable[Course], today: date) -> set[int]:
    """Which of these courses are on hold, in one question."""
    rows = CourseHold.objects.running().filter(course__in=list(courses), held_from__lte=today)
    return set(rows.values_list("course_id", flat=True))


def list_label(course: Course, held: Collection[int]) -> str:
    """The word of a course in a list; empty of one that is treated as planned."""
    if course.is_cancelled:
        return "Cancelled"
    if course.ended_on:
        return "Ended"
    if not course.is_planned:
        return "Not planned"
    return "On hold" if course.pk in held else ""


NOT_PLANNED = (
    "The course has no plan yet: the front desk enters the planned fractions and the first "
    "treatment, then this can be recorded."
)


def course_over_refusal(course: Course, on: date) -> str | None:
    """The sentence that refuses a treatment of that day: no plan, or over by then."""
    if not course.is_planned:
        return NOT_PLANNED
    if course.ended_on is None or not (course.is_cancelled or on > course.ended_on):
        return None
    what = "was cancelled" if course.is_cancelled else "ended"
    why = course.get_end_reason_display().lower()
    return (
        f"The course {what} on {shown_day(course.ended_on)}: {why}. Correct the day, or the front "
        "desk reopens the course first."
    )


def course_steps(course: Course, status: CourseStatus | None) -> list[tuple[str, str]]:
    """What may be done with the course as it is now: the URL names and labels of these pages."""
    has_sessions = course.sessions.live().exists()
    if course.is_cancelled:
        return [("course_reopen", "Reopen the course…")]
    if course.ended_on:
        return [("course_reopen", "Reopen the course…"), ("course_end", "Correct the end…")]
    over = (
        ("course_end", "End the course…")
        if has_sessions
        else ("course_cancel", "Cancel the course…")
    )
    if not course.is_planned:
        return [over]
    if status:
        return [("course_resume", "Resume treatment…"), ("course_hold", "Change the hold…"), over]
    return [("course_hold", "Hold the course…"), over]
