"""What the dashboard shows: headlines, the table by payer, small charts; each number a link."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from accounts.database.snapshot import one_moment
from authorizations import dashboards
from authorizations.dashboards import BY_KEY, FEW, FIGURES, PARTS_BY_KEY, Figure, FigureCell, Period
from authorizations.dashboards.breakdown import shown_parts
from authorizations.dashboards.charts import bars, line_chart
from authorizations.dashboards.rollups.read import counted_at
from payers.lines_of_business import LINES
from payers.models import Payer

# The columns of the table: heading, figures (the second, if any, stands small beneath the first).
GROUPS = (
    ("Requests now", (("open", "ours"), ("overdue",), ("expiring",), ("short", "ended"))),
    (
        "First answers in the period",
        (
            ("approved",),
            ("partial",),
            ("denied",),
            ("cut",),
            ("overturned",),
            ("units",),
            ("median", "p90"),
            ("on_time",),
        ),
    ),
    ("Treatments in the period", (("uncovered",), ("delayed",))),
    ("Charges now", (("held",), ("file15",), ("risk",))),
)
COLUMNS = tuple(column for _, columns in GROUPS for column in columns)
PREVIOUS = tuple(figure for figure in FIGURES if not figure.base.is_now)
SMALL = {"ours": "{} ours", "ended": "{} ended", "p90": "90th {}"}
CHARTS = ("status", "reason", "rule", "cause", "age")


def kept(period: Period) -> dict[str, str]:
    """The period and scope as an address carries them; a later look asks for the same days."""
    return {
        "since": period.since.isoformat(),
        "until": period.through.isoformat(),
        "facility": str(period.facility.pk) if period.facility else "",
        "line_of_business": period.line_of_business,
        "issuer": period.issuer.key if period.issuer else "",
    }


def figure_address(figure: str, period: Period, **more: str) -> str:
    """The page that lists the rows of a figure."""
    query = {**kept(period), **more}
    path = reverse("payer_dashboard_rows", args=[figure])
    return f"{path}?{urlencode({name: value for name, value in query.items() if value})}"


def dashboard_context(period: Period) -> dict[str, Any]:
    """The context of the page. Each set of rows is asked once, all at one moment."""
    with one_moment():
        return evaluate_dashboard(period)


def evaluate_dashboard(period: Period) -> dict[str, Any]:
    found = dashboards.ask(FIGURES, period)
    totals = found.totals()
    before = dashboards.totals(PREVIOUS, period.previous)
    return {
        "period": period,
        "stats": headlines(totals, period),
        "groups": [{"label": label, "span": len(columns)} for label, columns in GROUPS],
        "columns": [heading(column[0]) for column in COLUMNS],
        "rows": payer_rows(found, period),
        "total": dashboard_row(totals, period),
        "before": dashboard_row(before, period.previous),
        "measured": {"all": totals, "before": before},
        "published": [published(BY_KEY[column[0]], period) for column in COLUMNS],
        "few": FEW,
        "counted_at": counted_at(period),
        "bars": [bar_chart(key, period) for key in CHARTS],
        "chart": turnaround(period),
        "line_of_business": LINES.get(period.line_of_business, ""),
        "definitions": [defined(figure, period) for figure in FIGURES],
    }


BEGINS = frozenset(columns[0][0] for _, columns in GROUPS)


def heading(key: str) -> dict[str, Any]:
    return {"figure": BY_KEY[key], "begins": key in BEGINS}


def detail(text: str, href: str = "") -> dict[str, str]:
    return {"text": text, "href": href}


def headlines(cells: dict[str, FigureCell], period: Period) -> list[dict[str, Any]]:
    """Five numbers that ask for action, each with what it is out of."""

    def part(key: str, words: str) -> dict[str, str]:
        return detail(words.format(cells[key].text), figure_address(key, period))

    return [
        headline("Answers overdue", cells["overdue"], period,
                 [part("open", "of {} open"), part("ours", "waiting for us: {}")]),
        headline("Treated without authorization", cells["uncovered"], period,
                 [detail(f"of {cells['uncovered'].out_of:,} that needed it",
                         figure_address("uncovered", period, of="all")),
                  part("uncovered_dollars", "{}"),
                  part("unknown", "policy unknown: {}")]),
        headline("Approvals short of units", cells["short"], period,
                 [part("ended", "over: {}"), part("expiring", "ending within 14 days: {}")]),
        headline("To file within 15 days", cells["file15"], period,
                 [part("file30", "{} within 30 days"), part("unbilled", "{} unbilled")]),
        headline("Dollars at risk", cells["risk"], period,
                 [detail(f"{cells['risk'].counted:,} charges stopped or not covered")]),
    ]  # fmt: skip


def headline(
    label: str, cell: FigureCell, period: Period, details: list[dict[str, str]]
) -> dict[str, Any]:
    is_money = cell.figure.kind == dashboards.Kind.MONEY
    return {
        "label": label,
        "figure": cell.text if is_money else f"{cell.counted:,}",
        "definition": cell.figure.definition,
        "href": figure_address(cell.figure.key, period),
        "tone": cell.figure.tone if cell.counted else "",
        "details": details,
    }


def payer_rows(answers: dashboards.Answers, period: Period) -> list[dict[str, Any]]:
    """One row for each payer and line of business that has anything to show."""
    payers = {payer.pk: payer for payer in Payer.objects.all()}
    rows = [
        {
            "payer": payers.get(payer_id),
            "line_of_business": LINES.get(line, ""),
            "query": urlencode(kept(period)),
            "cells": dashboard_row(cells, period, payer=str(payer_id or "none"), lob=line),
            "measured": cells,
        }
        for (payer_id, line), cells in answers.by_payer().items()
    ]
    return sorted(rows, key=lambda row: (str(row["payer"] or "~"), row["line_of_business"]))


def dashboard_row(
    cells: dict[str, FigureCell], period: Period, **whose: str
) -> list[dict[str, Any]]:
    """The cells of a row in the order of the columns; absent where there is no such figure."""
    return [shown_cell(column, cells, period, whose) for column in COLUMNS]


def shown_cell(
    column: tuple[str, ...], cells: dict[str, FigureCell], period: Period, whose: dict[str, str]
) -> dict[str, Any]:
    """A number, how it reads, its rows; beneath it what it is out of."""
    cell = cells.get(column[0])
    if cell is None:
        return {"begins": column[0] in BEGINS, "is_absent": True}
    href = figure_address(column[0], period, **whose)
    return {
        "text": cell.text,
        "href": "" if cell.figure.is_share else href,
        "is_none": cell.is_none,
        "is_few": cell.is_few,
        "tone": cell.figure.tone if cell.counted else "",
        "begins": column[0] in BEGINS,
        "small": small(column, cell, cells, period, whose),
    }


def small(
    column: tuple[str, ...],
    cell: FigureCell,
    cells: dict[str, FigureCell],
    period: Period,
    whose: dict[str, str],
) -> list[dict[str, str]]:
    """Beneath a share the rows of both its sides; beneath some figures another."""
    if cell.figure.is_share and cell.out_of:
        whole = detail(f"{cell.out_of:,}", figure_address(column[0], period, of="all", **whose))
        if cell.figure.kind == dashboards.Kind.RATIO:
            return [{**whole, "text": f"{cell.part:,} of {cell.whole:,}"}]
        return [detail(f"{cell.counted:,}", figure_address(column[0], period, **whose)), whole]
    if len(column) > 1 and cells[column[1]].counted:
        other = cells[column[1]]
        words = SMALL[column[1]].format(other.text)
        return [detail(words, figure_address(column[1], period, **whose))]
    return []


def published(figure: Figure, period: Period) -> dict[str, Any]:
    """A published figure under a column; a sentence is too long to stand there."""
    found = figure.benchmark(period.line_of_business)
    if found is None or figure.key == "delayed":
        return {"begins": figure.key in BEGINS}
    return {"begins": False, "short": found.short, "words": f"MA {found.year}", "benchmark": found}


def bar_chart(key: str, period: Period, payer: Payer | None = None) -> dict[str, Any]:
    """A figure by its parts."""
    parts = PARTS_BY_KEY[key]
    whose = {"payer": str(payer.pk)} if payer else {}
    rows = [
        {
            "label": part.label,
            "count": part.count,
            "href": figure_address(parts.figure.key, period, by=key, part=part.key, **whose),
        }
        for part in shown_parts(parts, period, **whose)
    ]
    return {"caption": parts.caption, "bars": bars(rows), "definition": parts.definition}


def turnaround(period: Period, payer: str = "") -> dict[str, Any]:
    """Median and 90th percentile by week as a line chart with its table."""
    weeks = dashboards.weeks(period, payer)
    whose = {"payer": payer} if payer else {}
    labels = [f"{week.starts:%-d %b}" for week in weeks]
    lines = (("Median", [w.median for w in weeks]), ("90th", [w.slowest for w in weeks]))
    return {
        **line_chart(labels, lines, "days"),
        "columns": ["Week of", "Answers", "Median days", "90th percentile"],
        "rows": [
            [f"{w.starts:%-d %b %Y}", w.count, days(w.median), days(w.slowest)] for w in weeks
        ],
        "links": [
            {
                "label": f"{w.starts:%-d %b}",
                "count": w.count,
                "is_few": w.count < FEW,
                "href": figure_address(
                    "median", period, by="week", part=w.starts.isoformat(), **whose
                ),
            }
            for w in weeks
            if w.count
        ],
    }


def days(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"


def defined(figure: Figure, period: Period) -> dict[str, Any]:
    return {
        "label": figure.label,
        "definition": figure.definition,
        "made": made_of(figure),
        "benchmark": figure.benchmark(period.line_of_business),
        "href": figure_address(figure.key, period),
    }


MADE = {
    "count": "Each row counts once.",
    "ratio": "Units approved in a hundred units asked for, summed over the rows.",
    "money": "The sum of the expected amounts of the rows.",
    "days": "The sum of the days of the rows.",
}


def made_of(figure: Figure) -> str:
    """How a figure comes from its rows, and what it is a part of."""
    if figure.kind == dashboards.Kind.SHARE:
        return f"In a hundred {figure.whole}."
    if figure.kind == dashboards.Kind.PERCENTILE:
        return f"So many days or fewer in {figure.fraction:.0%} of the rows."
    return MADE[figure.kind]


def proof(
    figure: Figure, period: Period, payer: str, line: str, *, is_whole: bool, is_part: bool
) -> dict[str, Any]:
    """How a figure comes from its rows, and the way to the rows of its other side."""
    whose = {"payer": payer, "lob": line}
    narrowed = period if not line else replace(period, line_of_business=line)
    cell = dashboards.totals([figure], narrowed, payer)[figure.key]
    return {
        "period": period,
        "cell": cell,
        "made": made_of(figure),
        "is_whole": is_whole,
        "is_part": is_part,
        "counted_href": figure_address(figure.key, period, **whose),
        "whole_href": figure_address(figure.key, period, of="all", **whose),
        "benchmark": figure.benchmark(line or period.line_of_business),
        "back": f"{reverse('payer_dashboard')}?{urlencode(kept(period))}",
    }
