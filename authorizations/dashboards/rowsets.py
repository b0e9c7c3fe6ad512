"""The sets of rows that figures divide up, each known to its payer and line of business."""

from __future__ import annotations

from datetime import date

from django.db.models import (
    Case,
    DateField,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from accounts.roles import Permission
from accounts.scoping import facilities_of
from authorizations.dashboards import appeal_answers as contests
from authorizations.dashboards.period import Period
from authorizations.dashboards.policy_sql import with_service
from authorizations.dashboards.rowset import DayColumns, in_scope, seen
from authorizations.dashboards.rowset import RowSet as RowSet
from authorizations.dashboards.sql import (
    Earliest,
    day_there,
    days_between,
    plan_requires_authorization,
    whether_unknown,
)
from authorizations.models import (
    APPROVED,
    EVER_GRANTED,
    LINE_DECIDED,
    NEVER_ANSWERED,
    OPEN,
    AuthorizationStatus,
    AuthorizedService,
    Charge,
    ChargeStatus,
    Course,
    GuidanceSession,
    PriorAuthorization,
)
from coding.rules.facts import GUIDANCE

S = AuthorizationStatus
# A later answer changes the date of the decision, never the day on which it was first allowed.
GRANTED_ON = Case(
    When(first_answer__in=APPROVED, then="first_answered_on"),
    default="decided_on",
    output_field=DateField(),
)
NO_DEADLINE = date.max  # later than any that is known


def requests_in_scope(period: Period) -> QuerySet:
    rows = seen(PriorAuthorization.objects.all(), period)
    return in_scope(rows, period, "plan", "course__facility")


def open_requests(period: Period) -> QuerySet:
    return requests_in_scope(period).waiting()


def approvals_of_open_courses(period: Period) -> QuerySet:
    """Approvals of courses that have not ended: only those can run out or run short."""
    goes_on = Q(course__ended_on__isnull=True) | Q(course__ended_on__gte=period.today)
    return requests_in_scope(period).with_approval().filter(goes_on)


def first_answered_requests(period: Period) -> QuerySet:
    """Requests first answered in the period, whatever came of them later."""
    return (
        requests_in_scope(period)
        .filter(first_answered_on__range=period.days)
        .annotate(
            due_on=day_there("due_at"),
            days=days_between("first_answered_on", day_there("received_on")),
            days_late=days_between("first_answered_on", day_there("due_at")),
        )
    )


def contested_requests(period: Period) -> QuerySet:
    """Requests whose appeal or peer-to-peer was answered in the period."""
    return requests_in_scope(period).filter(pk__in=contests.requests_with_answers(period))


def answered_guidance_lines(period: Period) -> QuerySet:
    """Lines of guidance as the first answers of the period decided them."""
    rows = AuthorizedService.objects.filter(
        authorization__first_answered_on__range=period.days,
        code=GUIDANCE,
        first_decision__in=LINE_DECIDED,
    ).annotate(granted=Coalesce("first_units", 0))
    if period.user:
        mine = facilities_of(period.user, Permission.READ_DASHBOARD)
        rows = rows.filter(authorization__course__facility__in=mine)
    return in_scope(rows, period, "authorization__plan", "authorization__course__facility")


def charges_in_scope(period: Period) -> QuerySet:
    rows = seen(Charge.objects.all(), period)
    return in_scope(rows, period, "plan", "facility")


def unbilled(period: Period) -> QuerySet:
    """Charges that have not left in a batch yet, by the day until which they can be filed."""
    return (
        charges_in_scope(period)
        .filter(Q(status__in=OPEN) | Q(status=ChargeStatus.RELEASED, batch__isnull=True))
        .annotate(deadline=Coalesce("filing_deadline", Value(NO_DEADLINE)))
    )


def needing_permission(period: Period) -> QuerySet:
    """Imaged treatments of the period whose plan wanted to be asked: their live charges."""
    return with_service(imaged(period)).filter(plan_requires_authorization())


def policy_unknown(period: Period) -> QuerySet:
    """Imaged treatments of the period of whose plan nobody knew whether it wanted to be asked."""
    return with_service(imaged(period)).filter(whether_unknown())


def imaged(period: Period) -> QuerySet:
    """Imaged treatments of the period, of whatever plan: their live charges."""
    return (
        charges_in_scope(period)
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
    asked = PriorAuthorization.objects.filter(course=OuterRef("pk")).exclude(
        status__in=NEVER_ANSWERED
    )
    first = asked.order_by("pk")
    # First allowed, and contested, cancelled or replaced since: allowed on that day all the same.
    was_granted = Q(status__in=EVER_GRANTED) | Q(first_answer__in=APPROVED)
    granted = asked.filter(was_granted, decided_on__isnull=False)
    granted = granted.annotate(granted_on=GRANTED_ON).order_by("granted_on")
    begun = GuidanceSession.objects.delivered().filter(course=OuterRef("pk"))
    begun = begun.order_by("started_at", "date_of_service")
    rows = (
        seen(Course.objects.all(), period)
        .filter(first_fraction_on__range=period.days)
        .annotate(
            asked_plan=Subquery(first.values("plan")[:1]),
            asked_payer=Subquery(first.values("plan__payer")[:1]),
            asked_line=Subquery(first.values("plan__line_of_business")[:1]),
            asked_issuer=Subquery(first.values("plan__issuer")[:1]),
            approved_on=Subquery(granted.values("granted_on")[:1]),
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
    if period.issuer:
        rows = rows.filter(asked_issuer=period.issuer.pk)
    return rows


OPEN_REQUESTS = RowSet("open", "authorization", open_requests, is_now=True)
APPROVALS = RowSet("approvals", "authorization", approvals_of_open_courses, is_now=True)
UNBILLED = RowSet("unbilled", "charge", unbilled, is_now=True, days=DayColumns("deadline"))
ANSWERS = RowSet(
    "answered",
    "authorization",
    first_answered_requests,
    days=DayColumns("first_answered_on", facility="course__facility"),
)
CONTESTED = RowSet("contested", "authorization", contested_requests)
LINES = RowSet(
    "lines",
    "line",
    answered_guidance_lines,
    "authorization__plan__payer",
    "authorization__plan__line_of_business",
    days=DayColumns(
        "authorization__first_answered_on",
        facility="authorization__course__facility",
        plan="authorization__plan",
    ),
)
TREATMENTS = RowSet(
    "treatments",
    "charge",
    needing_permission,
    days=DayColumns("date_of_service", rows=imaged, by_policy=lambda asks: asks is True),
)
UNKNOWN = RowSet(
    "unknown",
    "charge",
    policy_unknown,
    days=DayColumns("date_of_service", rows=imaged, by_policy=lambda asks: asks is None),
    counted_with=TREATMENTS,
)
PLANNED = RowSet(
    "planned",
    "course",
    planned,
    "asked_payer",
    "asked_line",
    days=DayColumns(
        "first_fraction_on",
        plan="asked_plan",
        settled=lambda over: Q(settled_on__lte=over),
    ),
)
BASES = (
    OPEN_REQUESTS,
    APPROVALS,
    UNBILLED,
    ANSWERS,
    CONTESTED,
    LINES,
    TREATMENTS,
    UNKNOWN,
    PLANNED,
)
