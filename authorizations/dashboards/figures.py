"""The managers' figures, each with its definition and the rows behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Facility, User
from authorizations.models import (
    IN_FORCE,
    OPEN,
    AuthorizationStatus,
    Charge,
    ChargeStatus,
    GuidanceSession,
    PriorAuthorization,
)
from authorizations.worklists import queues

LOST = (AuthorizationStatus.DENIED, AuthorizationStatus.UPHELD)
DECIDED = (*IN_FORCE, *LOST, AuthorizationStatus.SUPERSEDED)
RISK_RULES = ("R48", "R49", "R50", "R51", "R59")


@dataclass(frozen=True)
class Period:
    """What a dashboard is about: whose, since when, in which facility and line of business."""

    user: User
    now: datetime
    since: date
    facility: Facility | None = None
    line_of_business: str = ""

    @property
    def today(self) -> date:
        return self.now.date()


@dataclass(frozen=True)
class Figure:
    """One figure: its rows, and by which path a row knows its plan."""

    key: str
    label: str
    definition: str
    rows: Callable[[Period], QuerySet]
    noun: str
    tone: str = ""
    is_money: bool = False


def in_scope(rows: QuerySet, period: Period, plan: str, facility: str) -> QuerySet:
    """Narrowed to the dashboard's facility and line of business."""
    if period.facility:
        rows = rows.filter(**{facility: period.facility})
    if period.line_of_business:
        rows = rows.filter(**{f"{plan}__line_of_business": period.line_of_business})
    return rows


def requests(period: Period) -> QuerySet:
    rows = PriorAuthorization.objects.for_user(period.user)
    return in_scope(rows, period, "plan", "course__facility")


def open_requests(period: Period) -> QuerySet:
    return requests(period).waiting()


def overdue(period: Period) -> QuerySet:
    return requests(period).overdue(period.now)


def decided(period: Period) -> QuerySet:
    return requests(period).filter(
        status__in=DECIDED, decided_on__range=(period.since, period.today)
    )


def approved(period: Period) -> QuerySet:
    return decided(period).exclude(status__in=LOST)


def denied(period: Period) -> QuerySet:
    return decided(period).filter(status__in=LOST)


def expiring(period: Period) -> QuerySet:
    rows = queues.expiring(period.user, period.now)
    return in_scope(rows, period, "plan", "course__facility").distinct()


def courses_short(period: Period) -> QuerySet:
    """Requests in force of courses with fewer units left than fractions to come."""
    short = queues.short(period.user, period.now)
    return requests(period).filter(status__in=IN_FORCE, course__in=short.values("pk"))


def charges(period: Period) -> QuerySet:
    rows = Charge.objects.for_user(period.user)
    return in_scope(rows, period, "plan", "facility")


def held(period: Period) -> QuerySet:
    return charges(period).filter(status=ChargeStatus.HELD)


def at_risk(period: Period) -> QuerySet:
    """Unreleased charges the rulebook stops, or that no authorization covers."""
    rows = charges(period).filter(status__in=OPEN)
    return rows.filter(disposition="STOP") | rows.filter(leading_rule__in=RISK_RULES)


def uncovered(period: Period) -> QuerySet:
    """Delivered, imaged sessions whose plan that day wants permission and which hold no unit."""
    waiting = charges(period).filter(leading_rule__in=RISK_RULES, status__in=OPEN)
    rows = GuidanceSession.objects.for_user(period.user).live()
    rows = rows.filter(authorized_service__isnull=True, is_delivered=True)
    return rows.filter(Exists(waiting.filter(session=OuterRef("pk"))))


FIGURES: tuple[Figure, ...] = (
    Figure(
        "open",
        "Open",
        "Requests submitted, pended, in peer-to-peer or in appeal now.",
        open_requests,
        "authorization",
    ),
    Figure(
        "overdue",
        "Overdue",
        "Open requests whose payer should have answered by the clock that applies to them.",
        overdue,
        "authorization",
        "bad",
    ),
    Figure(
        "approved",
        "Approved",
        "Requests decided in the period and approved in full or in part.",
        approved,
        "authorization",
    ),
    Figure(
        "denied",
        "Denied",
        "Requests decided in the period and denied, or denied again in appeal.",
        denied,
        "authorization",
        "bad",
    ),
    Figure(
        "expiring",
        "Expiring",
        "Approvals ending within 14 days while fractions are still to come.",
        expiring,
        "authorization",
        "warn",
    ),
    Figure(
        "short",
        "Units short",
        "Approvals of courses with fewer guidance units left than fractions to come.",
        courses_short,
        "authorization",
        "bad",
    ),
    Figure(
        "uncovered",
        "Sessions uncovered",
        "Delivered sessions that hold no unit and whose charge a rule about authorization keeps.",
        uncovered,
        "session",
        "bad",
    ),
    Figure(
        "held",
        "Charges held",
        "Charges waiting for a coder or for something to be mended.",
        held,
        "charge",
        "warn",
    ),
    Figure(
        "risk",
        "Dollars at risk",
        "Expected dollars of unreleased charges that are stopped or that no authorization covers.",
        at_risk,
        "charge",
        "bad",
        is_money=True,
    ),
)
BY_KEY = {figure.key: figure for figure in FIGURES}
