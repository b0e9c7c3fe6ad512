"""The figures that stand as of now: open requests, approvals, charges not yet billed."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q

from authorizations.dashboards import rowsets as bases
from authorizations.dashboards.aggregates import Limit
from authorizations.dashboards.figure import Figure, Kind, these
from authorizations.dashboards.period import Period
from authorizations.models import OPEN, ChargeStatus, Disposition
from authorizations.models.prior_authorizations import is_past_due
from authorizations.worklists import querysets as queues

RISK_RULES = ("R48", "R49", "R50", "R51", "R59")


def is_overdue(period: Period) -> Q:
    return is_past_due(period.now)


def is_expiring(period: Period) -> Q:
    found = queues.expiring(period.user, period.now).order_by().values("pk")
    return Q(pk__in=found)


def running_out(period: Period) -> dict[str, list[int]]:
    """Courses short of units, and courses whose approval has ended: asked once for all figures."""
    if "running out" not in period.books:
        rows = queues.courses_lacking_units(period.user, period.now)
        left = dict(rows.order_by().values_list("pk", "units_left"))
        none = [course for course, units in left.items() if units is None]
        ended = queues.ended_requests(period.user, period.now, among=none).order_by()
        period.books["running out"] = {
            "short": [course for course, units in left.items() if units is not None],
            "ended": list(ended.values_list("pk", flat=True)),
        }
    return period.books["running out"]


def is_short(period: Period) -> Q:
    return Q(course__in=running_out(period)["short"])


def is_ended(period: Period) -> Q:
    return Q(course__in=running_out(period)["ended"])


def days_ahead(days: int) -> Limit:
    return lambda period: period.today + timedelta(days=days)


def is_at_risk(period: Period) -> Q:
    threatened = Q(disposition=Disposition.STOP) | Q(leading_rule__in=RISK_RULES)
    return Q(status__in=OPEN) & threatened


NOW = (
    Figure(
        "open",
        "Open requests",
        "Requests submitted, pended, in peer-to-peer or in appeal now.",
        bases.OPEN_REQUESTS,
        short="Open",
    ),
    Figure(
        "ours",
        "Waiting for us",
        "Open requests that wait for us: the office, the physician or the patient.",
        bases.OPEN_REQUESTS,
        these(who_acts__in=("us", "physician", "patient")),
        short="Ours",
    ),
    Figure(
        "theirs",
        "Waiting for the payer",
        "Open requests that wait for the payer.",
        bases.OPEN_REQUESTS,
        these(who_acts="payer"),
        short="Theirs",
    ),
    Figure(
        "overdue",
        "Answers overdue",
        "Open requests without any answer whose payer should have answered by the clock that "
        "applies to them: line of business, state, funding and urgency decide which. A request "
        "pended for something from us counts, for its clock runs on unless the payer extends it; "
        "an appeal does not, its clock is not known here.",
        bases.OPEN_REQUESTS,
        is_overdue,
        tone="bad",
        short="Overdue",
    ),
    Figure(
        "expiring",
        "Approvals ending within 14 days",
        f"Approvals whose guidance ends within {queues.EXPIRING_DAYS} days while fractions are "
        "still to come.",
        bases.APPROVALS,
        is_expiring,
        tone="warn",
        short="Expiring",
    ),
    Figure(
        "short",
        "Approvals short of units",
        "Approvals of courses with fewer guidance units left than fractions to come.",
        bases.APPROVALS,
        is_short,
        tone="bad",
        short="Short",
    ),
    Figure(
        "ended",
        "Approvals ended",
        "Approvals of courses whose guidance dates are over, at most "
        f"{queues.ENDED_DAYS} days ago, while fractions are still to come and the plan wants to be "
        "asked, or nobody knows.",
        bases.APPROVALS,
        is_ended,
        tone="bad",
        short="Ended",
    ),
    Figure(
        "held",
        "Charges held",
        "Charges waiting for a coder or for something to be mended.",
        bases.UNBILLED,
        these(status=ChargeStatus.HELD),
        tone="warn",
        short="Held",
    ),
    Figure(
        "unbilled",
        "Unbilled charges",
        "Charges captured, held, ready or released that have not left in a batch.",
        bases.UNBILLED,
        short="Unbilled",
    ),
    Figure(
        "file15",
        "To file within 15 days",
        "Unbilled charges whose filing deadline is within 15 days or over.",
        bases.UNBILLED,
        until=days_ahead(15),
        tone="bad",
        short="File 15 days",
    ),
    Figure(
        "file30",
        "To file within 30 days",
        "Unbilled charges whose filing deadline is within 30 days or over.",
        bases.UNBILLED,
        until=days_ahead(30),
        tone="warn",
        short="File 30 days",
    ),
    Figure(
        "risk",
        "Dollars at risk",
        "Expected dollars of unreleased charges that the rulebook stops or that no authorization "
        "covers. Charges without a known amount count as nothing.",
        bases.UNBILLED,
        is_at_risk,
        Kind.MONEY,
        field="amount",
        tone="bad",
        short="At risk",
    ),
)
