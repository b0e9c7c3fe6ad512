"""What the page of a course shows: its fractions, its units, its forecast, its story."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import quantiles
from typing import Any

from django.urls import reverse

from accounts.clock import now
from authorizations.actions.registration import clock, plan_on
from authorizations.facts import approvals
from authorizations.forecast import Ahead, Allowance, Forecast, forecast
from authorizations.models import (
    IN_FORCE,
    LINE_IN_FORCE,
    AuthorizedService,
    Charge,
    ChargeStatus,
    Course,
    GuidanceSession,
    PriorAuthorization,
)
from coding.rules.facts import GUIDANCE
from payers.clocks.calendars import holidays
from payers.models import Plan

MOST_ANSWERS = 100
CHARGE_STATE = {
    ChargeStatus.HELD: "held",
    ChargeStatus.READY: "ready",
    ChargeStatus.RELEASED: "released",
    ChargeStatus.VOID: "void",
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
class UnitsBar:
    """The units of one authorized line, as a bar."""

    label: str
    approved: int
    used: int
    remaining: int
    scheduled: int
    total: int
    short: int
    words: str
    authorization: PriorAuthorization


def unit_bars(course: Course, to_come: int) -> list[UnitsBar]:
    """Each line in force with units approved, used and still scheduled."""
    lines = AuthorizedService.objects.filter(
        authorization__course=course,
        authorization__status__in=IN_FORCE,
        decision__in=LINE_IN_FORCE,
    ).select_related("authorization")
    return [unit_bar(line, to_come) for line in lines]


def unit_bar(line: AuthorizedService, to_come: int) -> UnitsBar:
    approved, used = line.units_approved or 0, line.units_used
    scheduled = to_come
    short = max(used + scheduled - approved, 0)
    through = f"valid through {line.valid_through:%a %-d %b %Y}"
    words = f"{line.units_remaining} remaining, {scheduled} to come, {through}"
    if short:
        words = f"{short} short: {words}"
    total = max(approved, used + scheduled)
    return UnitsBar(
        f"{line} under {line.authorization}",
        approved,
        used,
        line.units_remaining,
        scheduled,
        total,
        short,
        words,
        line.authorization,
    )


def course_forecast(course: Course, today: date) -> Forecast:
    """How the course ends with what is approved now, and when to ask for the rest at the latest."""
    sessions = list(course.sessions.live())
    done = max((s.fraction for s in sessions if s.is_delivered), default=0)
    next_day = max(course.first_fraction_on, today)
    given = sum(s.date_of_service == next_day for s in sessions)
    given += course.missed.live().filter(date_of_service=next_day).count()
    if given >= course.fractions_per_day:
        next_day, given = next_day + timedelta(days=1), 0
    ahead = Ahead(
        fractions_planned=course.fractions_planned,
        fractions_done=done,
        next_day=next_day,
        fractions_per_day=course.fractions_per_day,
        given_that_day=given,
        closed=closures(course, today),
    )
    plan = plan_on(course.patient, next_day)
    return forecast(
        ahead, allowances(course), asked_from=today, answered_by=answer_days(course, plan)
    )


def closures(course: Course, today: date) -> frozenset[date]:
    """The federal holidays of two years and the facility's own closed days."""
    own = frozenset(course.facility.closed_days)
    return holidays(today.year) | holidays(today.year + 1) | own


def allowances(course: Course) -> list[Allowance]:
    """The guidance units approved and not yet held by a session."""
    lines = AuthorizedService.objects.filter(
        authorization__course=course,
        authorization__status__in=IN_FORCE,
        decision__in=LINE_IN_FORCE,
        code=GUIDANCE,
    )
    return [Allowance(a.units_remaining, a.valid_from, a.valid_through) for a in lines]


def answer_days(course: Course, plan: Plan | None):
    """For a request sent on a day, the day by which this plan will have answered.

    The later of its clock and of what it took in nine cases of ten before.
    """
    usual = timedelta(days=usual_turnaround(plan) if plan else 0)

    def answered_by(day: date) -> date:
        noon = datetime.combine(day, time(12), tzinfo=course.facility.tz)
        deadline = plan and clock(plan, noon, course.facility.time_zone)
        return max(deadline.due_on if deadline else day, day + usual)

    return answered_by


def usual_turnaround(plan: Plan) -> int:
    """Days within which this payer answered nine of ten requests of this kind; 0 when unknown."""
    rows = PriorAuthorization.objects.filter(
        plan__payer=plan.payer_id,
        plan__line_of_business=plan.line_of_business,
        received_on__isnull=False,
        decided_on__isnull=False,
    ).order_by("-decided_on")
    days = [
        max((decided - received.date()).days, 0)
        for received, decided in rows.values_list("received_on", "decided_on")[:MOST_ANSWERS]
    ]
    return math.ceil(quantiles(days, n=10, method="inclusive")[8]) if len(days) > 2 else 0


def forecast_sentence(
    course: Course, found: Forecast, plan: Plan | None, is_required: Any
) -> tuple:
    """The forecast in one sentence, with its tone."""
    if not found.planned:
        return "All planned fractions are recorded.", "good"
    end = f"the last fraction falls on {found.last_fraction_on:%a %-d %b %Y}"
    if is_required is False:
        return f"No authorization is required; {end}.", "good"
    short = found.first_short
    if short is None:
        spare = f", {found.units_unused} units will be left" if found.units_unused else ""
        return f"The approved units last to the end: {end}{spare}.", "good"
    what = "dates" if short.is_outside_dates else "units"
    ask = ask_sentence(found.ask_by)
    return (
        f"The {what} run out at fraction {short.fraction} on {short.on:%a %-d %b}: "
        f"{found.units_short} short. {ask}",
        "bad",
    )


def ask_sentence(ask_by: date | None) -> str:
    if ask_by is None:
        return "Even a request sent today may be answered too late: ask at once, and expedited."
    return f"Ask by {ask_by:%a %-d %b}: later, the payer's clock ends after that day."


def today_at(course: Course) -> date:
    return now().astimezone(course.facility.tz).date()
