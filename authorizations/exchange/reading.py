"""Reading a spreadsheet file row by row: what is wrong with a row is a kind and a sentence."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import lru_cache

LARGEST_NUMBER = 10**6
CACHED = 4096  # the same dates, times and shifts stand in many lines
REMEDY = "Save or export the file as CSV UTF-8 and try again."


class FileRefused(Exception):
    """The file as a whole cannot be read; the message says why and what would help."""


class RowRefused(Exception):
    """One row cannot be taken: a short kind for reports and a sentence for people."""

    def __init__(self, kind: str, sentence: str, record: str = "") -> None:
        super().__init__(sentence)
        self.kind = kind
        self.sentence = sentence
        self.record = record


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file: its number as an editor shows it, and its cells by column."""

    number: int
    cells: dict[str, str]

    def text(self, column: str) -> str:
        return self.cells[column].strip()

    def optional(self, column: str) -> str:
        """The text of a column that a file may leave out."""
        return self.cells.get(column, "").strip()


def decode(content: bytes) -> str:
    """The text of a file, or FileRefused with the line and the remedy where it is not UTF-8."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise FileRefused(f"Line 1 begins a file in UTF-16 (“Unicode text”). {REMEDY}")
    if b"\0" in content:
        line = content[: content.index(b"\0")].count(b"\n") + 1
        if looks_like_utf16(content):
            raise FileRefused(f"Line {line} is in UTF-16 without its mark. {REMEDY}")
        raise FileRefused(f"Line {line} holds a zero byte: this is not a text file. {REMEDY}")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        byte = content[error.start]
        message = f"Line {line} is not in UTF-8 (byte {byte:#04x}, perhaps Windows-1252). {REMEDY}"
        raise FileRefused(message) from error


def looks_like_utf16(content: bytes) -> bool:
    """Every other byte of plain Western text in UTF-16 is zero."""
    head = content[:400]
    return max(head[::2].count(0), head[1::2].count(0)) > len(head) // 4


def read_lines(text: str, columns: tuple[str, ...]) -> Iterator[Line | tuple[int, RowRefused]]:
    """Each line with its number; a line with too many or too few cells is refused alone.

    Raises FileRefused when the heading lacks a column or the file has no heading.
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        heading = [cell.strip() for cell in next(reader, [])]
        check_heading(heading, columns)
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(heading):
                yield reader.line_num, wrong_cell_count(len(cells), len(heading))
                continue
            yield Line(reader.line_num, dict(zip(heading, cells, strict=True)))
    except csv.Error as error:
        message = f"Line {reader.line_num} cannot be read as CSV: {error}."
        raise FileRefused(message) from error


def check_heading(heading: list[str], columns: tuple[str, ...]) -> None:
    missing = [column for column in columns if column not in heading]
    if not any(heading):
        raise FileRefused("The file is empty. Its first line names the columns.")
    if missing:
        raise FileRefused(f"The first line lacks these columns: {', '.join(missing)}.")
    doubled = sorted({column for column in heading if column and heading.count(column) > 1})
    if doubled:
        raise FileRefused(f"These columns stand twice in the first line: {', '.join(doubled)}.")


def wrong_cell_count(found: int, wanted: int) -> RowRefused:
    sentence = (
        f"The line has {found} cells where the heading has {wanted}: a comma too many or few?"
    )
    return RowRefused("bad_columns", sentence)


def required(line: Line, column: str, kind: str) -> str:
    """The text of a cell that may not be empty."""
    value = line.text(column)
    if not value:
        raise RowRefused(kind, f"{label(column)} is empty.")
    return value


def label(column: str) -> str:
    return column.replace("_", " ").capitalize()


@lru_cache(CACHED)
def parse_date(text: str, column: str = "date") -> date:
    try:
        return date.fromisoformat(text) if len(text) == 10 else refuse_date(text, column)
    except ValueError:
        return refuse_date(text, column)


def refuse_date(text: str, column: str) -> date:
    sentence = f"{label(column)} “{text}” is not a date. Write it as 2026-11-20."
    if text.count("/") == 2 or text.count(".") == 2:
        sentence = (
            f"{label(column)} “{text}” is not a date that reads in one way only. Write it as "
            "2026-11-20; treatment files may say how they write dates in their column mapping."
        )
    raise RowRefused("bad_date", sentence)


@lru_cache(CACHED)
def parse_time(text: str, column: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError as error:
        sentence = f"{label(column)} “{text}” is not a time. Write it as 14:40."
        raise RowRefused("bad_time", sentence) from error


def parse_moment(text: str, column: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M")  # noqa: DTZ007 - the facility's own time
    except ValueError as error:
        sentence = f"{label(column)} “{text}” is not a moment. Write it as 2026-11-20 17:40."
        raise RowRefused("bad_time", sentence) from error


@lru_cache(CACHED)
def parse_count(text: str, column: str, kind: str = "bad_number") -> int:
    if re.fullmatch(r"[0-9]{1,6}", text) is None:
        raise RowRefused(kind, f"{label(column)} “{text}” is not a whole number.")
    return int(text)


@lru_cache(CACHED)
def parse_measure(text: str, column: str, unit: str, limit: int, kinds: tuple[str, str]) -> Decimal:
    """A signed number with at most one decimal; ``kinds`` name a bad and a too large one."""
    bad, huge = kinds
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        sentence = f"{label(column)} “{text}” is not a number of {unit}, such as -3.7."
        raise RowRefused(bad, sentence) from error
    is_far = value.is_finite() and abs(value) > LARGEST_NUMBER
    if not value.is_finite() or is_far or value != round(value, 1):
        sentence = f"{label(column)} “{text}” is not a number of {unit} with one decimal."
        if unit == "mm":
            sentence += " If the file is in cm, say so in the facility's column mapping."
        raise RowRefused(huge if is_far else bad, sentence)
    if abs(value) > limit:
        raise RowRefused(huge, f"{label(column)} {text} is beyond {limit} {unit}: not plausible.")
    return value


def parse_choice(text: str, column: str, choices: tuple[str, ...], kind: str) -> str:
    if text not in choices:
        known = ", ".join(choices)
        raise RowRefused(kind, f"{label(column)} “{text}” is not known. Known are: {known}.")
    return text
