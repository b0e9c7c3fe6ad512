"""The records of a CSV text, one by one: a stray quotation mark costs one line only."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from authorizations.exchange.refusals import FileRefused

MOST_CELLS = 500
MOST_LINES = 250_000  # some 200,000 treatments, and as many lines as anybody can look through


def csv_records(text: str, delimiter: str = ",") -> Iterator[tuple[int, list[str]]]:
    """The cells of each record with the number of its last line.

    A line whose quotation marks do not pair is read by itself, as far as it can be: what it lacks
    is found when its cells are counted. Raises FileRefused for more lines or cells than any table
    of ours has: each would be answered on its own.
    """
    lines = list(io.StringIO(text, newline=""))
    if len(lines) > MOST_LINES:
        raise FileRefused(
            f"The file has {len(lines)} lines; at most {MOST_LINES} are read at once. Send it in "
            "parts."
        )
    for number, cells in records_of(lines, delimiter):
        if len(cells) > MOST_CELLS:
            raise FileRefused(
                f"Line {number} has {len(cells)} cells; at most {MOST_CELLS} are read. Delete what "
                "stands beside the table."
            )
        yield number, cells


def records_of(lines: list[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each record of these lines, with the number of its last one."""
    begun = 0
    while begun < len(lines):
        start = begun
        rest = (lines[at] for at in range(start, len(lines)))
        reader = csv.reader(rest, delimiter=delimiter, strict=True)
        try:
            for cells in reader:
                begun = start + reader.line_num
                yield begun, cells
        except csv.Error:
            yield begun + 1, cells_of_line(lines[begun], delimiter)
            begun += 1


def cells_of_line(line: str, delimiter: str) -> list[str]:
    """The cells of a single line, its quotation marks taken as they come."""
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return [line[:100]]
