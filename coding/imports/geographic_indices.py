"""The indices of each Medicare locality (GPCI, Addendum E of the fee schedule)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from accounts.readers import Unreadable, read_decimal
from coding.imports.sheets import MalformedFile, Row, column, rows_of, table

KEY = ("locality",)
PARTS = {"work": "pw gpci", "practice": "pe gpci", "malpractice": "mp gpci"}
DIGITS = re.compile(r"^[0-9]{1,5}$")


def parse_geographic_indices(content: bytes, name: str) -> Iterator[dict[str, Any]]:
    """Every locality of the table. Raises MalformedFile for the whole file."""
    headings, rows = table(rows_of(content, name), "medicare administrative contractor", name)
    places = {
        "contractor": 0,
        "number": column(headings, "locality number", name=name),
        "name": column(headings, "locality name", name=name),
        **{part: index_column(headings, words, name) for part, words in PARTS.items()},
    }
    found = 0
    for row in rows:
        if row.cells and DIGITS.match(row.cells[0]):
            found += 1
            yield geographic_index_values(row, places, name)
    if not found:
        raise MalformedFile(f"{name}: no line below the headings names a locality.")


def index_column(headings: Sequence[str], words: str, name: str) -> int:
    """The column of an index; of two, the one with the floor that the law sets."""
    found = [at for at, heading in enumerate(headings) if words in heading]
    with_floor = [at for at in found if "without" not in headings[at]]
    if not found:
        raise MalformedFile(f"{name}: no column is called “{words.upper()}”.")
    return (with_floor or found)[0]


def geographic_index_values(row: Row, places: dict[str, int], name: str) -> dict[str, Any]:
    if len(row.cells) <= max(places.values()):
        raise MalformedFile(f"{name} line {row.number} has only {len(row.cells)} cells.")
    number = row.cells[places["number"]]
    if not re.fullmatch(r"[0-9]{1,2}", number):
        raise MalformedFile(f"{name} line {row.number}: “{number}” is no locality number.")
    values: dict[str, Any] = {
        "locality": f"{row.cells[0]:0>5}-{number:0>2}",
        "name": row.cells[places["name"]].rstrip("* ")[:80],
    }
    for part in PARTS:
        values[part] = index(row.cells[places[part]], row, part, name)
    return values


def index(text: str, row: Row, part: str, name: str) -> Decimal:
    try:
        value = read_decimal(text)
    except Unreadable as error:
        raise MalformedFile(f"{name} line {row.number}: {part} “{text}” is no number.") from error
    if value <= 0:
        raise MalformedFile(f"{name} line {row.number}: {part} “{text}” is not above 0.")
    return value
