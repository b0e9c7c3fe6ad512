"""Rows of one number that are several requests: an extension, or two windows of one code."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from authorizations.exchange.department_csv import Row

NumberedRow = tuple[int, Row]


def requests_of_number(group: list[NumberedRow]) -> list[list[NumberedRow]]:
    """The rows of one number by the request they are of, the first request first.

    A line that is asked again on another day, for other dates or units, begins an extension; so
    does a line with a second window after the first. A line that merely contradicts itself stays
    with its request, where it is refused.
    """
    if not group[0][1]["number"]:
        return [group]
    by_day: dict[date, list[NumberedRow]] = defaultdict(list)
    for pair in group:
        by_day[pair[1]["submitted_on"]].append(pair)
    days = [by_day[day] for day in sorted(by_day)]
    is_extended = any(
        asks_for_more(row, earlier)
        for place, later_day in enumerate(days)
        for _, row in later_day
        for earlier_day in days[:place]
        for _, earlier in earlier_day
    )
    parts = days if is_extended else [group]
    return [part for rows in parts for part in by_window(rows)]


def asks_for_more(row: Row, earlier: Row) -> bool:
    """Whether a row asks for a line of an earlier day again, for other dates or units."""
    is_other = window(row) != window(earlier) or units_approved_of(row) != units_approved_of(
        earlier
    )
    return line_of(row) == line_of(earlier) and is_other


def by_window(rows: list[NumberedRow]) -> list[list[NumberedRow]]:
    """The rows of one day, a second window of a line apart from the first."""
    parts: list[list[NumberedRow]] = []
    for pair in sorted(rows, key=lambda pair: (pair[1]["valid_from"] or date.min, pair[0])):
        for part in parts:
            if not any(follows(pair[1], row) for _, row in part):
                part.append(pair)
                break
        else:
            parts.append([pair])
    return [sorted(part) for part in parts]


def follows(row: Row, earlier: Row) -> bool:
    """Whether a row is the same line with a window that begins after the other's end."""
    begins, ended = row["valid_from"], earlier["valid_through"]
    return line_of(row) == line_of(earlier) and bool(begins and ended and begins > ended)


def line_of(row: Row) -> tuple[str, str]:
    return row["code"], row["modifier"]


def window(row: Row) -> tuple[date | None, date | None]:
    return row["valid_from"], row["valid_through"]


def units_approved_of(row: Row) -> int | None:
    units: int | None = row["units_approved"]
    return units
