"""Clock times as moments, across midnight and where clocks are changed. No database."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authorizations.verdicts.clinic_clock import by_clock, moment_of, shown_time, treatment_times

CHICAGO = ZoneInfo("America/Chicago")
PLAIN, FORWARD, BACK = date(2026, 6, 1), date(2026, 3, 8), date(2026, 11, 1)


def minutes_before(on: date, starts: str, imaged: str) -> float:
    """How long before the start the image was taken."""
    times = treatment_times(
        on, CHICAGO, starts=time.fromisoformat(starts), imaged=time.fromisoformat(imaged)
    )
    return (times.started_at - times.image_at).total_seconds() / 60


@pytest.mark.parametrize(
    ("on", "starts", "imaged", "minutes"),
    [
        (PLAIN, "10:00", "09:56", 4),
        (PLAIN, "10:00", "10:05", -5),
        (PLAIN, "08:00", "18:00", -600),  # no evening before: it is far from the beam either way
        (PLAIN, "00:05", "23:58", 7),  # the evening before
        (PLAIN, "23:58", "00:05", -7),  # the morning after
        (PLAIN, "08:00", "03:59", 241),
        (FORWARD, "03:05", "02:58", 7),  # 02:58 does not exist: the clock was not set yet
        (FORWARD, "03:05", "01:58", 7),
        (FORWARD, "02:30", "02:20", 10),  # neither exists
        (BACK, "01:20", "01:10", 10),
        (BACK, "01:05", "01:58", 7),  # the image in the first 01:58, the beam in the second 01:05
        (BACK, "02:05", "01:58", 7),  # the second 01:58
        (BACK, "00:50", "00:45", 5),
    ],
)
def test_the_image_is_the_moment_nearest_to_the_start(on, starts, imaged, minutes):
    assert minutes_before(on, starts, imaged) == minutes


def test_the_end_follows_the_start_past_midnight():
    late, early = time(23, 50), time(0, 5)
    times = treatment_times(PLAIN, CHICAGO, starts=late, imaged=None, ends=early)
    assert times.ended_at - times.started_at == timedelta(minutes=15)
    wrong = treatment_times(PLAIN, CHICAGO, starts=time(10), imaged=None, ends=time(9))
    assert wrong.ended_at < wrong.started_at  # refused where it is written


def test_what_is_not_typed_is_no_moment():
    times = treatment_times(PLAIN, CHICAGO, starts=None, imaged=None)
    assert (times.started_at, times.image_at, times.ended_at) == (None, None, None)
    assert treatment_times(PLAIN, CHICAGO, starts=None, imaged=time(9)).image_at == datetime(
        2026, 6, 1, 14, tzinfo=UTC
    )
    assert by_clock(None, CHICAGO) is None


def test_moments_of_the_doubled_hour_compare_as_moments():
    first = moment_of(BACK, time(1, 58), CHICAGO)
    second = first + timedelta(minutes=7)
    assert by_clock(first, CHICAGO).strftime("%H:%M") == "01:58"
    assert by_clock(second, CHICAGO).strftime("%H:%M") == "01:05"
    assert by_clock(first, CHICAGO) < by_clock(second, CHICAGO)


@given(st.dates(date(2025, 1, 1), date(2027, 12, 31)), st.times(), st.integers(0, 230))
def test_an_image_some_minutes_before_any_beam_is_found_again(on, starts, before):
    """Whatever the day and the hour: what the clocks showed gives the distance back."""
    starts = starts.replace(second=0, microsecond=0)
    started = treatment_times(on, CHICAGO, starts=starts, imaged=None).started_at
    image = started - timedelta(minutes=before)
    shown = image.astimezone(CHICAGO).time()
    times = treatment_times(on, CHICAGO, starts=starts, imaged=shown)
    distance = (times.started_at - times.image_at).total_seconds() / 60
    assert distance == before or abs(distance) < before


def test_a_time_of_another_day_is_shown_with_its_day():
    evening = moment_of(date(2026, 5, 31), time(23, 58), CHICAGO)
    assert shown_time(evening, PLAIN, CHICAGO) == "31 May 23:58"
    assert shown_time(evening + timedelta(minutes=7), PLAIN, CHICAGO) == "00:05"
