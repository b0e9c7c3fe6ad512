"""Counting time as rules do: elapsed hours, calendar days, days without holidays, business days."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

LAST_SECOND = time(23, 59, 59)


class Unit(StrEnum):
    """What a rule counts."""

    HOURS = "hours"
    BUSINESS_HOURS = "business hours"
    CALENDAR_DAYS = "calendar days"
    DAYS_WITHOUT_HOLIDAYS = "calendar days, holidays not counted"
    BUSINESS_DAYS = "business days"
    CALENDAR_MONTHS = "calendar months"


@dataclass(frozen=True, slots=True)
class Span:
    """So many of a unit, such as 7 calendar days."""

    amount: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.amount} {self.unit}"


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment by which somebody must act, the rule it follows and who says so.

    A rule that counts days ends with the last second of the day where the facility is. Confidence
    is
    A to D as for rules; D means that we assume it.
    """

    due_at: datetime
    rule: str
    title: str
    source: str
    confidence: str

    @property
    def due_on(self) -> date:
        """The day of the deadline by the facility's calendar."""
        return self.due_at.date()

    @property
    def is_assumed(self) -> bool:
        return self.confidence == "D"


def after(moment: datetime, span: Span, time_zone: str) -> datetime:
    """The end of a span that begins at that moment, by the clocks of that time zone.

    The day of the moment itself is never counted. Hours are elapsed hours, so a change to or from
    daylight saving does not lengthen or shorten them. Raises ValueError for a moment without a
    zone.
    """
    if moment.tzinfo is None:
        raise ValueError("A deadline is counted from a moment with a time zone.")
    zone = ZoneInfo(time_zone)
    if span.unit == Unit.HOURS:
        return (moment.astimezone(UTC) + timedelta(hours=span.amount)).astimezone(zone)
    if span.unit == Unit.BUSINESS_HOURS:
        return after_business_hours(moment.astimezone(zone), span.amount)
    last = day_after(moment.astimezone(zone).date(), span)
    return datetime.combine(last, LAST_SECOND, tzinfo=zone)


def day_after(start: date, span: Span) -> date:
    """The last day of a span of days that begins the day after the start."""
    if span.unit == Unit.CALENDAR_DAYS:
        return start + timedelta(days=span.amount)
    if span.unit == Unit.CALENDAR_MONTHS:
        return months_later(start, span.amount)
    day, left = start, span.amount
    while left:
        day += timedelta(days=1)
        left -= is_counted(day, span.unit)
    return day


def months_later(start: date, months: int) -> date:
    """The same day of a later month, or its last day where it has no such day."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last))


def after_business_hours(moment: datetime, hours: int) -> datetime:
    """Hours of business days only, the clock standing still on weekends and federal holidays."""
    while hours:
        if not is_business_day(moment.date()):
            moment = datetime.combine(moment.date() + timedelta(days=1), time(), moment.tzinfo)
            continue
        moment = (moment.astimezone(UTC) + timedelta(hours=1)).astimezone(moment.tzinfo)
        hours -= 1
    return moment


def is_counted(day: date, unit: Unit) -> bool:
    """Whether a rule that leaves holidays (and weekends) out counts this day."""
    if unit == Unit.DAYS_WITHOUT_HOLIDAYS:
        return day not in holidays(day.year)
    return is_business_day(day)


def is_business_day(day: date) -> bool:
    """Monday to Friday, but for federal holidays."""
    return day.weekday() < 5 and day not in holidays(day.year)


def holidays(year: int) -> frozenset[date]:
    """The federal holidays of a year on the day they are kept. Source: 5 U.S.C. 6103."""
    fixed = [
        date(year, 1, 1),
        date(year, 6, 19),
        date(year, 7, 4),
        date(year, 11, 11),
        date(year, 12, 25),
        date(year + 1, 1, 1),
    ]
    kept = {kept_on(day) for day in fixed}
    moving = {
        nth_weekday(year, 1, 0, 3),
        nth_weekday(year, 2, 0, 3),
        last_monday_of_may(year),
        nth_weekday(year, 9, 0, 1),
        nth_weekday(year, 10, 0, 2),
        nth_weekday(year, 11, 3, 4),
    }
    return frozenset(day for day in kept | moving if day.year == year)


def kept_on(day: date) -> date:
    """A holiday on a Saturday is kept on the Friday, one on a Sunday on the Monday."""
    return day + timedelta(days={5: -1, 6: 1}.get(day.weekday(), 0))


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    """The nth such weekday (Monday is 0) of a month."""
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


def last_monday_of_may(year: int) -> date:
    last = date(year, 5, 31)
    return last - timedelta(days=last.weekday())
