"""The sets of rows that figures divide up, each known to its payer and line of business."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.scoping import facilities_of
from authorizations.dashboards.period import Period
from authorizations.dashboards.sql import Earliest, day_there, days_between, whether_required
from authorizations.models import (
    ANSWERED,
    IN_FORCE,
    OPEN,
    AuthorizationEvent,
    AuthorizationStatus,
    AuthorizedService,
    Charge,
    ChargeStatus,
    Course,
    GuidanceSession,
    LineDecision,
    PriorAuthorization,
)
from coding.rules.facts import GUIDANCE

S = AuthorizationStatus
UNASKED = (S.DRAFT, S.NOT_REQUIRED, S.WITHDRAWN, S.REJECTED)
GRANTED = (*IN_FORCE, S.SUPERSEDED, S.CANCELLED)
NO_DEADLINE = date.max  # later than any that is known
SETTLED_LINES = (LineDecision.APPROVED, LineDecision.REDUCED, LineDecision.DENIED)


Rows = Callable[[Period], QuerySet]


@dataclass(frozen=True)
class Days:
    """How rows are counted by day: which day, place and plan they belong to.

    ``rows``: those to count where not all of the base; a policy in force that day then chooses
    between plans (``asks_policy``). ``settled``: what a row must fulfil for time alone not to
    change its numbers any more, given the last day that is over everywhere.
    """

    day: str
    facility: str = "facility"
    plan: str = "plan"
    rows: Rows | None = None
    asks_policy: bool = False
    settled: Callable[[date], Q] | None = None


@dataclass(frozen=True)
class Base:
    """A set of rows: what one of them is, and by which columns it knows its payer."""

    key: str
    noun: str
    rows: Rows
    payer: str = "plan__payer"
    line_of_business: str = "plan__line_of_business"
    is_now: bool = False
    days: Days | None = None

    @property
    def who(self) -> tuple[str, str]:
        return self.payer, self.line_of_business

    def to_count(self, period: Period) -> QuerySet:
        """The rows that are counted by day."""
        rows = self.days and self.days.rows
        return (rows or self.rows)(period)


def seen(rows: QuerySet, period: Period) -> QuerySet:
    """The rows within the person's facilities; all of them for the machine itself."""
    return rows.for_user(period.user) if period.user else rows


def in_scope(rows: QuerySet, period: Period, plan: str, facility: str) -> QuerySet:
    """Narrowed to the dashboard's facility and line of business."""
    if period.facility:
        rows = rows.filter(**{facility: period.facility})
    if period.line_of_business:
        rows = rows.filter(**{f"{plan}__line_of_business": period.line_of_business})
    return rows


def requests(period: Period) -> QuerySet:
    rows = seen(PriorAuthorization.objects.all(), period)
    return in_scope(rows, period, "plan", "course__facility")


def open_requests(period: Period) -> QuerySet:
    return requests(period).waiting()


def approvals(period: Period) -> QuerySet:
    """Approvals of courses that have not ended: only those can run out or run short."""
    goes_on = Q(course__ended_on__isnull=True) | Q(course__ended_on__gte=period.now.date())
    return requests(period).filter(goes_on, status__in=IN_FORCE)


def answered(period: Period) -> QuerySet:
    """Requests first answered in the period, whatever came of them later."""
    return (
        requests(period)
        .filter(first_answered_on__range=period.days)
        .annotate(
            due_on=day_there("due_at"),
            days=days_between("first_answered_on", day_there("received_on")),
        )
    )


def appeals(period: Period) -> QuerySet:
    """Requests whose appeal was answered in the period; ``was_overturned`` when in our favour."""
    appealed = AuthorizationEvent.objects.filter(
        authorization=OuterRef("authorization"), verb="appeal", id__lt=OuterRef("id")
    )
    answers = AuthorizationEvent.objects.filter(
        Exists(appealed),
        authorization=OuterRef("pk"),
        new_status__in=ANSWERED,
        at__date__range=period.days,
    )
    won = answers.filter(new_status__in=IN_FORCE)
    return (
        requests(period)
        .filter(Exists(answers), appeal_level__gt=0)
        .annotate(was_overturned=Exists(won))
    )


def guidance_lines(period: Period) -> QuerySet:
    """Decided lines of guidance of the requests first answered in the period."""
    rows = AuthorizedService.objects.filter(
        authorization__first_answered_on__range=period.days,
        code=GUIDANCE,
        decision__in=SETTLED_LINES,
    ).annotate(granted=Coalesce("units_approved", 0))
    if period.user:
        mine = facilities_of(period.user)
        rows = rows.filter(authorization__course__facility__in=mine)
    return in_scope(rows, period, "authorization__plan", "authorization__course__facility")


def charges(period: Period) -> QuerySet:
    rows = seen(Charge.objects.all(), period)
    return in_scope(rows, period, "plan", "facility")


def unbilled(period: Period) -> QuerySet:
    """Charges that have not left in a batch yet, by the day until which they can be filed."""
    return (
        charges(period)
        .filter(Q(status__in=OPEN) | Q(status=ChargeStatus.RELEASED, batch__isnull=True))
        .annotate(deadline=Coalesce("filing_deadline", Value(NO_DEADLINE)))
    )


def needing_permission(period: Period) -> QuerySet:
    """Imaged treatments of the period whose plan wanted to be asked: their live charges."""
    return imaged(period).filter(whether_required())


def imaged(period: Period) -> QuerySet:
    """Imaged treatments of the period, of whatever plan: their live charges."""
    return (
        charges(period)
        .live()
        .exclude(status=ChargeStatus.NOT_BILLABLE)
        .filter(
            code=GUIDANCE,
            session__is_delivered=True,
            session__voided_at__isnull=True,
            date_of_service__range=period.days,
        )
    )


def planned(period: Period) -> QuerySet:
    """Courses whose first treatment was planned in the period and whose payer was asked.

    ``days`` are those from the planned first treatment to the earliest of: an approval, the first
    treatment given, the end of the course, today. At most 0 where nothing was delayed.
    """
    asked = PriorAuthorization.objects.filter(course=OuterRef("pk")).exclude(status__in=UNASKED)
    first = asked.order_by("pk")
    granted = asked.filter(status__in=GRANTED, decided_on__isnull=False).order_by("decided_on")
    begun = GuidanceSession.objects.delivered().filter(course=OuterRef("pk"))
    begun = begun.order_by("started_at", "date_of_service")
    rows = (
        seen(Course.objects.all(), period)
        .filter(first_fraction_on__range=period.days)
        .annotate(
            asked_plan=Subquery(first.values("plan")[:1]),
            asked_payer=Subquery(first.values("plan__payer")[:1]),
            asked_line=Subquery(first.values("plan__line_of_business")[:1]),
            approved_on=Subquery(granted.values("decided_on")[:1]),
            began_on=Subquery(begun.values("date_of_service")[:1]),
        )
        .filter(asked_plan__isnull=False)
        .annotate(settled_on=Earliest("approved_on", "began_on", "ended_on"))
        .annotate(waited_until=Earliest("settled_on", period.today))
        .annotate(days=days_between("waited_until", F("first_fraction_on")))
    )
    if period.facility:
        rows = rows.filter(facility=period.facility)
    if period.line_of_business:
        rows = rows.filter(asked_line=period.line_of_business)
    return rows


OPEN_REQUESTS = Base("open", "authorization", open_requests, is_now=True)
APPROVALS = Base("approvals", "authorization", approvals, is_now=True)
UNBILLED = Base("unbilled", "charge", unbilled, is_now=True, days=Days("deadline"))
ANSWERS = Base(
    "answered",
    "authorization",
    answered,
    days=Days("first_answered_on", facility="course__facility"),
)
APPEALS = Base("appeals", "authorization", appeals)
LINES = Base(
    "lines",
    "line",
    guidance_lines,
    "authorization__plan__payer",
    "authorization__plan__line_of_business",
    days=Days(
        "authorization__first_answered_on",
        facility="authorization__course__facility",
        plan="authorization__plan",
    ),
)
TREATMENTS = Base(
    "treatments",
    "charge",
    needing_permission,
    days=Days("date_of_service", rows=imaged, asks_policy=True),
)
PLANNED = Base(
    "planned",
    "course",
    planned,
    "asked_payer",
    "asked_line",
    days=Days(
        "first_fraction_on",
        plan="asked_plan",
        settled=lambda over: Q(settled_on__lte=over),
    ),
)
BASES = (OPEN_REQUESTS, APPROVALS, UNBILLED, ANSWERS, APPEALS, LINES, TREATMENTS, PLANNED)
