"""Clock times of a treatment as real moments: across midnight and where clocks are changed.

A clock shows a time, not a moment: 01:30 comes twice when clocks go back, 02:30 never when they go
forward, and an image of 23:58 beside a start of 00:05 is of the evening before. The start tells
which moment is meant: the image is the nearest one to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from itertools import product

from coding.rules.times import IMAGE_BELONGS_WITHIN

LONGEST_TREATMENT = timedelta(hours=4)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class TreatmentTimes:
    """The moments of one session, in UTC."""

    started_at: datetime | None
    image_at: datetime | None
    ended_at: datetime | None = None


def moment_of(on: date, at: time | None, zone: tzinfo) -> datetime | None:
    """A time by the facility's clocks as a moment; of one that comes twice, the first."""
    return next(readings(on, at, zone)) if at else None


def treatment_times(
    on: date, zone: tzinfo, *, starts: time | None, imaged: time | None, ends: time | None = None
) -> TreatmentTimes:
    """The moments that these times of the day of service stand for."""
    started, image = start_and_image(on, zone, starts, imaged)
    return TreatmentTimes(started, image, end_after(on, zone, started, ends))


def start_and_image(
    on: date, zone: tzinfo, starts: time | None, imaged: time | None
) -> tuple[datetime | None, datetime | None]:
    """The start and the image that lie nearest to each other, if within hours; else as written."""
    plain = moment_of(on, starts, zone), moment_of(on, imaged, zone)
    if starts is None or imaged is None:
        return plain
    near_days = (on, on - DAY, on + DAY)
    images = [moment for day in near_days for moment in readings(day, imaged, zone)]
    pairs = product(readings(on, starts, zone), images)
    start, image = min(pairs, key=lambda pair: abs(pair[1] - pair[0]))
    return (start, image) if abs(image - start) <= IMAGE_BELONGS_WITHIN else plain


def end_after(
    on: date, zone: tzinfo, started: datetime | None, ends: time | None
) -> datetime | None:
    """The end that follows the start within hours, past midnight if need be; else as written."""
    plain = moment_of(on, ends, zone)
    if started is None or ends is None:
        return plain
    found = [m for day in (on, on + DAY) for m in readings(day, ends, zone)]
    return next((m for m in found if timedelta(0) <= m - started <= LONGEST_TREATMENT), plain)


def readings(on: date, at: time, zone: tzinfo) -> Iterator[datetime]:
    """The moments a time of the clock can stand for: one, or two where clocks are changed."""
    first, second = (
        datetime.combine(on, at.replace(tzinfo=None, fold=fold), zone).astimezone(UTC)
        for fold in (0, 1)
    )
    yield first
    if second != first:
        yield second


def shown_time(moment: datetime, on: date, zone: tzinfo) -> str:
    """The time by the facility's clock, with its day where that is not the day of service."""
    local = moment.astimezone(zone)
    return local.strftime("%H:%M" if local.date() == on else "%-d %b %H:%M")


def by_clock(moment: datetime | None, zone: tzinfo) -> datetime | None:
    """A moment as the facility's clock shows it, with that moment's own offset.

    Two moments with one zone are compared by their clock times; with their offsets, as moments.
    """
    if moment is None:
        return None
    local = moment.astimezone(zone)
    return local.replace(tzinfo=timezone(local.utcoffset() or timedelta(0)), fold=0)
