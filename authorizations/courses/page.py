"""What the page of a course shows: its fractions, its units, its forecast, its story."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from accounts.past.clock import now
from authorizations.models import (
    Charge,
    ChargeStatus,
    Course,
    GuidanceSession,
)
from authorizations.verdicts.image_reviews import approvals

CHARGE_STATE = {
    ChargeStatus.HELD: "held",
    ChargeStatus.READY: "ready",
    ChargeStatus.RELEASED: "released",
    ChargeStatus.VOID: "void",
}


@dataclass(frozen=True)
class FractionCell:
    """One planned fraction in the strip."""

    number: int
    state: str
    title: str
    href: str = ""


def fraction_cells(course: Course) -> list[FractionCell]:
    """One cell for each planned fraction, with how far it has come."""
    sessions = {
        s.fraction: s for s in course.sessions.live().order_by("is_delivered", "-session_of_day")
    }
    reviewed = approvals(sessions.values())
    charges = {c.session_id: c for c in Charge.objects.live().filter(session__course=course)}
    return [
        fraction_cell(course, number, sessions.get(number), reviewed, charges)
        for number in range(1, (course.fractions_planned or 0) + 1)
    ]


def fraction_cell(
    course: Course,
    number: int,
    session: GuidanceSession | None,
    reviewed: dict,
    charges: dict[int, Charge],
) -> FractionCell:
    if session is None and course.ended_on:
        return FractionCell(
            number, "not-given", f"Fraction {number}: not given, the course is over"
        )
    if session is None:
        return FractionCell(number, "scheduled", f"Fraction {number}: not yet given")
    charge = charges.get(session.pk)
    state = CHARGE_STATE.get(charge.status, "") if charge else ""
    if not state:
        imaged = "imaged" if session.modalities else "delivered"
        state = "reviewed" if session.pk in reviewed else imaged
    finding = f", {charge.leading_rule}" if charge and charge.leading_rule else ""
    title = f"Fraction {number}, {session.date_of_service:%a %-d %b}: {state}{finding}"
    return FractionCell(number, state, title, reverse("session_detail", args=[session.pk]))


def today_at(course: Course) -> date:
    return now().astimezone(course.facility.tz).date()
