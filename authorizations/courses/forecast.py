"""Fractions to come against units allowed: where it runs out, how many are short, when to ask at
the latest.

Plain and exact: the calendar and the lines in, one answer out. It reads no clock; the day is a
fact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)
WORKING_WEEK = frozenset(range(5))
LONGEST_SEARCH = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is still to be given of a course: from which fraction, from which day, on which days."""

    fractions_planned: int
    fractions_done: int
    next_day: date
    fractions_per_day: int = 1
    given_that_day: int = 0  # fractions of the next day that are already recorded
    closed: frozenset[date] = frozenset()
    weekdays: frozenset[int] = WORKING_WEEK
    last_day: date | None = None  # nothing is planned after it: an end, or a hold without one


@dataclass(frozen=True, slots=True)
class Allowance:
    """Units of service left under one authorized line and the span in which they may be used.

    ``is_replaced``: another authorization takes its place after that span; what is left then is
    neither spare nor waiting for later dates.
    """

    units_left: int
    valid_from: date
    valid_through: date
    line: int = 0
    is_replaced: bool = False

    def covers(self, on: date) -> bool:
        return self.valid_from <= on <= self.valid_through


@dataclass(frozen=True, slots=True)
class Planned:
    """One fraction to come, the day it falls on, and whether a unit is there for it.

    ``line`` gives the unit; where none is left, it is the last one that covers the day.
    """

    fraction: int
    on: date
    has_unit: bool
    is_outside_dates: bool = False
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Forecast:
    """How a course ends with what is allowed now."""

    planned: tuple[Planned, ...]
    units_unused: int
    ask_by: date | None = None

    @property
    def first_short(self) -> Planned | None:
        return next((p for p in self.planned if not p.has_unit), None)

    @property
    def units_short(self) -> int:
        return sum(not p.has_unit for p in self.planned)

    @property
    def last_fraction_on(self) -> date | None:
        return self.planned[-1].on if self.planned else None

    @property
    def is_enough(self) -> bool:
        return not self.units_short


def schedule(ahead: Ahead) -> list[tuple[int, date]]:
    """Each fraction to come with its day: working days of the facility, so many fractions a day;
    none after the last day.
    """
    days: list[tuple[int, date]] = []
    day, free = ahead.next_day, ahead.fractions_per_day - ahead.given_that_day
    for fraction in range(ahead.fractions_done + 1, ahead.fractions_planned + 1):
        while free <= 0 or not is_open(ahead, day):
            day, free = day + ONE_DAY, ahead.fractions_per_day
        if ahead.last_day and day > ahead.last_day:
            break
        days.append((fraction, day))
        free -= 1
    return days


def is_open(ahead: Ahead, day: date) -> bool:
    return day.weekday() in ahead.weekdays and day not in ahead.closed


def forecast(
    ahead: Ahead,
    allowances: Sequence[Allowance],
    *,
    asked_from: date,
    answered_by: Callable[[date], date] | None = None,
) -> Forecast:
    """What becomes of each fraction to come, and the last safe day to ask for what is missing.

    ``answered_by`` tells, for a request received on a day, the day by which it is answered;
    ``asked_from`` is the first day on which one can still ask. A unit is taken from the line that
    ends first.
    """
    left = sorted(allowances, key=lambda line: (line.valid_through, line.valid_from))
    planned: list[Planned] = []
    for fraction, on in schedule(ahead):
        index = next((i for i, a in enumerate(left) if a.units_left > 0 and a.covers(on)), None)
        if index is None:
            outside = any(a.units_left > 0 and not a.is_replaced for a in left)
            last = next((a.line for a in reversed(left) if a.covers(on)), None)
            planned.append(Planned(fraction, on, False, is_outside_dates=outside, line=last))
            continue
        left[index] = replace(left[index], units_left=left[index].units_left - 1)
        planned.append(Planned(fraction, on, has_unit=True, line=left[index].line))
    spare = sum(a.units_left for a in left if not a.is_replaced)
    answer = Forecast(tuple(planned), spare)
    short = answer.first_short
    if short and answered_by:
        return replace(answer, ask_by=last_safe_day(short.on, asked_from, answered_by))
    return answer


def last_safe_day(
    needed_on: date, asked_from: date, answered_by: Callable[[date], date]
) -> date | None:
    """The last working day on which asking still brings an answer before the day it is needed.

    None when even asking on the first possible day comes too late.
    """
    day = needed_on - ONE_DAY
    while day >= max(asked_from, needed_on - LONGEST_SEARCH):
        if day.weekday() in WORKING_WEEK and answered_by(day) < needed_on:
            return day
        day -= ONE_DAY
    return None


def sessions_outside(days: Iterable[date], valid_from: date, valid_through: date) -> list[date]:
    """The days of treatment that fall outside the dates of a letter."""
    return [day for day in days if not valid_from <= day <= valid_through]
