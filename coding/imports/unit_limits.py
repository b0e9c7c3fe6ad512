"""The unit limit tables (MUE), practitioner or outpatient hospital."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from coding.imports.sheets import MalformedFile, column, rows_of, table
from coding.models import EditTable

VALUE_HEADING = {
    EditTable.PRACTITIONER: "practitioner services mue values",
    EditTable.OUTPATIENT_HOSPITAL: "outpatient hospital services mue values",
}
KEY = ("code", "table")


def parse_unit_limits(
    content: bytes, name: str, which: str, codes: Iterable[str] | None
) -> Iterator[dict[str, Any]]:
    """The rows of the wanted codes (all when None). Raises MalformedFile for the whole file."""
    wanted = None if codes is None else set(codes)
    headings, rows = table(rows_of(content, name), "hcpcs", name)
    value = column(headings, VALUE_HEADING[EditTable(which)], name=name)
    indicator = column(headings, "mue adjudication indicator", name=name)
    for row in rows:
        code = row.cells[0] if row.cells else ""
        if not code or (wanted is not None and code not in wanted):
            continue
        if len(row.cells) <= max(value, indicator):
            raise MalformedFile(f"{name} line {row.number} has only {len(row.cells)} cells.")
        yield {
            "code": code,
            "table": which,
            "units": whole(row.cells[value], row.number, name),
            "adjudication": whole(row.cells[indicator], row.number, name, (1, 2, 3)),
        }


def whole(text: str, line: int, name: str, allowed: tuple[int, ...] = ()) -> int:
    """The number a cell begins with: “3 Date of Service Edit: Clinical” is 3."""
    found = re.match(r"\d{1,5}(?!\d)", text, re.ASCII)
    if not found or (allowed and int(found[0]) not in allowed):
        raise MalformedFile(f"{name} line {line}: “{text}” is not one of the published values.")
    return int(found[0])
