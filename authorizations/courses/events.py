"""What happened in a course: its requests, calls, coverages and charges, the latest first."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.urls import reverse

from accounts.web.text import shown_day
from authorizations.models import (
    AuthorizationEvent,
    AuthorizationStatus,
    ChargeEvent,
    Contact,
    CorrectedRecord,
    Course,
    CourseEvent,
    CourseMilestone,
    CoverageEvent,
    CoverageVerb,
    RecordCorrection,
)
from authorizations.web.event_labels import done_label

AUTHORIZATION_TONES = AuthorizationStatus.tones()


@dataclass(frozen=True)
class CourseMoment:
    """One thing that happened in a course."""

    when: datetime
    what: str
    who: str
    reason: str = ""
    tone: str = "neutral"
    href: str = ""


def course_events(course: Course, limit: int = 30) -> list[CourseMoment]:
    """What happened to the course's requests, calls and charges, the latest first."""
    moments = [CourseMoment(course.registered_at, "Course registered", str(course.registered_by))]
    requests = AuthorizationEvent.objects.filter(authorization__course=course)
    requests = requests.exclude(details__has_key="course_event")  # told once, below
    for event in requests.select_related("by", "authorization"):
        what = f"Authorization: {done_label(event.verb).lower()}"
        tone = AUTHORIZATION_TONES.get(event.new_status, "neutral")
        href = reverse("authorization_detail", args=[event.authorization_id])
        moments.append(CourseMoment(event.at, what, str(event.by), event.reason, tone, href))
    for said in Contact.objects.filter(authorization__course=course).select_related("logged_by"):
        moments.append(contact_moment(said))
    moments += coverage_moments(course) + charge_moments(course) + correction_moments(course)
    moments += [
        CourseMoment(row.at, f"{row.get_verb_display()} {row.what}", str(row.by), row.reason)
        for row in CourseEvent.objects.filter(course=course).select_related("by")
    ]
    moments += milestone_moments(course)
    return sorted(moments, key=lambda moment: moment.when, reverse=True)[:limit]


def coverage_moments(course: Course) -> list[CourseMoment]:
    """Changes of the patient's coverage from a day on which the course still ran."""
    rows = CoverageEvent.objects.filter(coverage__patient=course.patient_id)
    if course.ended_on:
        rows = rows.filter(changed_from__lte=course.ended_on)
    return [
        CourseMoment(row.at, f"Coverage {row.verb}: {coverage_words(row)}", str(row.by), row.reason)
        for row in rows.select_related("by", "coverage__plan")
    ]


def correction_moments(course: Course) -> list[CourseMoment]:
    """What was typed wrongly about the course or its patient, and put right."""
    here = Q(patient=course.patient_id) | Q(patient__merged_into=course.patient_id)
    rows = RecordCorrection.objects.filter(Q(course=course) | Q(course__isnull=True) & here)
    rows = rows.exclude(record=CorrectedRecord.COVERAGE)  # it has a line of its own
    return [
        CourseMoment(row.at, f"{row.get_record_display()} corrected: {row.fields}", str(row.by),
                     row.reason)
        for row in rows.select_related("by")
    ]  # fmt: skip


def milestone_moments(course: Course) -> list[CourseMoment]:
    """Days that were entered, and those that were taken back without another."""
    found = CourseMilestone.objects.filter(course=course)
    rows = list(found.select_related("recorded_by", "withdrawn_by"))
    entered = [
        CourseMoment(row.recorded_at, f"{row.get_kind_display()}: {shown_day(row.on)}",
                     str(row.recorded_by))
        for row in rows
    ]  # fmt: skip
    known = {row.kind for row in rows if row.withdrawn_at is None}
    return entered + [
        CourseMoment(row.withdrawn_at, f"{row.get_kind_display()}: day taken back",
                     str(row.withdrawn_by))
        for row in rows
        if row.withdrawn_at and row.kind not in known
    ]  # fmt: skip


def coverage_words(row: CoverageEvent) -> str:
    if row.verb == CoverageVerb.ENDED:
        return f"{row.coverage.plan}, no longer from {shown_day(row.changed_from)} on"
    return f"{row.coverage.plan} from {shown_day(row.changed_from)} on"


def charge_moments(course: Course) -> list[CourseMoment]:
    """What people did with the course's charges, told once for each verb, person and day."""
    rows = ChargeEvent.objects.filter(charge__session__course=course).exclude(
        verb__in=("capture", "judge")
    )
    grouped: dict[tuple, list[ChargeEvent]] = defaultdict(list)
    for event in rows.select_related("by", "charge"):
        grouped[event.verb, event.by_id, event.at.date(), event.reason].append(event)
    return [charge_moment(events) for events in grouped.values()]


def charge_moment(events: list[ChargeEvent]) -> CourseMoment:
    last = events[-1]
    href = reverse("session_detail", args=[last.charge.session_id]) if len(events) == 1 else ""
    what = f"Charge {last.charge.line}" if len(events) == 1 else f"{len(events)} charges"
    return CourseMoment(
        last.at, f"{what}: {done_label(last.verb).lower()}", str(last.by), last.reason, href=href
    )


def contact_moment(said: Contact) -> CourseMoment:
    reference = f", reference {said.reference}" if said.reference else ""
    what = f"{said.get_channel_display()} with {said.person or 'the payer'}{reference}"
    follow_up = f" Follow-up {shown_day(said.next_touch_on)}." if said.next_touch_on else ""
    words = f"{said.summary}{follow_up}"
    return CourseMoment(said.logged_at, what, str(said.logged_by), words, "info")
