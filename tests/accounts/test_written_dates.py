"""Dates and times as people and databases write them: one reading or none."""

from __future__ import annotations

from datetime import date, time

import pytest

from accounts.readers import Unreadable
from accounts.written_dates import (
    order_of,
    read_written_clock,
    read_written_date,
    split_moment,
)

DAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-25", "2026/11/25", "20261125", "25-Nov-2026", "25-NOV-26", "25NOV2026",
        "Nov 25 2026", "Nov 25, 2026", "November 25, 2026", "25 November 2026", "25th Nov 2026",
        "Wed, Nov 25, 2026", "11/25/2026", "11/25/26", "25/11/2026", "25.11.2026", "11-25-2026",
    ],
)  # fmt: skip
def test_a_date_that_reads_in_one_way_is_read(text):
    assert read_written_date(text) == DAY


@pytest.mark.parametrize(
    "text", ["11/09/2026", "1_1/25/2026", "32-Nov-2026", "13/13/2026", "Nowember 3 2026", "46351"]
)
def test_what_reads_in_two_ways_or_none_is_refused(text):
    with pytest.raises(Unreadable):
        read_written_date(text)


def test_the_order_that_a_column_shows_decides():
    assert order_of(["11/09/2026", "11/25/2026"]) == "mdy"
    assert order_of(["09/11/2026", "25/11/2026 9:00"]) == "dmy"
    assert order_of(["25/11/2026", "11/25/2026"]) == ""
    assert read_written_date("11/09/2026", "mdy") == date(2026, 11, 9)
    assert read_written_date("11/09/2026", "dmy") == date(2026, 9, 11)


def test_a_year_of_two_digits_is_not_after_the_latest_day():
    assert read_written_date("3/14/58", latest=DAY) == date(1958, 3, 14)
    assert read_written_date("3/14/26", latest=DAY) == date(2026, 3, 14)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Nov 25 2026 9:00AM", ("Nov 25 2026", "9:00AM")),
        ("2026-11-25T09:00:00", ("2026-11-25", "09:00:00")),
        ("20261125 0900", ("20261125", "0900")),
        ("Nov 25 2026", ("Nov 25 2026", "")),
        ("9:00 AM", ("9:00 AM", "")),
    ],
)
def test_day_and_time_are_parted(text, parts):
    assert split_moment(text) == parts


@pytest.mark.parametrize("text", ["16:35", "1635", "4:35 PM", "4:35p", "16:35:00.000"])
def test_a_clock_time_is_read(text):
    assert read_written_clock(text) == time(16, 35)


@pytest.mark.parametrize("text", ["24:10", "13:00 PM", "9", "20261125"])
def test_what_is_no_time_is_refused(text):
    with pytest.raises(Unreadable):
        read_written_clock(text)
