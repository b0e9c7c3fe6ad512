"""The managers' pages as files: the dashboard by payer, its charts, and a payer's scorecard."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from accounts.exports.column import ExportColumn, columns
from accounts.exports.response import Tables
from authorizations.dashboards import FigureCell, Kind, Period
from payers.lines_of_business import LINES

DEFINITIONS = (
    ExportColumn("figure", "label"),
    ExportColumn("what it counts", "definition"),
    ExportColumn("how", "made"),
    ExportColumn(
        "published elsewhere", "benchmark", lambda found: str(found.short) if found else ""
    ),
    ExportColumn("year", "benchmark__year"),
    ExportColumn("source", "benchmark__source"),
)
CLOCKS = (
    ExportColumn("clock and source", "row__words"),
    ExportColumn("urgency", "row__urgency"),
    ExportColumn("first answers", "row__answered"),
    ExportColumn("in time", "share"),
    ExportColumn("late", "row__late"),
)
BREACHES = (
    ExportColumn("request", "request__pk"),
    ExportColumn("number", "request__number"),
    ExportColumn("plan", "request__plan__code"),
    ExportColumn("line of business", "request__plan__get_line_of_business_display"),
    ExportColumn("clock", "clock"),
    ExportColumn("received", "request__received_on"),
    ExportColumn("due", "request__due_at"),
    ExportColumn("answered", "answered_on"),
    ExportColumn("days late", "days"),
)
CUT = (
    ExportColumn("part", "label"),
    ExportColumn("lines", "count"),
    ExportColumn("requested", "requested"),
    ExportColumn("approved", "approved"),
    ExportColumn("cut", "cut"),
    ExportColumn("share", "share"),
)
BESIDE = (
    ExportColumn("figure", "label"),
    ExportColumn("line of business", "line_of_business"),
    ExportColumn("contract", "metric__contract"),
    ExportColumn("year", "metric__year"),
    ExportColumn("published", "published"),
    ExportColumn("ours", "ours"),
    ExportColumn("answers", "out_of"),
    ExportColumn("address", "metric__source_url"),
    ExportColumn("entered by", "metric__entered_by__username"),
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
        "by-payer": (MEASURED, payer_file_rows(page)),
        "weeks": (columns(*page["chart"]["columns"]), page["chart"]["rows"]),
        "parts": (columns("chart", "part", "rows"), parts_of(page["bars"])),
        "definitions": (DEFINITIONS, page["definitions"]),
    }


def payer_file_rows(page: dict[str, Any]) -> list[list[Any]]:
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
    return [line for each in wanted for line in payer_lines(*each)]


def payer_lines(
    payer: Any, line: str, cells: dict[str, FigureCell], period: Period
) -> list[list[Any]]:
    return [[str(payer), line, *numbers(cell), *scope(period)] for cell in cells.values()]


def numbers(cell: FigureCell) -> list[Any]:
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
    line = f"{line}, {period.issuer} only" if period.issuer else line
    return [period.since, period.through, where, line, period.now]


def parts_of(bars: Iterable[dict[str, Any]]) -> list[tuple[str, str, Any]]:
    return [
        (chart["caption"], bar["label"], bar["value"]) for chart in bars for bar in chart["bars"]
    ]


def of_scorecard(page: dict[str, Any]) -> Tables:
    """Every table of a payer's scorecard."""
    payer, period = page["payer"], page["period"]
    now = payer_lines(payer, "", page["measured"]["now"], period)
    before = payer_lines(
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
