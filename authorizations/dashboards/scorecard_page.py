"""What a payer's scorecard shows: its clock, figures and cards beside what it publishes."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from authorizations import dashboards
from authorizations.dashboards import BY_KEY, FEW, FigureCell, Period, scorecard
from authorizations.dashboards import page as dashboard_page
from authorizations.dashboards.aggregates import share as in_a_hundred
from authorizations.dashboards.breakdown import BreakdownRow
from authorizations.dashboards.breakdowns import JUDGED
from authorizations.dashboards.evaluate import percent
from authorizations.dashboards.page import figure_address, kept
from payers.gold_cards import Year
from payers.lines_of_business import LINES
from payers.models import LineOfBusiness, Payer
from payers.published import TIMES, Metric, PublishedMetric

TOP = (
    "open",
    "overdue",
    "approved",
    "partial",
    "denied",
    "cut",
    "overturned",
    "units",
    "median",
    "on_time",
    "uncovered",
    "delayed",
    "held",
    "risk",
)
SECOND = {"open": "ours", "median": "p90"}


def scorecard_context(payer: Payer, period: Period) -> dict[str, Any]:
    """The context of the page."""
    number = str(payer.pk)
    plans = list(payer.plans.values_list("line_of_business", "state"))
    ready = scorecard.readiness(period, payer, plans)
    sites = scorecard.sites_and_techniques(period, number)
    found = measured(period, number)
    return {
        "payer": payer,
        "period": period,
        "few": FEW,
        "measured": found,
        "figures": figure_columns(found, period, number),
        "line_of_business": LINES.get(period.line_of_business, ""),
        "clocks": clock_rows(period, number),
        "breaches": scorecard.breaches(period, number),
        "sites": [unit_row("site", part, period, number) for part in sites["site"]],
        "techniques": [unit_row("technique", part, period, number) for part in sites["technique"]],
        "published": published_figures(period, payer),
        "delays": delays(period, number),
        "cards": [card(found, period, number) for found in ready],
        "chart": dashboard_page.turnaround(period, number),
        "reasons": dashboard_page.bar_chart("reason", period, payer),
        "back": f"{reverse('payer_dashboard')}?{urlencode(kept(period))}",
    }


def measured(period: Period, payer: str) -> dict[str, dict[str, FigureCell]]:
    """The payer's figures over all its plans, now and in the period before."""
    wanted = [BY_KEY[key] for key in (*TOP, *SECOND.values())]
    earlier = [figure for figure in wanted if not figure.base.is_now]
    return {
        "now": dashboards.totals(wanted, period, payer),
        "before": dashboards.totals(earlier, period.previous, payer),
    }


def figure_columns(
    found: dict[str, dict[str, FigureCell]], period: Period, payer: str
) -> list[dict[str, Any]]:
    """The columns of the table: each figure, the period before, and what others published."""
    whose = {"payer": payer}
    columns = ((key, SECOND[key]) if key in SECOND else (key,) for key in TOP)
    return [
        {
            "figure": BY_KEY[column[0]],
            "cell": dashboard_page.shown_cell(column, found["now"], period, whose),
            "before": dashboard_page.shown_cell(column, found["before"], period.previous, whose),
            "published": dashboard_page.published(BY_KEY[column[0]], period),
        }
        for column in columns
    ]


def clock_rows(period: Period, payer: str) -> list[dict[str, Any]]:
    return [
        {
            "row": row,
            "answered_href": figure_address(
                "clocked", period, payer=payer, by="clock", part=row.key
            ),
            "late_href": figure_address("late", period, payer=payer, by="late_clock", part=row.key),
            "share": f"{percent(in_a_hundred(row.kept, row.answered) or 0)} %",
            "is_few": row.answered < FEW,
        }
        for row in scorecard.clocks(period, payer)
    ]


def unit_row(key: str, part: BreakdownRow, period: Period, payer: str) -> dict[str, Any]:
    """Units of guidance requested and approved for a site or technique."""
    cut = part.units_requested - part.units_approved
    share = in_a_hundred(cut, part.units_requested) or 0
    return {
        "label": part.label,
        "count": part.count,
        "requested": part.units_requested,
        "approved": part.units_approved,
        "cut": cut,
        "share": f"{percent(share)} %",
        "is_few": part.count < FEW,
        "href": figure_address("units", period, payer=payer, by=key, part=part.key),
    }


def delays(period: Period, payer: str) -> dict[str, Any]:
    """Courses delayed, and the days they lost."""
    cells = dashboards.totals([BY_KEY["delayed"], BY_KEY["delay_days"]], period, payer)
    return {
        "courses": cells["delayed"],
        "days": cells["delay_days"],
        "href": figure_address("delayed", period, payer=payer),
        "whole_href": figure_address("delayed", period, payer=payer, of="all"),
        "benchmark": BY_KEY["delayed"].benchmark(),
    }


def card(found: scorecard.Readiness, period: Period, payer: str) -> dict[str, Any]:
    """A gold card with the rows of each of its years."""
    return {
        "programme": found.programme,
        "is_ready": found.is_ready,
        "years": [
            {
                "year": year,
                "lacks": lacks,
                "asked_href": judge_against_standard(
                    "answered", found.programme.key, year, period, payer
                ),
                "approved_href": judge_against_standard(
                    "approved", found.programme.key, year, period, payer
                ),
            }
            for year, lacks in zip(found.years, found.lacks, strict=True)
        ],
    }


def judge_against_standard(figure: str, card: str, year: Year, period: Period, payer: str) -> str:
    span = replace(period, since=year.since, until=year.through)
    return figure_address(figure, span, payer=payer, by=f"{card}-{figure}", part=JUDGED)


def published_figures(period: Period, payer: Payer) -> list[dict[str, Any]]:
    """Each published figure, and ours of the same kind of plan and request."""
    ours = scorecard.comparable(period, str(payer.pk))
    rows = PublishedMetric.objects.filter(payer=payer).select_related("entered_by")
    if period.line_of_business:
        rows = rows.filter(line_of_business=period.line_of_business)
    return [compared_row(row, ours, period) for row in rows]


def compared_row(
    row: PublishedMetric, ours: dict[tuple[str, str], dict[str, Any]], period: Period
) -> dict[str, Any]:
    urgency, what = scorecard.OURS.get(row.metric, ("", ""))
    figure = what if what in ("approved", "denied") else "median"
    which = {"payer": str(row.payer_id), "part": f"{row.line_of_business}:{urgency}"}
    whole = "answered" if figure in ("approved", "denied") else figure
    mine = ours.get((row.line_of_business, urgency))
    return {
        "metric": row,
        "label": Metric(row.metric).label.removesuffix(" (%)").removesuffix(" (days)"),
        "line_of_business": LineOfBusiness(row.line_of_business).label,
        "published": with_unit(row.value, row.metric in TIMES),
        "ours": our_value(mine, what) if mine else "",
        "out_of": mine["timed" if row.metric in TIMES else "answers"] if mine else 0,
        "href": figure_address(figure, period, by=f"kind-{figure}", **which),
        "out_of_href": figure_address(whole, period, by=f"kind-{whole}", **which),
    }


def our_value(mine: dict[str, Any], what: str) -> str:
    if what in ("mean", "median"):
        return with_unit(mine[what], is_time=True) if mine[what] is not None else ""
    counted = mine["approvals"] if what == "approved" else mine["denials"]
    return f"{percent(in_a_hundred(counted, mine['answers']) or 0)} %"


def with_unit(value: Decimal | float, is_time: bool) -> str:
    text = f"{value:.1f}".removesuffix(".0")
    return f"{text} days" if is_time else f"{text} %"
