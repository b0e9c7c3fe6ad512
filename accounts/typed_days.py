"""Days and moments as people type and paste them at a front desk in the United States.

2026-11-27, 11/27/2026, 11/27/26, 11-27-26, 11/27 (the one nearest today), 11272026, Nov 27 2026,
27 Nov 2026, Fri 27 Nov 2026; t is today, t+7 and t-1 are days from it, w+2 weeks, m+1 months. A
moment has a time after it: t 14:30, 11/27 2:30 pm, 2026-11-27T14:30.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, time, timedelta

from accounts.readers import FIRST_YEAR, LAST_YEAR, Unreadable, shown_text

MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FROM_TODAY = re.compile(r"([twmy])(?: ?([+-]) ?([0-9]{1,4}))?", re.ASCII)
YEAR_FIRST = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})", re.ASCII)
MONTH_FIRST = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2})(?:[-/. ]([0-9]{4}|[0-9]{2}))?", re.ASCII)
DIGITS = re.compile(r"[0-9]{6}|[0-9]{8}", re.ASCII)
NAMED = re.compile(r"([a-z]{3,9})\.? ?([0-9]{1,2})(?:st|nd|rd|th)?(?:,? ?([0-9]{4}|[0-9]{2}))?")
DAY_NAMED = re.compile(
    r"([0-9]{1,2})(?:st|nd|rd|th)?[ -]?([a-z]{3,9})\.?(?:,?[ -]?([0-9]{4}|[0-9]{2}))?"
)
WEEKDAY = re.compile(r"(mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,? ")
TIME = re.compile(r"([0-9]{1,2})(?::?([0-9]{2})(?::[0-9]{2})?)? ?(am|pm|a|p)?", re.ASCII)
BETWEEN = re.compile(r"(?<=[0-9])t(?=[0-9])", re.ASCII)  # 2026-11-27T14:30
HOW = "Type it as 11/27/2026, 27 Nov 2026 or t+7."


def read_typed_day(text: str, today: date, *, is_birth: bool = False) -> date:
    """The day that was typed, between 1900 and 2199.

    Of a date of birth, two digits of a year are the latest that is not still to come, and the year
    is needed. Raises Unreadable with a sentence for people.
    """
    plain = " ".join(text.lower().split())
    named = WEEKDAY.match(plain)
    day = some_day(plain[named.end() :] if named else plain, today, is_birth=is_birth)
    if day is None:
        raise Unreadable(f"“{shown_text(text)}” is not read as a day. {HOW}")
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Unreadable(f"“{shown_text(text)}”: the year {day.year} is not plausible.")
    if named and DAYS[day.weekday()] != named[1]:
        raise Unreadable(
            f"“{shown_text(text)}”: that day is a {day:%A}. Check the day or the year."
        )
    return day


def some_day(plain: str, today: date, *, is_birth: bool) -> date | None:
    """The day of one of the spellings, or None. Raises Unreadable for 30 February."""
    if found := FROM_TODAY.fullmatch(plain):
        return None if is_birth else from_today(found, today)
    if found := YEAR_FIRST.fullmatch(plain):
        return calendar_day(found[1], int(found[2]), int(found[3]), today, is_birth=is_birth)
    if found := MONTH_FIRST.fullmatch(plain):
        return calendar_day(found[3], int(found[1]), int(found[2]), today, is_birth=is_birth)
    if DIGITS.fullmatch(plain):
        is_year_first = len(plain) == 8 and plain[:2] in ("19", "20", "21")
        year, rest = (plain[:4], plain[4:]) if is_year_first else (plain[4:], plain[:4])
        return calendar_day(year, int(rest[:2]), int(rest[2:]), today, is_birth=is_birth)
    if (found := NAMED.fullmatch(plain)) and (month := month_of(found[1])):
        return calendar_day(found[3], month, int(found[2]), today, is_birth=is_birth)
    if (found := DAY_NAMED.fullmatch(plain)) and (month := month_of(found[2])):
        return calendar_day(found[3], month, int(found[1]), today, is_birth=is_birth)
    return None


def month_of(word: str) -> int:
    """The number of a month by its name or the first letters of it; 0 where it is none."""
    return next((n for n, name in enumerate(MONTHS, 1) if name.startswith(word)), 0)


def from_today(found: re.Match[str], today: date) -> date:
    """t, t+7, w-1, m+1, y+1."""
    unit = found[1]
    steps = int(found[3] or 0) * (-1 if found[2] == "-" else 1)
    try:
        if unit in "tw":
            return today + timedelta(days=steps * (7 if unit == "w" else 1))
        months = today.year * 12 + today.month - 1 + steps * (12 if unit == "y" else 1)
        year, month = months // 12, months % 12 + 1
        return date(year, month, min(today.day, monthrange(year, month)[1]))
    except (OverflowError, ValueError) as error:
        raise Unreadable(f"“{found[0]}” is too far away.") from error


def calendar_day(
    year: str | None, month: int, day: int, today: date, *, is_birth: bool
) -> date | None:
    """The day of the calendar; without a year the one nearest today. Raises Unreadable."""
    if year is None and is_birth:
        return None
    try:
        if year is None:
            return nearest(month, day, today)
        full = int(year) if len(year) == 4 else century(today, is_birth=is_birth) + int(year)
        found = date(full, month, day)
        if len(year) == 2 and is_birth and found > today:
            found = date(full - 100, month, day)
    except ValueError as error:
        raise Unreadable(f"{month}/{day}/{year or ''} is not a day of the calendar.") from error
    return found


def century(today: date, *, is_birth: bool) -> int:
    """The hundred years that two digits belong to."""
    return today.year // 100 * 100 if is_birth else 2000


def nearest(month: int, day: int, today: date) -> date:
    """The one nearest today: in December, 1/4 is of next year. Raises ValueError for 2/30."""
    if not 1 <= month <= 12:
        raise ValueError(f"{month}/{day}")
    years = (today.year - 1, today.year, today.year + 1)
    fits = [year for year in years if 1 <= day <= monthrange(year, month)[1]]
    found = [date(year, month, day) for year in fits]
    return min(found, key=lambda one: abs(one - today))


def read_typed_moment(text: str, today: date) -> datetime:
    """A day and a time by the facility's clock. Raises Unreadable."""
    plain = " ".join(BETWEEN.sub(" ", text.lower()).split())
    for cut in [found.start() for found in re.finditer(" ", plain)]:
        try:
            day = read_typed_day(plain[:cut], today)
        except Unreadable:
            continue
        clock = time_of(plain[cut + 1 :])
        if clock is not None:
            return datetime.combine(day, clock)
    raise Unreadable(
        f"“{shown_text(text)}” is not read as a day and a time. Type it as 11/27/2026 14:30, "
        "11/27 2:30 pm or t 14:30."
    )


def time_of(text: str) -> time | None:
    """14:30, 1430, 2:30 pm, 2pm."""
    found = TIME.fullmatch(text)
    if found is None or (found[2] is None and found[3] is None):
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found[3][0] == "p" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def day_in_words(day: date, today: date, *, is_birth: bool = False) -> str:
    """Fri 14 Mar 1958, 68 y; Mon 7 Dec 2026, in 10 days."""
    words = f"{day:%a} {day.day} {day:%b %Y}"
    if is_birth:
        years = today.year - day.year - ((today.month, today.day) < (day.month, day.day))
        return f"{words}, {years} y" if years >= 0 else f"{words}: still to come"
    away = (day - today).days
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}
    if abs(away) > 366:
        return words
    return f"{words}, {near.get(away) or (f'in {away} days' if away > 0 else f'{-away} days ago')}"
