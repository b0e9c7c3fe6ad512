"""What the page of a course shows: its fractions, its units, its forecast, its story."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from accounts.clock import now
from authorizations.done_words import done
from authorizations.facts import approvals
from authorizations.models import (
    AuthorizationEvent,
    Charge,
    ChargeEvent,
    ChargeStatus,
    Contact,
    Course,
    GuidanceSession,
)

CHARGE_STATE = {
    ChargeStatus.HELD: "held",
    ChargeStatus.READY: "ready",
    ChargeStatus.RELEASED: "released",
    ChargeStatus.VOID: "void",
}
AUTHORIZATION_TONES = {
    "approved": "good",
    "partially_approved": "warn",
    "denied": "bad",
    "upheld": "bad",
    "pended": "warn",
    "submitted": "info",
    "peer_to_peer": "warn",
    "appealed": "info",
    "rejected": "bad",
}


@dataclass(frozen=True)
class Cell:
    """One planned fraction in the strip."""

    number: int
    state: str
    title: str
    href: str = ""


def fraction_cells(course: Course) -> list[Cell]:
    """One cell for each planned fraction, with how far it has come."""
    sessions = {
        s.fraction: s for s in course.sessions.live().order_by("is_delivered", "-session_of_day")
    }
    reviewed = approvals(sessions.values())
    charges = {c.session_id: c for c in Charge.objects.live().filter(session__course=course)}
    return [
        cell(number, sessions.get(number), reviewed, charges)
        for number in range(1, course.fractions_planned + 1)
    ]


def cell(
    number: int, session: GuidanceSession | None, reviewed: dict, charges: dict[int, Charge]
) -> Cell:
    if session is None:
        return Cell(number, "scheduled", f"Fraction {number}: not yet given")
    charge = charges.get(session.pk)
    state = CHARGE_STATE.get(charge.status, "") if charge else ""
    if not state:
        imaged = "imaged" if session.modalities else "delivered"
        state = "reviewed" if session.pk in reviewed else imaged
    finding = f", {charge.leading_rule}" if charge and charge.leading_rule else ""
    title = f"Fraction {number}, {session.date_of_service:%a %-d %b}: {state}{finding}"
    return Cell(number, state, title, reverse("session_detail", args=[session.pk]))


@dataclass(frozen=True)
class Moment:
    """One thing that happened in a course."""

    when: datetime
    what: str
    who: str
    reason: str = ""
    tone: str = "neutral"
    href: str = ""


def course_events(course: Course, limit: int = 30) -> list[Moment]:
    """What happened to the course's requests, calls and charges, the latest first."""
    moments = [Moment(course.registered_at, "Course registered", str(course.registered_by))]
    for event in AuthorizationEvent.objects.filter(authorization__course=course).select_related(
        "by", "authorization"
    ):
        what = f"Authorization: {done(event.verb).lower()}"
        tone = AUTHORIZATION_TONES.get(event.new_status, "neutral")
        href = reverse("authorization_detail", args=[event.authorization_id])
        moments.append(Moment(event.at, what, str(event.by), event.reason, tone, href))
    for said in Contact.objects.filter(authorization__course=course).select_related("logged_by"):
        moments.append(contact_moment(said))
    moments += charge_moments(course)
    return sorted(moments, key=lambda moment: moment.when, reverse=True)[:limit]


def charge_moments(course: Course) -> list[Moment]:
    """What people did with the course's charges, told once for each verb, person and day."""
    rows = ChargeEvent.objects.filter(charge__session__course=course).exclude(
        verb__in=("capture", "judge")
    )
    grouped: dict[tuple, list[ChargeEvent]] = defaultdict(list)
    for event in rows.select_related("by", "charge"):
        grouped[event.verb, event.by_id, event.at.date(), event.reason].append(event)
    return [charge_moment(events) for events in grouped.values()]


def charge_moment(events: list[ChargeEvent]) -> Moment:
    last = events[-1]
    href = reverse("session_detail", args=[last.charge.session_id]) if len(events) == 1 else ""
    what = f"Charge {last.charge.line}" if len(events) == 1 else f"{len(events)} charges"
    return Moment(
        last.at, f"{what}: {done(last.verb).lower()}", str(last.by), last.reason, href=href
    )


def contact_moment(said: Contact) -> Moment:
    reference = f", reference {said.reference}" if said.reference else ""
    what = f"{said.get_channel_display()} with {said.person or 'the payer'}{reference}"
    return Moment(said.logged_at, what, str(said.logged_by), said.summary, "info")


def today_at(course: Course) -> date:
    return now().astimezone(course.facility.tz).date()
