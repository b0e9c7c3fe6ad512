"""What the preview of a spreadsheet shows, and its refused rows as a file."""

from __future__ import annotations

from typing import Any

from accounts.exports.csv_writer import safe
from authorizations.exchange.column_matching import MAY_BE_MISSING, REASON, SHEET, normal
from authorizations.exchange.department_csv import Refusal
from authorizations.exchange.sheet_rows import WORDS, is_order_unknown
from authorizations.exchange.sheet_tables import SheetLine, rows_as_csv
from authorizations.imports.department import DepartmentReport
from authorizations.imports.spreadsheet_asked import ORDERS, AskedSheet, unknown_words
from authorizations.imports.spreadsheet_lookup import NO_COURSE

ROWS_SHOWN = 5  # as read, for a look whether the columns are right
ROWS_MENDED = 25  # on the page at a time; a form with more cells would be refused by the server


def preview_context(asked: AskedSheet, report: DepartmentReport | None) -> dict[str, Any]:
    """The context of the page: sheet, headings, columns, words, what rows would do."""
    table, reading = asked.table, asked.reading
    heading = table.heading(reading.heading).cells
    lines = table.below(reading.heading)
    context: dict[str, Any] = {
        "sheet": table.name,
        "sheets": table.names,
        "heading_row": reading.heading,
        "heading": [(place, text) for place, text in enumerate(heading) if text],
        "columns": columns_of(asked),
        "first_rows": first_rows(asked, lines),
        "rows": len(lines),
        "hidden_rows": sum(line.is_hidden for line in lines),
        "hidden_columns": [
            text for place, text in enumerate(heading) if text and place in table.hidden_columns
        ],
        "order": reading.order,
        "orders": list(ORDERS.items()),
        "is_order_unknown": is_order_unknown(table, reading),
        "words": [
            {"column": c, "label": c.replace("_", " "), "text": w, "meaning": m,
             "choices": tuple(WORDS[c])}
            for c, w, m in unknown_words(asked)
        ],
    }  # fmt: skip
    if report is not None:
        context |= counts_of(report) | refused_context(asked, report)
    return context


def counts_of(report: DepartmentReport) -> dict[str, Any]:
    return {
        "report": report,
        "added": sum(report.added.values()),
        "updated": sum(report.updated.values()),
        "repeated": sum(report.repeated.values()),
        "unchanged": sum(report.unchanged.values()),
    }


def columns_of(asked: AskedSheet) -> list[dict[str, Any]]:
    """Each column of ours with its place in theirs."""
    return [
        {
            "name": column,
            "label": column.replace("_", " "),
            "place": asked.reading.places.get(column),
            "is_needed": column not in MAY_BE_MISSING,
        }
        for column in SHEET.columns
    ]


def chosen_places(asked: AskedSheet) -> list[tuple[str, int]]:
    """Our columns that have a place, in our order."""
    places = asked.reading.places
    return [(name, place) for name in SHEET.columns if (place := places.get(name)) is not None]


def first_rows(asked: AskedSheet, lines: list[SheetLine]) -> dict[str, Any]:
    """The first rows as they stand in the sheet, under our columns."""
    chosen = chosen_places(asked)
    return {
        "labels": [name.replace("_", " ") for name, _ in chosen],
        "lines": [
            {"number": line.number, "cells": [line.cell(place) for _, place in chosen]}
            for line in lines[:ROWS_SHOWN]
        ],
    }


def refused_context(asked: AskedSheet, report: DepartmentReport) -> dict[str, Any]:
    """The refused rows in the order of the sheet, the first ones with cells to type into."""
    lines = {line.number: line for line in asked.table.lines}
    ordered = sorted(report.refused, key=lambda refusal: refusal.line)
    return {
        "refused": [
            refused_row(asked, lines[refusal.line], refusal)
            for refusal in ordered[:ROWS_MENDED]
            if refusal.line in lines
        ],
        "refused_beyond": ordered[ROWS_MENDED:],
        "without_course": sum(refusal.kind == NO_COURSE for refusal in ordered),
    }


def refused_row(asked: AskedSheet, line: SheetLine, refusal: Refusal) -> dict[str, Any]:
    return {
        "number": line.number,
        "sentence": refusal.sentence,
        "lacks_course": refusal.kind == NO_COURSE,
        "cells": [
            {"label": name.replace("_", " "), "place": place, "text": line.cell(place)}
            for name, place in chosen_places(asked)
        ],
    }


def refused_file(asked: AskedSheet, report: DepartmentReport) -> bytes:
    """The refused rows under their own headings, each with its reason in the last column.

    Mended, the file is sent as any sheet is; the column of reasons is passed over.
    """
    heading = asked.table.heading(asked.reading.heading).cells
    kept = [place for place, text in enumerate(heading) if normal(text) != REASON]
    reasons = {refusal.line: refusal.sentence for refusal in report.refused}
    rows = [
        [*(str(safe(line.cell(place))) for place in kept), reasons[line.number]]
        for line in asked.table.below(asked.reading.heading)
        if line.number in reasons
    ]
    return rows_as_csv([*(str(safe(heading[place])) for place in kept), REASON.capitalize()], rows)
