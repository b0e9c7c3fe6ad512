"""One strict reader for each kind of value that arrives as text: by form, address, header or file.

Each takes the text and returns the value, or raises Unreadable with a sentence for people. None
accepts more than people write: no underscores, no exponents, no digits of other scripts, no dates
where a clock time belongs.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal

FIRST_YEAR, LAST_YEAR = 1900, 2199
LONGEST_NUMBER = 18  # digits that a bigint column holds
WHOLE = re.compile(r"([+-]?[0-9]{1,18})(?:\.0+)?", re.ASCII)
DECIMAL = re.compile(r"[+-]?(?:[0-9]{1,12}(?:\.[0-9]{0,12})?|\.[0-9]{1,12})", re.ASCII)
DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", re.ASCII)
CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]{1,6})?)?", re.ASCII)
OFFSET = re.compile(r"(?:Z|([+-])([0-9]{2}):?([0-9]{2}))", re.ASCII)
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class Unreadable(ValueError):
    """A text that is not a value of its kind; the message is a sentence for people."""


def shown_text(text: str, longest: int = 40) -> str:
    """The text as a sentence may repeat it: printable and short."""
    kept = "".join(c if c.isprintable() else "�" for c in text)
    return kept if len(kept) <= longest else kept[:longest] + "…"


def read_whole_number(text: str, *, smallest: int = 0, largest: int = 10**LONGEST_NUMBER) -> int:
    """A whole number, also where a spreadsheet wrote it as 26.0."""
    found = WHOLE.fullmatch(text.strip())
    if found is None:
        raise Unreadable(f"“{shown_text(text)}” is not a whole number.")
    number = int(found[1])
    if not smallest <= number <= largest:
        raise Unreadable(f"“{shown_text(text)}” is not between {smallest} and {largest}.")
    return number


def read_row_number(text: object) -> int | None:
    """Our own number of a row out of an address or a form, or None where it is none."""
    try:
        return read_whole_number(str(text or ""), smallest=1, largest=2**63 - 1)
    except Unreadable:
        return None


def read_decimal(text: str) -> Decimal:
    """A signed number with a decimal point, such as -3.7."""
    if DECIMAL.fullmatch(text.strip()) is None:
        raise Unreadable(f"“{shown_text(text)}” is not a number, such as -3.7.")
    return Decimal(text.strip())


def read_date(text: str) -> date:
    """A day written as 2026-11-20, between 1900 and 2199."""
    found = DATE.fullmatch(text.strip())
    if found is None:
        raise Unreadable(f"“{shown_text(text)}” is not a date. Write it as 2026-11-20.")
    try:
        day = date(*(int(part) for part in found.groups()))
    except ValueError as error:
        raise Unreadable(f"“{shown_text(text)}” is not a day of the calendar.") from error
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Unreadable(f"“{shown_text(text)}”: the year is not plausible.")
    return day


def read_clock_time(text: str) -> time:
    """A time of day written as 14:40 or 14:40:05; parts of a second are dropped."""
    found = CLOCK.fullmatch(text.strip())
    if found is None:
        raise Unreadable(f"“{shown_text(text)}” is not a time. Write it as 14:40.")
    hour, minute, second = (int(part or 0) for part in found.groups())
    try:
        return time(hour, minute, second)
    except ValueError as error:
        raise Unreadable(f"“{shown_text(text)}” is not a time of a day.") from error


def read_moment(text: str) -> datetime:
    """A day and a time: 2026-11-20 17:40, with T between and an offset (Z, -06:00) where given.

    Without an offset the moment is naive: the caller says whose clock it is.
    """
    day, _, rest = text.strip().replace("T", " ", 1).partition(" ")
    offset = OFFSET.search(rest)
    clock = rest[: offset.start()] if offset else rest
    if offset and offset.end() != len(rest):
        raise Unreadable(f"“{shown_text(text)}” is not a moment. Write it as 2026-11-20 17:40.")
    try:
        moment = datetime.combine(read_date(day), read_clock_time(clock))
    except Unreadable as error:
        message = f"“{shown_text(text)}” is not a moment. Write it as 2026-11-20 17:40."
        raise Unreadable(message) from error
    return moment.replace(tzinfo=offset_of(offset)) if offset else moment


def offset_of(found: re.Match[str]) -> timezone:
    """The offset from Greenwich that a moment names."""
    if found[1] is None:
        return timezone.utc  # noqa: UP017 - beside timezone(timedelta) it reads the same
    hours, minutes = int(found[2]), int(found[3])
    if hours > 14 or minutes > 59:
        raise Unreadable(f"“{found[0]}” is not an offset of any clock.")
    away = timedelta(hours=hours, minutes=minutes)
    return timezone(-away if found[1] == "-" else away)


def read_identifier(text: str, *, longest: int) -> str:
    """A number or name that others gave: trimmed, printable, no longer than its column."""
    value = text.strip()
    if CONTROL.search(value):
        raise Unreadable(f"“{shown_text(value)}” holds a character that cannot be printed.")
    if len(value) > longest:
        raise Unreadable(f"“{shown_text(value)}” is longer than {longest} characters.")
    return value


def without_control_characters(text: str) -> str:
    """Text typed in several lines, without NUL and the other characters no column can hold."""
    return "".join(c for c in text if c in "\n\r\t" or not CONTROL.match(c))
