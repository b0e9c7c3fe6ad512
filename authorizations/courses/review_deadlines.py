"""By when images must be approved: the start of the course's next delivered treatment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import nsmallest

from django.db.models import Min, OuterRef, QuerySet, Subquery

from authorizations.courses.schedule import next_treatment_day
from authorizations.models import GuidanceSession, ImageReview

BETWEEN_SESSIONS = timedelta(hours=6)
RESTS_ON = (
    "started_at",
    "date_of_service",
    "session_of_day",
    "fraction",
    "course__fractions_per_day",
    "course__fractions_planned",
    "course__ended_on",
    "facility__time_zone",
    "facility__closed_days",
    "course__weekdays",
)


@dataclass(frozen=True)
class Deadline:
    """The moment before which images are approved; expected while the next is not given yet."""

    before: datetime
    is_expected: bool
    is_last_fraction: bool = False


Due = tuple[Deadline, GuidanceSession]


def with_next_start(rows: QuerySet[GuidanceSession]) -> QuerySet[GuidanceSession]:
    """The sessions with the start of the course's next delivered one, and of their own day."""
    others = GuidanceSession.objects.live().filter(course=OuterRef("course"), is_delivered=True)
    following = others.filter(started_at__gt=OuterRef("started_at"))
    same_day = others.filter(date_of_service=OuterRef("date_of_service"))
    return rows.annotate(next_start=first_start(following), day_start=first_start(same_day))


def first_start(rows: QuerySet[GuidanceSession]) -> Subquery:
    grouped = rows.order_by().values("course").annotate(first=Min("started_at"))
    return Subquery(grouped.values("first"))


def deadline_of(session: GuidanceSession) -> Deadline:
    """Of a session read with ``with_next_start``, its course and facility, by the facility's clock.

    The day of the next treatment skips weekends, holidays and the facility's closed days.
    """
    if session.next_start:
        return Deadline(session.next_start, is_expected=False)
    course, zone = session.course, session.facility.tz
    if session.session_of_day < course.fractions_per_day:
        return Deadline(session.started_at + BETWEEN_SESSIONS, is_expected=True)
    is_last = course.ended_on is not None or session.fraction >= course.fractions
    usual = session.started_at if is_last else session.day_start or session.started_at
    begins = usual.astimezone(zone)
    day = next_treatment_day(session.date_of_service, course, session.facility)
    return Deadline(datetime.combine(day, begins.time(), zone), True, is_last)


def by_deadline(rows: QuerySet[GuidanceSession]) -> list[Due]:
    """The sessions with their deadlines, the most urgent first."""
    return sorted(dues(with_next_start(rows)), key=urgency)


def most_urgent(rows: QuerySet[GuidanceSession], most: int) -> list[Due]:
    """The first of them: of all that wait only what the deadline rests on is read."""
    bare = rows.select_related(None).select_related("course", "facility").only(*RESTS_ON)
    first = nsmallest(most, dues(with_next_start(bare)), key=urgency)
    whole = rows.in_bulk([session.pk for _, session in first])
    return [(deadline, whole[session.pk]) for deadline, session in first]


def dues(rows: QuerySet[GuidanceSession]) -> list[Due]:
    return [(deadline_of(row), row) for row in rows]


def urgency(found: Due) -> tuple[datetime, datetime, int]:
    deadline, session = found
    return deadline.before, session.started_at, session.pk


def next_start_of(session: GuidanceSession) -> datetime | None:
    """When the course's next delivered treatment began."""
    rows = GuidanceSession.objects.delivered().filter(
        course=session.course_id, started_at__gt=session.started_at
    )
    return rows.aggregate(first=Min("started_at"))["first"]


def came_late(review: ImageReview | None, next_start: datetime | None) -> bool:
    """Whether images were answered only once the next treatment had begun."""
    return bool(review and next_start and review.reviewed_at >= next_start)
