"""The sets of rows that figures divide up, each known to its payer and line of business."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from authorizations.dashboards.period import Period
from authorizations.dashboards.sql import Days, Earliest, day_there, whether_required
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
EARLIER_STATES = PriorAuthorization._meta.get_field("history").related_model
UNASKED = (S.DRAFT, S.NOT_REQUIRED, S.WITHDRAWN, S.REJECTED)
GRANTED = (*IN_FORCE, S.SUPERSEDED, S.CANCELLED)
SETTLED_LINES = (LineDecision.APPROVED, LineDecision.REDUCED, LineDecision.DENIED)


@dataclass(frozen=True)
class Base:
    """A set of rows: what one of them is, and by which columns it knows its payer."""

    key: str
    noun: str
    rows: Callable[[Period], QuerySet]
    payer: str = "plan__payer"
    line_of_business: str = "plan__line_of_business"
    is_now: bool = False


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


def approvals(period: Period) -> QuerySet:
    """Approvals of courses that have not ended: only those can run out or run short."""
    goes_on = Q(course__ended_on__isnull=True) | Q(course__ended_on__gte=period.now.date())
    return requests(period).filter(goes_on, status__in=IN_FORCE)


def answered(period: Period) -> QuerySet:
    """Requests first answered in the period, with that first answer, whatever came of it later.

    A later appeal changes the standing and date of a request; its first answer is in its history.
    """
    first = EARLIER_STATES.objects.filter(
        pgh_obj=OuterRef("pk"), status__in=ANSWERED, decided_on__isnull=False
    ).order_by("pgh_id")
    return (
        requests(period)
        .filter(decided_on__gte=period.since)
        .annotate(
            answer=Subquery(first.values("status")[:1]),
            answered_on=Subquery(first.values("decided_on")[:1]),
            due_on=day_there("due_at"),
        )
        .filter(answered_on__range=period.days)
        .annotate(days=Days("answered_on", day_there("received_on")))
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
    return AuthorizedService.objects.filter(
        authorization__in=answered(period).values("pk"),
        code=GUIDANCE,
        decision__in=SETTLED_LINES,
    ).annotate(granted=Coalesce("units_approved", 0))


def charges(period: Period) -> QuerySet:
    rows = Charge.objects.for_user(period.user)
    return in_scope(rows, period, "plan", "facility")


def unbilled(period: Period) -> QuerySet:
    """Charges that have not left in a batch yet."""
    return charges(period).filter(
        Q(status__in=OPEN) | Q(status=ChargeStatus.RELEASED, batch__isnull=True)
    )


def needing_permission(period: Period) -> QuerySet:
    """Imaged treatments of the period whose plan wanted to be asked: their live charges."""
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
        .filter(whether_required())
    )


def planned(period: Period) -> QuerySet:
    """Courses whose first treatment was planned in the period and whose payer was asked.

    ``days`` are those from the planned first treatment to the earliest of: an approval, the first
    treatment given, the end of the course, today. At most 0 where nothing was delayed.
    """
    asked = PriorAuthorization.objects.filter(course=OuterRef("pk")).exclude(status__in=UNASKED)
    granted = asked.filter(status__in=GRANTED, decided_on__isnull=False).order_by("decided_on")
    begun = GuidanceSession.objects.delivered().filter(course=OuterRef("pk"))
    rows = (
        Course.objects.for_user(period.user)
        .filter(first_fraction_on__range=period.days)
        .annotate(
            asked_payer=Subquery(asked.order_by("pk").values("plan__payer")[:1]),
            asked_line=Subquery(asked.order_by("pk").values("plan__line_of_business")[:1]),
            approved_on=Subquery(granted.values("decided_on")[:1]),
            began_on=Subquery(begun.order_by("started_at").values("date_of_service")[:1]),
        )
        .filter(asked_payer__isnull=False)
    )
    rows = rows.annotate(
        waited_until=Earliest("approved_on", "began_on", "ended_on", period.today)
    ).annotate(days=Days("waited_until", F("first_fraction_on")))
    if period.facility:
        rows = rows.filter(facility=period.facility)
    if period.line_of_business:
        rows = rows.filter(asked_line=period.line_of_business)
    return rows


OPEN_REQUESTS = Base("open", "authorization", open_requests, is_now=True)
APPROVALS = Base("approvals", "authorization", approvals, is_now=True)
UNBILLED = Base("unbilled", "charge", unbilled, is_now=True)
ANSWERS = Base("answered", "authorization", answered)
APPEALS = Base("appeals", "authorization", appeals)
LINES = Base(
    "lines",
    "line",
    guidance_lines,
    "authorization__plan__payer",
    "authorization__plan__line_of_business",
)
TREATMENTS = Base("treatments", "charge", needing_permission)
PLANNED = Base("planned", "course", planned, "asked_payer", "asked_line")
BASES = (OPEN_REQUESTS, APPROVALS, UNBILLED, ANSWERS, APPEALS, LINES, TREATMENTS, PLANNED)
