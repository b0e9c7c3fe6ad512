"""The days on which a facility is open: Monday to Friday, no holiday, not closed."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

from accounts.models import Facility
from payers.clocks.calendars import holidays

SATURDAY = 5
ONE_DAY = timedelta(days=1)
holidays_of = cache(holidays)


def is_open_day(on: date, facility: Facility) -> bool:
    """Whether the facility is open that day."""
    is_open = on.weekday() < SATURDAY and on not in facility.closed_days
    return is_open and on not in holidays_of(on.year)


def open_day_from(day: date, facility: Facility) -> date:
    """The first day, from that one on, on which the facility is open."""
    while not is_open_day(day, facility):
        day += ONE_DAY
    return day
