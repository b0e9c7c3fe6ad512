"""The pairing tables (NCCI procedure-to-procedure edits): each row brings its own dates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from accounts.readers import Unreadable, read_date
from coding.imports.sheets import MalformedFile, Row, column, rows_of, table

CODE = re.compile(r"^[0-9A-Z][0-9]{3}[0-9A-Z]$")
KEY = ("table", "column_one", "column_two")


def parse_pair_edits(
    content: bytes, name: str, which: str, codes: Iterable[str] | None
) -> Iterator[dict[str, Any]]:
    """The pairs in which a wanted code stands. Raises MalformedFile for the whole file."""
    wanted = None if codes is None else set(codes)
    for row, places in pairs_of(content, name):
        pair = {row.cells[0], row.cells[places["column_two"]]}
        if wanted is None or pair & wanted:
            yield pair_edit_values(row, places, which, name)


def pairs_of(content: bytes, name: str) -> Iterator[tuple[Row, dict[str, int]]]:
    """Every line that names a pair, and where its columns stand."""
    headings, rows = table(rows_of(content, name), "column 1", name)
    places = {
        "column_one": 0,
        "column_two": column(headings, "column 2", name=name),
        "since": column(headings, "effective", name=name),
        "through": column(headings, "deletion", name=name),
        "indicator": column(headings, "modifier", name=name),
        "rationale": column(headings, "ptp edit rationale", name=name),
    }
    for row in rows:
        cells = row.cells
        if cells and CODE.match(cells[0]) and len(cells) > max(places.values()):
            yield row, places


def covered(pairs: Iterable[Row]) -> tuple[str, str]:
    """The first and last column-one code of a file: CMS cuts a table into several of them."""
    codes = [row.cells[0] for row in pairs if row.cells and CODE.match(row.cells[0])]
    return min(codes, default=""), max(codes, default="")


def pair_edit_values(row: Row, places: dict[str, int], which: str, name: str) -> dict[str, Any]:
    cells = {field: row.cells[at] for field, at in places.items()}
    if cells["indicator"][:1] not in ("0", "1", "9"):
        raise MalformedFile(
            f"{name} line {row.number}: indicator “{cells['indicator']}” is unknown."
        )
    return {
        "table": which,
        "column_one": cells["column_one"],
        "column_two": cells["column_two"],
        "indicator": int(cells["indicator"][:1]),
        "rationale": cells["rationale"][:160],
        "effective_from": day(cells["since"], row, name),
        "effective_through": None
        if cells["through"] in ("", "*")
        else day(cells["through"], row, name),
    }


def day(text: str, row: Row, name: str) -> date:
    digits = text.replace("-", "")[:8]
    try:
        return read_date(f"{digits[:4]}-{digits[4:6]}-{digits[6:]}")
    except Unreadable as error:
        raise MalformedFile(f"{name} line {row.number}: “{text}” is not a date.") from error
