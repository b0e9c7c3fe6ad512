"""The managers' pages as files: the dashboard by payer, its charts, and a payer's scorecard."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from accounts.exports.column import Exported, columns
from accounts.exports.response import Tables
from authorizations.dashboards import Cell, Kind, Period
from payers.lines_of_business import LINES

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


UNITS = {
    Kind.COUNT: "rows",
    Kind.SHARE: "%",
    Kind.RATIO: "%",
    Kind.MONEY: "$",
    Kind.DAYS: "days",
    Kind.PERCENTILE: "days",
}
# One number to a cell, so that a spreadsheet can check it; then what it is about, on each line.
MEASURED = columns(
    "payer", "line of business", "figure", "value", "unit", "numerator", "denominator", "rows",
    "out of rows", "too few to compare", "from", "to", "facility", "only line of business", "as of",
)  # fmt: skip


def of_dashboard(page: dict[str, Any]) -> Tables:
    """By payer and line of business figure for figure, its charts and its definitions."""
    return {
        "by-payer": (MEASURED, payer_rows(page)),
        "weeks": (columns(*page["chart"]["columns"]), page["chart"]["rows"]),
        "parts": (columns("chart", "part", "rows"), parts_of(page["bars"])),
        "definitions": (DEFINITIONS, page["definitions"]),
    }


def payer_rows(page: dict[str, Any]) -> list[list[Any]]:
    """The figures of each payer and line of business, then of all, and of the period before."""
    period, measured = page["period"], page["measured"]
    wanted = [
        (row["payer"] or "No coverage", row["line_of_business"], row["measured"], period)
        for row in page["rows"]
    ]
    wanted += [
        ("All payers", "", measured["all"], period),
        ("All payers, the period before", "", measured["before"], period.previous),
    ]
    return [line for each in wanted for line in lines_of(*each)]


def lines_of(payer: Any, line: str, cells: dict[str, Cell], period: Period) -> list[list[Any]]:
    return [[str(payer), line, *numbers(cell), *scope(period)] for cell in cells.values()]


def numbers(cell: Cell) -> list[Any]:
    """A figure as numbers: its value, both sides of what is divided, how many rows they are."""
    few = "yes" if cell.is_few else "no"
    figure = cell.figure
    sides = [figure.label, rounded(cell.value), UNITS[figure.kind], cell.part, cell.whole]
    return [*sides, cell.counted, cell.out_of, few]


def rounded(value: Any) -> Any:
    """At most six digits after the point, and none that says nothing."""
    if not isinstance(value, float | Decimal):
        return value
    exact = round(Decimal(value), 6)
    return int(exact) if exact == int(exact) else exact.normalize()


def scope(period: Period) -> list[Any]:
    """Which days, where, of which kind of plan, and as of when."""
    where = period.facility.code if period.facility else "all"
    line = LINES.get(period.line_of_business, "all")
    return [period.since, period.through, where, line, period.now]


def parts_of(bars: Iterable[dict[str, Any]]) -> list[tuple[str, str, Any]]:
    return [
        (chart["caption"], bar["label"], bar["value"]) for chart in bars for bar in chart["bars"]
    ]


def of_scorecard(page: dict[str, Any]) -> Tables:
    """Every table of a payer's scorecard."""
    payer, period = page["payer"], page["period"]
    now = lines_of(payer, "", page["measured"]["now"], period)
    before = lines_of(
        f"{payer}, the period before", "", page["measured"]["before"], period.previous
    )
    return {
        "figures": (MEASURED, [*now, *before]),
        "clocks": (CLOCKS, page["clocks"]),
        "breaches": (BREACHES, page["breaches"]),
        "published": (BESIDE, page["published"]),
        "sites": (CUT, page["sites"]),
        "techniques": (CUT, page["techniques"]),
        "weeks": (columns(*page["chart"]["columns"]), page["chart"]["rows"]),
        "reasons": (columns("chart", "part", "rows"), parts_of([page["reasons"]])),
    }
