"""Reading a spreadsheet file row by row: what is wrong with a row is a kind and a sentence."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache

from accounts.readers import (
    CONTROL,
    OFFSET,
    Unreadable,
    read_clock_time,
    read_date,
    read_decimal,
    read_moment,
    read_whole_number,
    shown_text,
)
from authorizations.exchange.csv_records import csv_records
from authorizations.exchange.foreign_files import refuse_foreign
from authorizations.exchange.refusals import FileRefused as FileRefused
from authorizations.exchange.refusals import RowRefused as RowRefused

LARGEST_NUMBER = 10**6
CACHED = 4096  # the same dates, times and shifts stand in many lines
REMEDY = "Save or export the file as CSV UTF-8 and try again."
# One kind and one sentence for what is unknown, what is another patient's and what is of another
# facility: whoever sends lines must not learn from the answers who is treated elsewhere.
NOT_FOUND_HERE = (
    "Not found here: a number is unknown, another patient’s or another facility’s. Check MRN, "
    "course and record number, or register them. If all are right, somebody with a role at both "
    "enters it; a treatment on another facility’s course waits for its people to accept or "
    "refuse it."
)
NOTHING = ("n/a", "na", "none", "null", "nil", "nan", "not available")
NOT_FOUND_KIND = "unknown_mrn"


def not_found_here() -> RowRefused:
    """The one answer to a line that names what this person may not know of."""
    return RowRefused(NOT_FOUND_KIND, NOT_FOUND_HERE)


BREAK = frozenset("\t\r\n")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file: its number as an editor shows it, and its cells by column."""

    number: int
    cells: dict[str, str]

    def text(self, column: str) -> str:
        """The text of a cell on one line, without the space around it."""
        value = self.cells[column].strip()
        return " ".join(value.split()) if BREAK.intersection(value) else value

    def optional(self, column: str) -> str:
        """The text of a column that a file may leave out."""
        return self.cells.get(column, "").strip()


def decode(content: bytes) -> str:
    """The text of a file, or FileRefused with the line and the remedy where it is not UTF-8.

    A file of another kind is named, with the place where it belongs.
    """
    refuse_foreign(content)
    if content.startswith(b"PK\x03\x04"):
        raise FileRefused(f"This is a workbook (xlsx). {REMEDY}")
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


def read_lines(
    text: str, columns: tuple[str, ...], delimiter: str = ","
) -> Iterator[Line | tuple[int, RowRefused]]:
    """Each line with its number; a line with too many or too few cells is refused alone.

    Raises FileRefused when the heading lacks a column or the file has no heading.
    """
    records = csv_records(text, delimiter)
    heading = [cell.strip() for cell in next(records, (1, []))[1]]
    check_heading(heading, columns)
    for number, cells in records:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(heading):
            yield number, wrong_cell_count(len(cells), len(heading))
        else:
            yield Line(number, dict(zip(heading, cells, strict=True)))


def check_heading(heading: list[str], columns: tuple[str, ...]) -> None:
    missing = [column for column in columns if column not in heading]
    if not any(heading):
        raise FileRefused("The file is empty. Its first line names the columns.")
    if missing:
        raise FileRefused(f"The first line lacks these columns: {', '.join(missing)}.")
    doubled = sorted({column for column in heading if column and heading.count(column) > 1})
    if doubled:
        names = ", ".join(shown_text(name) for name in doubled)
        raise FileRefused(f"These columns stand twice in the first line: {names}.")


def wrong_cell_count(found: int, wanted: int) -> RowRefused:
    sentence = (
        f"The line has {found} cells where the heading has {wanted}: a comma or a quotation mark "
        "too many or few?"
    )
    return RowRefused("bad_columns", sentence)


def check_cells(line: Line, longest: Mapping[str, int]) -> None:
    """Refuse what no column can hold, before anything is promised. Raises RowRefused."""
    for column, text in line.cells.items():
        if any(c not in BREAK for c in CONTROL.findall(text)):
            sentence = f"{label(column)} holds a character that cannot be printed."
            raise RowRefused("bad_character", sentence)
    for column, most in longest.items():
        text = line.optional(column)
        if len(text) > most:
            sentence = f"{label(column)} “{shown_text(text)}” is longer than {most} characters."
            raise RowRefused("too_long", sentence)


def required(line: Line, column: str, kind: str) -> str:
    """The text of a cell that may not be empty."""
    value = line.text(column)
    if not value:
        raise RowRefused(kind, f"{label(column)} is empty.")
    return value


def stands_for_nothing(text: str) -> bool:
    """Whether a cell says that there is no value: N/A, a dash, two quotation marks."""
    return text.lower() in NOTHING or not any(c.isalnum() for c in text)


def label(column: str) -> str:
    return shown_text(column).replace("_", " ").capitalize()


@lru_cache(CACHED)
def parse_date(text: str, column: str = "date") -> date:
    try:
        return read_date(text)
    except Unreadable as error:
        sentence = f"{label(column)} {error}"
        if text.count("/") == 2 or text.count(".") == 2:
            sentence = (
                f"{label(column)} “{shown_text(text)}” is not a date that reads in one way only. "
                "Write it as 2026-11-20; treatment files may say how they write dates in their "
                "column mapping."
            )
        raise RowRefused("bad_date", sentence) from error


@lru_cache(CACHED)
def parse_time(text: str, column: str) -> time:
    """A time of day by the facility's own clock."""
    try:
        return read_clock_time(text)
    except Unreadable as error:
        sentence = f"{label(column)} {error}"
        if has_offset(text):
            sentence = (
                f"{label(column)} “{shown_text(text)}” is not a time of the facility: it is given "
                "from Greenwich. Send the time that the facility's own clock showed, as 14:40."
            )
        raise RowRefused("bad_time", sentence) from error


def has_offset(text: str) -> bool:
    """Whether a clock time is given as so far from Greenwich, as 14:56Z and 08:56-06:00 are."""
    clock = text[: len(text) - len(text.lstrip("0123456789:."))]
    return bool(clock) and OFFSET.fullmatch(text[len(clock) :].strip().upper()) is not None


def parse_moment(text: str, column: str) -> datetime:
    """A day and a time by the facility's own clock, to the minute."""
    try:
        moment = read_moment(text)
    except Unreadable as error:
        raise RowRefused("bad_time", f"{label(column)} {error}") from error
    if moment.tzinfo:
        sentence = (
            f"{label(column)} “{shown_text(text)}” is not a time of the facility: it is given from "
            "Greenwich. Send the time that the facility's own clock showed."
        )
        raise RowRefused("bad_time", sentence)
    return moment.replace(second=0)


@lru_cache(CACHED)
def parse_count(text: str, column: str, kind: str = "bad_number") -> int:
    """A count of things, up to six digits."""
    try:
        return read_whole_number(text, largest=LARGEST_NUMBER - 1)
    except Unreadable as error:
        raise RowRefused(kind, f"{label(column)} {error}") from error


@lru_cache(CACHED)
def parse_measure(text: str, column: str, unit: str, limit: int, kinds: tuple[str, str]) -> Decimal:
    """A signed number with at most one decimal; ``kinds`` name a bad and a too large one."""
    bad, huge = kinds
    try:
        value = read_decimal(text)
    except Unreadable as error:
        sentence = f"{label(column)} “{shown_text(text)}” is not a number of {unit}, such as -3.7."
        raise RowRefused(bad, sentence) from error
    is_far = abs(value) > LARGEST_NUMBER
    if is_far or value != round(value, 1):
        sentence = (
            f"{label(column)} “{shown_text(text)}” is not a number of {unit} with one decimal."
        )
        if unit == "mm":
            sentence += " If the file is in cm, say so in the facility's column mapping."
        raise RowRefused(huge if is_far else bad, sentence)
    if abs(value) > limit:
        raise RowRefused(huge, f"{label(column)} {text} is beyond {limit} {unit}: not plausible.")
    return value


def parse_choice(text: str, column: str, choices: tuple[str, ...], kind: str) -> str:
    """One of the known words, in whatever case it is written."""
    known = {choice.lower(): choice for choice in choices}
    if text.lower() not in known:
        sentence = f"{label(column)} “{shown_text(text)}” is not known. Known are: "
        raise RowRefused(kind, f"{sentence}{', '.join(choices)}.")
    return known[text.lower()]
