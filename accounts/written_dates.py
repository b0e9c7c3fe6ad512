"""Dates and clock times as people and databases write them, read in one way only.

A date with a month's name or its year first reads in one way. One of three numbers needs its order
(month or day first), which a whole column decides: one 13 or more settles it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, time

from accounts.readers import Unreadable, read_date, shown_text

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
FULL_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
MONTH_OF = {name: number for number, name in enumerate(MONTHS, 1)}
MONTH_OF |= {name: number for number, name in enumerate(FULL_MONTHS, 1)} | {"sept": 9}
NUMBERS = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{2}|[0-9]{4})", re.ASCII)
YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})", re.ASCII)
COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})", re.ASCII)
DAY_NAMED = re.compile(
    r"([0-9]{1,2})(?:st|nd|rd|th)?[-/. ]*([a-z]{3,9})\.?,?[-/. ]*([0-9]{4}|[0-9]{2})", re.ASCII
)
MONTH_NAMED = re.compile(
    r"([a-z]{3,9})\.?[-/. ]*([0-9]{1,2})(?:st|nd|rd|th)?[-/., ]+([0-9]{4}|[0-9]{2})", re.ASCII
)
WEEKDAY = re.compile(r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+", re.ASCII)
CLOCK = re.compile(
    r"([0-9]{1,2}):?([0-9]{2})(?::([0-9]{2})(?:\.[0-9]{1,7})?)?\s*(?:([ap])\.?m?\.?)?", re.ASCII
)
WITH_CLOCK = re.compile(
    r"(.*?[0-9])(?:T|,?\s+)([0-9]{1,2}:[0-9]{2}(?![0-9]).*|[0-9]{3,6})", re.ASCII
)
ORDERS = ("mdy", "dmy")


def split_moment(text: str) -> tuple[str, str]:
    """The day and the time of a cell such as “Nov 25 2026 9:00AM”; the time may be empty."""
    text = text.strip()
    found = WITH_CLOCK.fullmatch(text)
    if found is None or not is_date_like(found[1]):
        return text, ""
    return found[1], found[2]


def is_date_like(text: str) -> bool:
    plain = text.strip().lower()
    shapes = (NUMBERS, YEAR_FIRST, COMPACT, DAY_NAMED, MONTH_NAMED)
    return any(shape.fullmatch(WEEKDAY.sub("", plain, 1)) for shape in shapes)


def read_written_date(text: str, order: str = "", *, latest: date | None = None) -> date:
    """A day however it is written. ``order`` is mdy or dmy for three numbers, empty if unknown.

    A year of two digits is one of this century, or with ``latest`` the last one not after it.
    Raises Unreadable with a sentence.
    """
    parts = parts_of(WEEKDAY.sub("", text.strip().lower(), 1), order)
    if parts is None:
        raise Unreadable(
            f"“{shown_text(text)}” is not a date that reads in one way only. Write it as "
            "2026-11-20 or 20-Nov-2026."
        )
    year, month, day = parts
    if year < 100:
        year += 2000
        if latest and (year, month, day) > (latest.year, latest.month, latest.day):
            year -= 100
    try:
        return read_date(f"{year:04d}-{month:02d}-{day:02d}")
    except Unreadable as error:
        message = (
            f"“{shown_text(text)}” is not a day of the calendar, or its year is not plausible."
        )
        raise Unreadable(message) from error


def parts_of(text: str, order: str) -> tuple[int, int, int] | None:
    """Year, month and day of a date; none where it has another shape or reads in two ways."""
    if found := YEAR_FIRST.fullmatch(text):
        return int(found[1]), int(found[3]), int(found[4])
    if found := COMPACT.fullmatch(text):
        return int(found[1]), int(found[2]), int(found[3])
    if (found := DAY_NAMED.fullmatch(text)) and found[2] in MONTH_OF:
        return int(found[3]), MONTH_OF[found[2]], int(found[1])
    if (found := MONTH_NAMED.fullmatch(text)) and found[1] in MONTH_OF:
        return int(found[3]), MONTH_OF[found[1]], int(found[2])
    if found := NUMBERS.fullmatch(text):
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        order = order or order_of([text])
        if order == "mdy" or first == second:
            return year, first, second
        if order == "dmy":
            return year, second, first
    return None


def order_of(texts: Iterable[str]) -> str:
    """The order in which a column writes its dates: mdy, dmy, or empty where nothing decides.

    Nothing decides either where one cell can only be read the one way and another the other way.
    """
    orders = set()
    for text in texts:
        found = NUMBERS.fullmatch(split_moment(text)[0])
        first, second = (int(found[1]), int(found[3])) if found else (0, 0)
        if first > 12 >= second:
            orders.add("dmy")
        elif second > 12 >= first:
            orders.add("mdy")
    return orders.pop() if len(orders) == 1 else ""


def needs_order(text: str) -> bool:
    """Whether a date is three numbers that read in two ways."""
    found = NUMBERS.fullmatch(split_moment(text)[0])
    if found is None or order_of([text]):
        return False
    return found[1].zfill(2) != found[3].zfill(2)


def read_written_clock(text: str) -> time:
    """A clock time of 24 hours, or of 12 with am or pm: 16:35, 1635, 4:35 PM, 4:35p."""
    found = CLOCK.fullmatch(text.strip().lower())
    if found is None:
        raise Unreadable(f"“{shown_text(text)}” is not a time. Write it as 14:40 or 2:40 PM.")
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    if found[4]:
        hour = hour % 12 + (12 if found[4] == "p" else 0) if 1 <= hour <= 12 else 99
    try:
        return time(hour, minute, second)
    except ValueError as error:
        message = f"“{shown_text(text)}” is not a time of a day. Write it as 14:40 or 2:40 PM."
        raise Unreadable(message) from error
