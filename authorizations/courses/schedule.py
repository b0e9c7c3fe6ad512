"""Who is treated on a day at a facility: the schedule of its courses, and what is recorded of
it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from django.db.models import Exists, OuterRef

from accounts.models import Facility
from authorizations.courses.holds import Pause, is_paused, paused_days, pauses
from authorizations.models import Course, CourseHold, GuidanceSession, MissedTreatment
from authorizations.worklists.open_days import holidays_of

INTERRUPTED_AFTER = timedelta(days=21)
OLDEST_COURSE = timedelta(days=366)
ONE_DAY = timedelta(days=1)


@dataclass
class Slot:
    """One row of the day sheet: a fraction that is due that day, or was recorded on it."""

    course: Course
    fraction: int
    session_of_day: int
    session: GuidanceSession | None = None
    missed: MissedTreatment | None = None
    previous: GuidanceSession | None = None

    @property
    def key(self) -> str:
        return f"{self.course.pk}-{self.session_of_day}"

    @property
    def starts(self) -> time | None:
        """When it began, or when the previous fraction did, by the facility's clock."""
        source = self.session or self.previous
        return source and source.started_at.astimezone(source.facility.tz).time()

    @property
    def machine(self) -> str:
        source = self.session or self.previous
        return source.machine if source else ""


@dataclass
class Progress:
    """What is recorded of one course: the day of each delivered fraction, and what was given,
    imaged or missed on the sheet's day.
    """

    days: dict[int, date] = field(default_factory=dict)
    attended: set[date] = field(default_factory=set)
    missed: dict[int, MissedTreatment] = field(default_factory=dict)
    today: dict[int, int] = field(default_factory=dict)  # session of day → fraction
    holds: list[CourseHold] = field(default_factory=list)

    @property
    def pauses(self) -> list[Pause]:
        """The spans in which nothing is treated."""
        return pauses(self.holds, self.attended)

    def before(self, on: date) -> int:
        """The highest fraction recorded before that day."""
        return max((number for number, day in self.days.items() if day < on), default=0)

    def last_day(self, on: date) -> date | None:
        """The latest day before that one on which something was recorded."""
        return max((day for day in self.attended if day < on), default=None)

    def has(self, on: date) -> bool:
        """Whether something is recorded on that day."""
        return on in self.attended


def is_treatment_day(on: date, course: Course, facility: Facility) -> bool:
    """Whether the course is scheduled there that day: one of its weekdays, no holiday, not
    closed.
    """
    is_open = on not in facility.closed_days and on not in holidays_of(on.year)
    return is_open and on.weekday() in course.weekdays


def next_treatment_day(after: date, course: Course, facility: Facility) -> date:
    """The first day after that one on which the course is scheduled there."""
    day = after + ONE_DAY
    while not is_treatment_day(day, course, facility):
        day += ONE_DAY
    return day


def treatment_days(start: date, end: date, course: Course, without: Collection[date] = ()) -> int:
    """How many treatment days lie from the first day on, before the second; some left out."""
    days = (start + timedelta(days=n) for n in range((end - start).days))
    return sum(
        is_treatment_day(day, course, course.facility) and day not in without for day in days
    )


def slots_on(
    facility: Facility, on: date, *, today: date, is_everyone: bool = False
) -> tuple[list[Slot], int]:
    """The rows of a day by time, and how many interrupted or held courses are left out of it.

    ``is_everyone`` lists every unfinished course, whatever the calendar says.
    """
    sessions = sessions_on(facility, on)
    courses = list(unfinished_courses(facility, on))
    progress = progress_of(courses, on)
    previous = previous_sessions(courses, on)
    slots = [recorded_slot(session) for session in sessions]
    left_out = 0
    for course in courses:
        mine = progress[course.pk]
        is_away = is_paused(mine.pauses, on) or is_interrupted(course, mine, min(on, today))
        if is_away and not is_everyone:
            left_out += 1
        elif is_everyone or is_treatment_day(on, course, facility):
            slots += due_slots(course, mine, previous, on, today)
    return sorted(slots, key=by_time), left_out


def by_time(slot: Slot) -> tuple[bool, time, str, int]:
    starts = slot.starts
    return (starts is None, starts or time.min, str(slot.course.patient), slot.session_of_day)


def sessions_on(facility: Facility, on: date) -> list[GuidanceSession]:
    return list(
        GuidanceSession.objects.on_day(on)
        .filter(facility=facility)
        .select_related("course__patient", "facility")
    )


def recorded_slot(session: GuidanceSession) -> Slot:
    return Slot(session.course, session.fraction, session.session_of_day, session=session)


def unfinished_courses(facility: Facility, on: date) -> Iterable[Course]:
    """The facility's courses that are open that day with their last fraction still to come."""
    is_finished = GuidanceSession.objects.live().filter(
        course=OuterRef("pk"),
        is_delivered=True,
        fraction__gte=OuterRef("fractions_planned"),
        date_of_service__lt=on,
    )
    return (
        Course.objects.open_on(on)
        .filter(~Exists(is_finished), facility=facility, first_fraction_on__gt=on - OLDEST_COURSE)
        .select_related("patient", "facility")
    )


def progress_of(courses: list[Course], on: date) -> dict[int, Progress]:
    """The recorded fractions of each course, in one query."""
    found: dict[int, Progress] = defaultdict(Progress)
    rows = GuidanceSession.objects.live().filter(course__in=courses).order_by()
    for course, number, nth, day, is_delivered in rows.values_list(
        "course_id", "fraction", "session_of_day", "date_of_service", "is_delivered"
    ):
        found[course].attended.add(day)
        if is_delivered:
            found[course].days[number] = day
        if day == on:
            found[course].today[nth] = number
    for hold in CourseHold.objects.live().filter(course__in=courses):
        found[hold.course_id].holds.append(hold)
    for missed in MissedTreatment.objects.live().filter(course__in=courses, date_of_service=on):
        found[missed.course_id].missed[missed.session_of_day] = missed
    return found


def previous_sessions(courses: list[Course], on: date) -> dict[tuple[int, int], GuidanceSession]:
    """The latest session before the day of each course and session of the day, in one query."""
    rows = (
        GuidanceSession.objects.live()
        .filter(course__in=courses, date_of_service__lt=on)
        .select_related("facility")
        .order_by("course_id", "session_of_day", "-started_at")
        .distinct("course_id", "session_of_day")
    )
    return {(row.course_id, row.session_of_day): row for row in rows}


def is_interrupted(course: Course, progress: Progress, on: date) -> bool:
    """Whether nothing was recorded for so long that nobody expects the patient today."""
    since = progress.last_day(on) or course.start
    since = max([since, *(end for _, end in progress.pauses if end and end <= on)])
    return on - since > INTERRUPTED_AFTER and not progress.today


def due_slots(
    course: Course,
    progress: Progress,
    previous: dict[tuple[int, int], GuidanceSession],
    on: date,
    today: date,
) -> list[Slot]:
    """The fractions still to be recorded that day: one, or one for each session of the day.

    A day gone by on which nothing was recorded keeps its row: it wants its reason, also where the
    fraction was given later.
    """
    before = progress.before(on) + fractions_expected(course, progress, on, today)
    earlier = previous.get((course.pk, 1))
    return [
        Slot(
            course,
            before + nth,
            nth,
            missed=progress.missed.get(nth),
            previous=previous.get((course.pk, nth), earlier),
        )
        for nth in range(1, course.fractions_per_day + 1)
        if nth not in progress.today and before + nth <= course.fractions
    ]


def fractions_expected(course: Course, progress: Progress, on: date, today: date) -> int:
    """Fractions that will have been given between today and a day to come."""
    if on <= today:
        return 0
    start = max(today + timedelta(days=progress.has(today)), course.start)
    without = paused_days(progress.pauses)
    return course.fractions_per_day * treatment_days(start, on, course, without)
