"""A payer's record with us: clocks kept, breaches, units cut, days delayed, gold cards."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Avg, Count, Q

from authorizations.dashboards import rowsets as bases
from authorizations.dashboards.breakdown import BreakdownRow, all_parts, rows_of_part
from authorizations.dashboards.breakdowns import JUDGED, PARTS_BY_KEY
from authorizations.dashboards.evaluate import of_payer
from authorizations.dashboards.figure_list import BY_KEY
from authorizations.dashboards.period import Period
from authorizations.dashboards.sql import Percentile
from authorizations.models import AuthorizationStatus, PriorAuthorization
from payers.clocks import rule_in_words
from payers.gold_cards import Programme, Year, missing, programmes_of
from payers.models import Payer

S = AuthorizationStatus


@dataclass(frozen=True)
class ClockRow:
    """How one clock was kept: the rule in words, how many ran, how many answers came late."""

    key: str
    words: str
    urgency: str
    answered: int
    late: int

    @property
    def kept(self) -> int:
        return self.answered - self.late


def clocks(period: Period, payer: str) -> list[ClockRow]:
    """The clocks that ran for the first answers of the period, each with its source."""
    ran = all_parts(PARTS_BY_KEY["clock"], period, payer)
    late = {part.key: part.count for part in all_parts(PARTS_BY_KEY["late_clock"], period, payer)}
    return [clock_row(part, late.get(part.key, 0)) for part in ran]


def clock_row(part: BreakdownRow, late: int) -> ClockRow:
    rule, _, urgency = part.key.rpartition(":")
    words = rule_in_words(rule, urgency) or rule or "no rule recorded"
    return ClockRow(part.key, words, urgency, part.count, late)


@dataclass(frozen=True)
class Breach:
    """A clock that ran out before the answer: late, or still open."""

    request: PriorAuthorization
    clock: str
    answered_on: date | None
    days: int


def breaches(period: Period, payer: str) -> list[Breach]:
    """Late first answers of the period, then what is overdue now; the longest first."""
    late = of_payer(bases.ANSWERS, BY_KEY["late"].rows(period), payer, None)
    still = of_payer(bases.OPEN_REQUESTS, BY_KEY["overdue"].rows(period), payer, None)
    still = still.exclude(pk__in=late.values("pk"))
    found = [
        breach(row, row.first_answered_on, row.first_answered_on)
        for row in late.select_related("plan", "facility", "course")
    ]
    found += [
        breach(row, None, period.now.astimezone(row.facility.tz).date())
        for row in still.select_related("plan", "facility", "course")
    ]
    return sorted(found, key=lambda row: (-row.days, row.request.pk))


def breach(row: PriorAuthorization, answered_on: date | None, until: date) -> Breach:
    due = row.due_at.astimezone(row.facility.tz).date()
    return Breach(row, rule_in_words(row.clock_rule, row.urgency), answered_on, (until - due).days)


OURS = {
    "standard_approved": ("standard", "approved"),
    "standard_denied": ("standard", "denied"),
    "standard_mean": ("standard", "mean"),
    "standard_median": ("standard", "median"),
    "expedited_approved": ("expedited", "approved"),
    "expedited_denied": ("expedited", "denied"),
    "expedited_mean": ("expedited", "mean"),
    "expedited_median": ("expedited", "median"),
}


def comparable(period: Period, payer: str) -> dict[tuple[str, str], dict[str, Any]]:
    """Our own answers by line of business and urgency, counted as the published ones are."""
    rows = of_payer(bases.ANSWERS, bases.first_answered_requests(period), payer, None).order_by()
    found = rows.values("plan__line_of_business", "urgency").annotate(
        answers=Count("pk"),
        approvals=Count("pk", filter=Q(first_answer=S.APPROVED)),
        denials=Count("pk", filter=Q(first_answer=S.DENIED)),
        timed=Count("pk", filter=Q(received_on__isnull=False)),
        mean=Avg("days", filter=Q(received_on__isnull=False)),
        median=Percentile("days", 0.5, filter=Q(received_on__isnull=False)),
    )
    return {(row["plan__line_of_business"], row["urgency"]): row for row in found}


def sites_and_techniques(period: Period, payer: str) -> dict[str, list[BreakdownRow]]:
    """Units requested and approved by body site and by technique."""
    return {key: all_parts(PARTS_BY_KEY[key], period, payer) for key in ("site", "technique")}


@dataclass(frozen=True)
class Readiness:
    """How near a gold card is: each year's requests and approvals, and what is missing."""

    programme: Programme
    years: tuple[Year, ...]
    lacks: tuple[str, ...]

    @property
    def is_ready(self) -> bool:
        return not any(self.lacks)


def readiness(period: Period, payer: Payer, plans: Iterable[tuple[str, str]]) -> list[Readiness]:
    """The gold cards a payer with these plans can give, and how near each is today."""
    today = period.today
    found = programmes_of(payer.key, frozenset(plans), today)
    return [gold_card_readiness(programme, period, payer, today) for programme in found]


def gold_card_readiness(
    programme: Programme, period: Period, payer: Payer, today: date
) -> Readiness:
    years = tuple(
        programme_year(programme, replace(period, since=since, until=through), payer)
        for since, through in programme.spans(today)
    )
    return Readiness(programme, years, tuple(missing(programme, year) for year in years))


def programme_year(programme: Programme, year: Period, payer: Payer) -> Year:
    """The first answers of a year that the programme judges, and the full approvals among them."""
    asked, approved = (
        rows_of_part(PARTS_BY_KEY[f"{programme.key}-{figure}"], year, JUDGED, str(payer.pk)).count()
        for figure in ("answered", "approved")
    )
    return Year(year.since, year.through, asked, approved)
