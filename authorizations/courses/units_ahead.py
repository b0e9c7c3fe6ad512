"""The units of a course ahead: each code over all its authorizations, and where it runs out."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import quantiles

from authorizations.courses.forecast import Ahead, Allowance, Forecast, forecast
from authorizations.courses.holds import last_planned_day, paused_days, pauses
from authorizations.courses.registration import clock, plan_on
from authorizations.models import AuthorizedService, Course, PriorAuthorization
from coding.rules.facts import GUIDANCE
from payers.clocks.calendars import holidays
from payers.models import Plan

MOST_ANSWERS = 100
FEWEST_ANSWERS = 3


@dataclass(frozen=True)
class Outlook:
    """What is approved of a course, and how each of its codes ends with it."""

    course: Course
    today: date
    next_day: date
    plan: Plan | None
    lines: list[AuthorizedService]
    forecasts: dict[str, Forecast]
    fractions_done: int = 0

    @property
    def guidance(self) -> Forecast:
        return self.forecasts[GUIDANCE]

    @property
    def next_treatment(self) -> date:
        """The day of the next fraction to come."""
        planned = self.guidance.planned
        return planned[0].on if planned else self.next_day


@dataclass(frozen=True)
class BarSegment:
    """The part of a bar that one authorization gives."""

    authorization: PriorAuthorization
    approved: int
    used: int
    starts: int
    words: str


@dataclass(frozen=True)
class UnitsBar:
    """The units of one code, as a bar with a segment for each authorization."""

    label: str
    segments: list[BarSegment]
    scheduled: int
    short: int

    @property
    def approved(self) -> int:
        return sum(segment.approved for segment in self.segments)

    @property
    def used(self) -> int:
        return sum(segment.used for segment in self.segments)

    @property
    def remaining(self) -> int:
        return self.approved - self.used

    @property
    def total(self) -> int:
        return max(self.approved, self.used + self.scheduled)

    @property
    def cuts(self) -> list[int]:
        """Where one authorization ends and the next begins."""
        return [segment.starts for segment in self.segments[1:]]

    @property
    def words(self) -> str:
        short = f"{self.short} short: " if self.short else ""
        sum_up = f"{self.remaining} remaining, {self.scheduled} to come. "
        return short + sum_up + "; ".join(segment.words for segment in self.segments) + "."


def outlook(course: Course, today: date) -> Outlook:
    """How each code of the course ends with what is approved now."""
    ahead = what_is_ahead(course, today)
    plan = plan_on(course.patient, ahead.next_day)
    lines = approved_lines(course)
    answered_by = answer_days(course, plan)
    codes = dict.fromkeys((GUIDANCE, course.delivery_code))
    forecasts = {
        code: forecast(ahead, allowances(lines, code), asked_from=today, answered_by=answered_by)
        for code in codes
    }
    return Outlook(course, today, ahead.next_day, plan, lines, forecasts, ahead.fractions_done)


def course_forecast(course: Course, today: date) -> Forecast:
    """How the guidance of a course ends with what is approved now, and by when to ask for more."""
    return outlook(course, today).guidance


def what_is_ahead(course: Course, today: date) -> Ahead:
    """The fractions to come, from the next day of treatment on."""
    sessions = list(course.sessions.live())
    without = pauses(course.holds.live(), {s.date_of_service for s in sessions})
    done = max((s.fraction for s in sessions if s.is_delivered), default=0)
    next_day = max(course.first_fraction_on or today, today)
    given = sum(s.date_of_service == next_day for s in sessions)
    given += course.missed.live().filter(date_of_service=next_day).count()
    if given >= course.fractions_per_day:
        next_day, given = next_day + timedelta(days=1), 0
    return Ahead(
        fractions_planned=(course.is_planned and course.fractions_planned) or 0,
        fractions_done=done,
        next_day=next_day,
        fractions_per_day=course.fractions_per_day,
        given_that_day=given,
        weekdays=frozenset(course.weekdays),
        closed=closures(course, today) | paused_days(without),
        last_day=last_planned_day(course, without),
    )


def closures(course: Course, today: date) -> frozenset[date]:
    """The federal holidays of two years and the facility's own closed days."""
    own = frozenset(course.facility.closed_days)
    return holidays(today.year) | holidays(today.year + 1) | own


def approved_lines(course: Course) -> list[AuthorizedService]:
    """What payers approved of the course, the earliest first; replaced ones until their day."""
    rows = AuthorizedService.objects.granted().filter(authorization__course=course)
    return list(rows.select_related("authorization").order_by("valid_from", "id"))


def allowances(lines: Iterable[AuthorizedService], code: str) -> list[Allowance]:
    """The units of a code approved and not yet held by a session."""
    return [
        Allowance(
            line.units_remaining,
            line.valid_from,
            line.last_day,
            line.pk,
            line.authorization.superseded_from is not None,
        )
        for line in lines
        if line.code == code
    ]


def to_extend(found: Outlook) -> PriorAuthorization | None:
    """The authorization of which more units or later dates are to be asked; none where enough."""
    for code, ahead in found.forecasts.items():
        mine = [line for line in found.lines if line.code == code and is_line_current(line)]
        if mine and ahead.units_short:
            return mine[-1].authorization
    return None


def is_line_current(line: AuthorizedService) -> bool:
    return line.authorization.superseded_from is None


def unit_bars(found: Outlook) -> list[UnitsBar]:
    """One bar for each approved code, over all its authorizations."""
    codes = dict.fromkeys(line.code for line in found.lines)
    bars = (unit_bar(found, code) for code in codes)
    return [bar for bar in bars if bar.segments]


def unit_bar(found: Outlook, code: str) -> UnitsBar:
    ahead = found.forecasts.get(code)
    planned = ahead.planned if ahead else ()
    mine = [line for line in found.lines if line.code == code]
    segments: list[BarSegment] = []
    for line in mine:
        taken = sum(p.has_unit and p.line == line.pk for p in planned)
        starts = sum(segment.approved for segment in segments)
        segment = segment_of(line, taken, starts)
        if segment.approved:
            segments.append(segment)
    labels = dict.fromkeys(str(line) for line in mine)
    label = next(iter(labels)) if len(labels) == 1 else code
    return UnitsBar(label, segments, len(planned), ahead.units_short if ahead else 0)


def segment_of(line: AuthorizedService, taken: int, starts: int) -> BarSegment:
    """What one line gives: of a replaced one, only what is used or will be before that day."""
    replaced = line.authorization.superseded_from
    approved = line.units_used + taken if replaced else line.units_approved or 0
    end = f"valid through {line.last_day:%a %-d %b %Y}"
    if replaced:
        end = f"replaced from {replaced:%a %-d %b %Y}"
    words = f"{line.authorization}: {line.units_used} of {line.units_approved} used, {end}"
    return BarSegment(line.authorization, approved, line.units_used, starts, words)


def answer_days(course: Course, plan: Plan | None) -> Callable[[date], date]:
    """For a request sent on a day, the day by which this plan will have answered.

    The later of its clock and of what it took in nine cases of ten before.
    """
    usual = timedelta(days=usual_turnaround(plan)[0] if plan else 0)

    def answered_by(day: date) -> date:
        noon = datetime.combine(day, time(12), tzinfo=course.facility.tz)
        deadline = plan and clock(plan, noon, course.facility.time_zone)
        return max(deadline.due_on if deadline else day, day + usual)

    return answered_by


def usual_turnaround(plan: Plan) -> tuple[int, int]:
    """Days within which this payer first answered nine of ten requests of this kind, and of how
    many answers; 0 days when too few are known.
    """
    rows = PriorAuthorization.objects.filter(
        plan__payer=plan.payer_id,
        plan__line_of_business=plan.line_of_business,
        received_on__isnull=False,
        first_answered_on__isnull=False,
    ).order_by("-first_answered_on")
    days = [
        max((decided - received.date()).days, 0)
        for received, decided in rows.values_list("received_on", "first_answered_on")[:MOST_ANSWERS]
    ]
    if len(days) < FEWEST_ANSWERS:
        return 0, len(days)
    return math.ceil(quantiles(days, n=10, method="inclusive")[8]), len(days)
