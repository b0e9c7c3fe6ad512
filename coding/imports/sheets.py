"""Opening what CMS publishes: csv, tab-separated text or xlsx."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from accounts.readers import Unreadable
from accounts.workbooks import Bounds, workbook_rows

LARGEST_FILE_BYTES = 300 * 1024 * 1024
BOUNDS = Bounds(unpacked_bytes=600 * 1024 * 1024, rows=1_048_576, columns=200, seconds=900)
PREAMBLE_LINES = 40
READABLE = (".csv", ".txt", ".xlsx")


class MalformedFile(Exception):
    """The file is refused whole; the message names the line and the reason."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a sheet: its number and its cells, as text."""

    number: int
    cells: tuple[str, ...]


def read_published(path: Path) -> bytes:
    """The content of a published file; its size is asked first. Raises MalformedFile."""
    if path.stat().st_size > LARGEST_FILE_BYTES:
        raise MalformedFile(f"{path.name} is larger than {LARGEST_FILE_BYTES // 1024 // 1024} MB.")
    return path.read_bytes()


def rows_of(content: bytes, name: str) -> Iterator[Row]:
    """Every line of the sheet in a file. Raises MalformedFile where there is none."""
    if len(content) > LARGEST_FILE_BYTES:
        raise MalformedFile(f"{name} is larger than {LARGEST_FILE_BYTES // 1024 // 1024} MB.")
    if name.lower().endswith(".xlsx"):
        return excel_rows(content, name)
    return text_rows(content, name)


def text_rows(content: bytes, name: str) -> Iterator[Row]:
    if b"\0" in content[:4096]:
        raise MalformedFile(f"{name} is not a text file.")
    text = content.decode("utf-8-sig", errors="replace")
    separator = "\t" if "\t" in text[:5000] else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for cells in reader:
            yield Row(reader.line_num, tuple(cell.strip() for cell in cells))
    except csv.Error as error:
        raise MalformedFile(f"{name} line {reader.line_num} cannot be read: {error}.") from error


def excel_rows(content: bytes, name: str) -> Iterator[Row]:
    try:
        for number, values in enumerate(workbook_rows(content, BOUNDS), 1):
            cells = ("" if value is None else str(value).strip() for value in values)
            yield Row(number, tuple(cells))
    except Unreadable as error:
        raise MalformedFile(f"{name} is not a readable xlsx file: {error}") from error


def normal(text: str) -> str:
    """A heading without case, line breaks and double spaces."""
    return " ".join(text.lower().split())


def table(rows: Iterator[Row], first_heading: str, name: str) -> tuple[list[str], Iterator[Row]]:
    """The headings and the lines below them, past the preamble. Raises MalformedFile."""
    for row in rows:
        if row.cells and normal(row.cells[0]).startswith(first_heading):
            return [normal(cell) for cell in row.cells], rows
        if row.number > PREAMBLE_LINES:
            break
    raise MalformedFile(
        f"{name}: none of the first {PREAMBLE_LINES} lines begins with the heading "
        f"“{first_heading}”. Is this the file CMS publishes?"
    )


def column(headings: Sequence[str], *starts: str, name: str) -> int:
    """The position of the first heading that begins with one of these. Raises MalformedFile."""
    for position, heading in enumerate(headings):
        if heading.startswith(starts):
            return position
    raise MalformedFile(f"{name}: no column is called “{starts[0]}”.")
