"""The managers' figures by payer and line of business, and the rows behind each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from statistics import median, quantiles
from typing import Any

from django.db.models import Count, QuerySet, Sum

from authorizations.dashboards.figures import (
    BY_KEY,
    DECIDED,
    FIGURES,
    LOST,
    Figure,
    Period,
    charges,
    decided,
    requests,
)
from authorizations.models import OPEN

__all__ = ["BY_KEY", "FIGURES", "Figure", "Period"]


@dataclass
class PayerRow:
    """One payer and line of business with all figures."""

    payer_id: int | None
    payer: str
    line_of_business: str
    cells: dict[str, Any]
    turnaround: str = "–"
    slowest: str = "–"
    on_time: str = "–"

    @property
    def query(self) -> str:
        return f"payer={self.payer_id or ''}&lob={self.line_of_business}"


def payer_rows(period: Period) -> list[PayerRow]:
    """One row for each payer and line of business that has anything to show."""
    rows: dict[tuple[Any, str], PayerRow] = {}
    for figure in FIGURES:
        for key, name, value in grouped(figure, period):
            row = rows.setdefault(key, PayerRow(key[0], name, key[1], {}))
            row.cells[figure.key] = value
    for key, answers in turnarounds(period).items():
        if key in rows:
            row = rows[key]
            row.turnaround, row.slowest = median_and_slowest([a.days for a in answers])
            row.on_time = share_on_time(answers)
    return sorted(rows.values(), key=lambda row: (row.payer, row.line_of_business))


def grouped(figure: Figure, period: Period) -> Iterable[tuple[tuple[Any, str], str, Any]]:
    """The figure by payer and line of business."""
    if figure.noun == "session":
        yield from grouped_sessions(figure, period)
        return
    rows = figure.rows(period).order_by()
    value = Sum("amount") if figure.is_money else Count("pk", distinct=True)
    found = rows.values("plan__payer", "plan__payer__name", "plan__line_of_business")
    for row in found.annotate(value=value):
        name = row["plan__payer__name"] or "No coverage"
        key = (row["plan__payer"], row["plan__line_of_business"] or "")
        yield key, name, row["value"] or Decimal(0)


def grouped_sessions(figure: Figure, period: Period) -> Iterable[tuple[tuple[Any, str], str, Any]]:
    """Sessions know their plan through the coverage of their day; their charge carries it."""
    sessions = figure.rows(period)
    rows = charges(period).filter(session__in=sessions.values("pk"), status__in=OPEN).order_by()
    found = rows.values("plan__payer", "plan__payer__name", "plan__line_of_business")
    for row in found.annotate(value=Count("session", distinct=True)):
        name = row["plan__payer__name"] or "No coverage"
        yield (row["plan__payer"], row["plan__line_of_business"] or ""), name, row["value"]


@dataclass(frozen=True)
class Answer:
    """How long a payer took, and whether its own clock was kept; None where none runs."""

    days: int
    is_on_time: bool | None


def turnarounds(period: Period) -> dict[tuple[Any, str], list[Answer]]:
    """From receipt by the payer to the decision, by payer and line of business."""
    rows = decided(period).filter(received_on__isnull=False).order_by()
    found: dict[tuple[Any, str], list[Answer]] = {}
    for payer, line, received, due, decided_on in rows.values_list(
        "plan__payer", "plan__line_of_business", "received_on", "due_at", "decided_on"
    ):
        days = max((decided_on - received.date()).days, 0)
        is_on_time = None if due is None else decided_on <= due.date()
        found.setdefault((payer, line), []).append(Answer(days, is_on_time))
    return found


def share_on_time(answers: list[Answer]) -> str:
    """The share of decisions within the clock that applied to them."""
    clocked = [answer for answer in answers if answer.is_on_time is not None]
    if not clocked:
        return "–"
    return f"{100 * sum(answer.is_on_time for answer in clocked) // len(clocked)} %"


def median_and_slowest(days: list[int]) -> tuple[str, str]:
    """The median and the 90th percentile, in days."""
    slowest = quantiles(days, n=10, method="inclusive")[8] if len(days) > 1 else days[0]
    return f"{median(days):g}", f"{slowest:.0f}"


def rows_behind(
    figure: Figure, period: Period, payer: str, line_of_business: str | None
) -> QuerySet:
    """The rows of a figure, of one payer and line of business or of all."""
    rows = figure.rows(period)
    if figure.noun == "session":
        mine = charges(period).filter(status__in=OPEN)
        mine = of_payer(mine, payer, line_of_business)
        return rows.filter(pk__in=mine.values("session")).distinct()
    return of_payer(rows, payer, line_of_business).distinct()


def of_payer(rows: QuerySet, payer: str, line_of_business: str | None) -> QuerySet:
    """Rows of a payer; ``none`` are those without coverage; nothing given means all."""
    if payer.isdigit():
        rows = rows.filter(plan__payer=int(payer))
    elif payer == "none":
        rows = rows.filter(plan__isnull=True)
    if line_of_business:
        rows = rows.filter(plan__line_of_business=line_of_business)
    return rows


def totals(rows: Iterable[PayerRow]) -> dict[str, Any]:
    """Each figure over all payers."""
    rows = list(rows)
    return {f.key: sum((row.cells.get(f.key, 0) for row in rows), 0) for f in FIGURES}


@dataclass(frozen=True)
class Week:
    """One week of the trend."""

    starts: date
    decided: int
    denied: int


def weeks(period: Period, count: int = 12) -> list[Week]:
    """Decisions and denials by week, the oldest first."""
    monday = period.today - timedelta(days=period.today.weekday())
    starts = [monday - timedelta(weeks=n) for n in range(count - 1, -1, -1)]
    rows = requests(period).filter(status__in=DECIDED, decided_on__gte=starts[0])
    found = list(rows.values_list("decided_on", "status"))
    return [
        Week(
            start,
            sum(start <= on < start + timedelta(weeks=1) for on, _ in found),
            sum(start <= on < start + timedelta(weeks=1) and s in LOST for on, s in found),
        )
        for start in starts
    ]
