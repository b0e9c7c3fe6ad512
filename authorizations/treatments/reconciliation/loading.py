"""All that is known of a facility's days: scheduled, recorded, imported, reviewed, charged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Exists, Max, OuterRef, Q

from accounts.models import Facility
from authorizations.courses.holds import is_paused
from authorizations.courses.schedule import (
    OLDEST_COURSE,
    Progress,
    Slot,
    by_time,
    due_slots,
    is_interrupted,
    is_treatment_day,
    recorded_slot,
)
from authorizations.models import (
    ANSWERS,
    Charge,
    ChargeEvent,
    ChargeStatus,
    Course,
    CourseHold,
    DayGap,
    GuidanceSession,
    ImageReview,
    ImportedRow,
    MissedTreatment,
    PaperEntry,
    ReviewDecision,
    SessionCorrection,
    TreatmentRecord,
)

Place = tuple[int, date, int]  # course, day, session of the day
FILES_FOLLOW_WITHIN = timedelta(days=14)
DOUBLES = ("duplicate_fraction", "two_machines")


@dataclass
class DayBook:
    """A span of days at one facility, read in a fixed number of queries."""

    facility: Facility
    first: date
    last: date
    today: date
    courses: list[Course] = field(default_factory=list)
    progress: dict[int, Progress] = field(default_factory=dict)
    given: dict[tuple[int, date], dict[int, int]] = field(default_factory=dict)
    missed: dict[Place, MissedTreatment] = field(default_factory=dict)
    sessions: dict[date, list[GuidanceSession]] = field(default_factory=dict)
    charges: dict[int, tuple[str, str]] = field(default_factory=dict)
    reviews: dict[int, tuple[str, datetime]] = field(default_factory=dict)
    corrected: dict[int, datetime] = field(default_factory=dict)
    paper: set[Place] = field(default_factory=set)
    refused: dict[str, ImportedRow] = field(default_factory=dict)
    conflicts: set[int] = field(default_factory=set)
    answers: dict[tuple[date, str, str], DayGap] = field(default_factory=dict)

    def days(self) -> list[date]:
        span = (self.last - self.first).days
        return [self.first + timedelta(days=n) for n in range(span + 1)]

    def slots(self, on: date) -> list[Slot]:
        """What was due that day and what is recorded of it, as on the day sheet."""
        slots = [recorded_slot(session) for session in self.sessions.get(on, ())]
        for course in self.courses:
            if is_treatment_day(on, course, self.facility):
                slots += self.due(course, on)
        return sorted(slots, key=by_time)

    def review(self, session: GuidanceSession) -> str:
        """The answer to its images; rejected ones corrected since wait for another."""
        decision, at = self.reviews.get(session.pk, ("", None))
        corrected = self.corrected.get(session.pk)
        is_old = bool(decision == ReviewDecision.REJECTED and corrected and corrected > at)
        return "" if is_old else decision

    def due(self, course: Course, on: date) -> list[Slot]:
        is_over = course.ended_on is not None and course.ended_on < on
        whole = self.progress[course.pk]
        mine = Progress(
            whole.days,
            whole.attended,
            {nth: row for nth in (1, 2, 3) if (row := self.missed.get((course.pk, on, nth)))},
            self.given.get((course.pk, on), {}),
            whole.holds,
        )
        is_absent = is_interrupted(course, mine, min(on, self.today))
        is_absent = is_absent or is_paused(mine.pauses, on)
        if is_over or course.start > on or is_absent:
            return []
        return due_slots(course, mine, {}, on, self.today)


def read_days(facility: Facility, first: date, last: date, today: date) -> DayBook:
    """The days from the first through the last one."""
    book = DayBook(facility, first, last, today)
    book.courses = list(courses_with_fractions_due(facility, first, last))
    read_progress(book)
    sessions = list(
        GuidanceSession.objects.live()
        .filter(facility=facility, date_of_service__range=(first, last))
        .select_related("course__patient", "facility")
    )
    book.sessions = defaultdict(list)
    for session in sessions:
        book.sessions[session.date_of_service].append(session)
    numbers = [session.pk for session in sessions]
    book.charges = charges_of(numbers)
    book.reviews = reviews_of(numbers)
    book.corrected = corrections_of(numbers)
    book.paper = set(
        PaperEntry.objects.filter(
            course__facility=facility, date_of_service__range=(first, last)
        ).values_list("course_id", "date_of_service", "session_of_day")
    )
    book.refused = refused_doubles(sessions, first, last)
    conflicts = TreatmentRecord.objects.conflicts().filter(session__in=numbers)
    book.conflicts = set(conflicts.values_list("session_id", flat=True))
    answers = DayGap.objects.filter(facility=facility, date_of_service__range=(first, last))
    for row in answers.select_related("taken_by", "settled_by"):
        book.answers[row.date_of_service, row.kind, row.subject] = row
    return book


def courses_with_fractions_due(facility: Facility, first: date, last: date) -> Iterable[Course]:
    """Courses with something still to come on one of the days."""
    is_finished = GuidanceSession.objects.live().filter(
        course=OuterRef("pk"),
        is_delivered=True,
        fraction__gte=OuterRef("fractions_planned"),
        date_of_service__lt=first,
    )
    return Course.objects.filter(
        ~Exists(is_finished),
        Q(ended_on__isnull=True) | Q(ended_on__gte=first),
        is_cancelled=False,
        facility=facility,
        first_fraction_on__range=(first - OLDEST_COURSE, last),
    ).select_related("patient", "facility")


def read_progress(book: DayBook) -> None:
    """Each course's recorded fractions, by day, and what was missed."""
    book.progress = defaultdict(Progress)
    book.given = defaultdict(dict)
    rows = GuidanceSession.objects.live().filter(course__in=book.courses).order_by()
    for course, number, nth, day, is_delivered in rows.values_list(
        "course_id", "fraction", "session_of_day", "date_of_service", "is_delivered"
    ):
        book.progress[course].attended.add(day)
        book.given[course, day][nth] = number
        if is_delivered:
            book.progress[course].days[number] = day
    for hold in CourseHold.objects.live().filter(course__in=book.courses):
        book.progress[hold.course_id].holds.append(hold)
    missed = MissedTreatment.objects.live().filter(
        course__in=book.courses, date_of_service__range=(book.first, book.last)
    )
    book.missed = {(row.course_id, row.date_of_service, row.session_of_day): row for row in missed}


def charges_of(numbers: list[int]) -> dict[int, tuple[str, str]]:
    """The status and verdict of each session's charge; of a void one only where none stands.

    A void charge that a coder left unbilled counts as not billable: somebody decided so.
    """
    found: dict[int, tuple[str, str]] = {}
    left = ChargeEvent.objects.filter(charge=OuterRef("pk"), verb="leave_unbilled")
    rows = Charge.objects.filter(session__in=numbers).annotate(is_left=Exists(left)).order_by("pk")
    for session, status, verdict, is_left in rows.values_list(
        "session_id", "status", "disposition", "is_left"
    ):
        if session not in found or status != ChargeStatus.VOID:
            found[session] = (ChargeStatus.NOT_BILLABLE if is_left else status, verdict)
    return found


def reviews_of(numbers: list[int]) -> dict[int, tuple[str, datetime]]:
    """The answer that stands for each session's images; a resident's look where there is none."""
    found: dict[int, tuple[str, datetime]] = {}
    given = ImageReview.objects.exclude(decision=ReviewDecision.REPORTED)
    rows = given.filter(session__in=numbers).order_by("recorded_at", "pk")
    for session, decision, at in rows.values_list("session_id", "decision", "recorded_at"):
        if decision in ANSWERS or session not in found:
            found[session] = (decision, at)
    return found


def corrections_of(numbers: list[int]) -> dict[int, datetime]:
    """When each session was corrected last."""
    rows = SessionCorrection.objects.filter(session__in=numbers).order_by()
    return dict(rows.values_list("session_id").annotate(Max("at")))


def refused_doubles(
    sessions: list[GuidanceSession], first: date, last: date
) -> dict[str, ImportedRow]:
    """By record of a session: the line of a file that was refused because that record stands.

    A line whose own record was taken later is no longer open.
    """
    rows = ImportedRow.objects.filter(
        outcome=ImportedRow.Outcome.REFUSED,
        kind__in=DOUBLES,
        run__started_at__date__range=(first, last + FILES_FOLLOW_WITHIN),
    )
    taken = set(
        ImportedRow.objects.filter(record__in=rows.values("record"))
        .exclude(outcome=ImportedRow.Outcome.REFUSED)
        .values_list("record", flat=True)
    )
    records = {session.source_record for session in sessions} - {""}
    found: dict[str, ImportedRow] = {}
    for row in rows:
        named = {word.strip(".,;:“”") for word in row.sentence.split()} & records
        if row.record not in taken:
            found.update(dict.fromkeys(named - {row.record}, row))
    return found
