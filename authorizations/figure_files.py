"""The managers' pages as files: the dashboard by payer, its charts, and a payer's scorecard."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from accounts.downloads import Tables
from accounts.exported import Exported, columns
from authorizations.dashboards import Period

DEFINITIONS = (
    Exported("figure", "label"),
    Exported("what it counts", "definition"),
    Exported("how", "made"),
    Exported("published elsewhere", "benchmark", lambda found: str(found.short) if found else ""),
    Exported("year", "benchmark__year"),
    Exported("source", "benchmark__source"),
)
CLOCKS = (
    Exported("clock and source", "row__words"),
    Exported("urgency", "row__urgency"),
    Exported("first answers", "row__answered"),
    Exported("in time", "share"),
    Exported("late", "row__late"),
)
BREACHES = (
    Exported("request", "request__pk"),
    Exported("number", "request__number"),
    Exported("plan", "request__plan__code"),
    Exported("line of business", "request__plan__get_line_of_business_display"),
    Exported("clock", "clock"),
    Exported("received", "request__received_on"),
    Exported("due", "request__due_at"),
    Exported("answered", "answered_on"),
    Exported("days late", "days"),
)
CUT = (
    Exported("part", "label"),
    Exported("lines", "count"),
    Exported("requested", "requested"),
    Exported("approved", "approved"),
    Exported("cut", "cut"),
    Exported("share", "share"),
)
BESIDE = (
    Exported("figure", "label"),
    Exported("line of business", "line_of_business"),
    Exported("contract", "metric__contract"),
    Exported("year", "metric__year"),
    Exported("published", "published"),
    Exported("ours", "ours"),
    Exported("answers", "out_of"),
    Exported("address", "metric__source_url"),
    Exported("entered by", "metric__entered_by__username"),
)


def of_dashboard(page: dict[str, Any]) -> Tables:
    """By payer and line of business as the page shows it, its charts and its definitions."""
    names = [column["figure"].label for column in page["columns"]]
    headings = [heading for name in names for heading in (name, f"{name}: beneath")]
    return {
        "by-payer": (columns("payer", "line of business", *headings), payer_rows(page)),
        "weeks": (columns(*page["chart"]["columns"]), page["chart"]["rows"]),
        "parts": (columns("chart", "part", "rows"), parts_of(page["bars"])),
        "definitions": (DEFINITIONS, page["definitions"]),
    }


def payer_rows(page: dict[str, Any]) -> list[list[str]]:
    """A row for each payer and line of business, then all of them, and the period before."""
    rows = [
        [str(row["payer"] or "No coverage"), row["line_of_business"], *texts(row["cells"])]
        for row in page["rows"]
    ]
    before: Period = page["period"].previous
    return [
        *rows,
        ["All payers", "", *texts(page["total"])],
        [f"The period before, from {before.since}", "", *texts(page["before"])],
    ]


def texts(cells: Iterable[dict[str, Any]]) -> list[str]:
    """Each number as it reads, and what stands beneath it."""
    return [
        text
        for cell in cells
        for text in (
            str(cell.get("text", "")),
            " of ".join(part["text"] for part in cell.get("small", ())),
        )
    ]


def parts_of(bars: Iterable[dict[str, Any]]) -> list[tuple[str, str, Any]]:
    return [
        (chart["caption"], bar["label"], bar["value"]) for chart in bars for bar in chart["bars"]
    ]


def of_scorecard(page: dict[str, Any]) -> Tables:
    """Every table of a payer's scorecard."""
    figures = columns("figure", "this period", "beneath", "the period before", "beneath it")
    return {
        "figures": (figures, figure_rows(page["figures"])),
        "clocks": (CLOCKS, page["clocks"]),
        "breaches": (BREACHES, page["breaches"]),
        "published": (BESIDE, page["published"]),
        "sites": (CUT, page["sites"]),
        "techniques": (CUT, page["techniques"]),
        "weeks": (columns(*page["chart"]["columns"]), page["chart"]["rows"]),
        "reasons": (columns("chart", "part", "rows"), parts_of([page["reasons"]])),
    }


def figure_rows(figures: Iterable[dict[str, Any]]) -> list[list[str]]:
    return [[row["figure"].label, *texts([row["cell"], row["before"]])] for row in figures]
