"""Days and moments as people type and paste them."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from accounts.readers import Unreadable
from accounts.typed_days import day_in_words, read_typed_day, read_typed_moment

TODAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-12-07", date(2026, 12, 7)),
        ("12/07/2026", date(2026, 12, 7)),
        ("12/7/26", date(2026, 12, 7)),
        ("12-7-26", date(2026, 12, 7)),
        ("12.7.2026", date(2026, 12, 7)),
        ("12/7", date(2026, 12, 7)),
        ("1/4", date(2027, 1, 4)),
        ("11/20", date(2026, 11, 20)),
        ("12072026", date(2026, 12, 7)),
        ("120726", date(2026, 12, 7)),
        ("20261207", date(2026, 12, 7)),
        ("Dec 7 2026", date(2026, 12, 7)),
        ("December 7, 2026", date(2026, 12, 7)),
        ("7 Dec 2026", date(2026, 12, 7)),
        ("7dec26", date(2026, 12, 7)),
        ("Mon 7 Dec 2026", date(2026, 12, 7)),
        ("Monday, December 7th, 2026", date(2026, 12, 7)),
        (" dec 7 ", date(2026, 12, 7)),
        ("t", TODAY),
        ("T+7", date(2026, 12, 4)),
        ("t-1", date(2026, 11, 26)),
        ("w+2", date(2026, 12, 11)),
        ("m+3", date(2027, 2, 27)),
        ("y-1", date(2025, 11, 27)),
        ("2/29/28", date(2028, 2, 29)),
    ],
)
def test_a_day_is_read_as_people_write_it(typed, day):
    assert read_typed_day(typed, TODAY) == day


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("1958-03-14", date(1958, 3, 14)),
        ("3/14/58", date(1958, 3, 14)),
        ("3/14/1958", date(1958, 3, 14)),
        ("14 Mar 1958", date(1958, 3, 14)),
        ("March 14, 1958", date(1958, 3, 14)),
        ("031458", date(1958, 3, 14)),
        ("3/14/26", date(2026, 3, 14)),
        ("12/14/26", date(1926, 12, 14)),
    ],
)
def test_two_digits_of_a_year_of_birth_are_in_the_past(typed, day):
    assert read_typed_day(typed, TODAY, is_birth=True) == day


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "13/13/2026",
            "2/30/2026",
            "tomorrow",
            "27",
            "11/27/202",
            "mayo 3",
            "",
            "t++1",
            "t+9999y",
        ),
        *("0058-03-14", "2500-01-01", "Tue 7 Dec 2026", "2/30", "13/1", "١/٢/٢٠٢٦", "y+9999"),
    ],
)
def test_what_is_no_day_is_refused_in_a_sentence(typed):
    with pytest.raises(Unreadable) as refused:
        read_typed_day(typed, TODAY)
    assert str(refused.value).endswith((".", "t+7."))


@pytest.mark.parametrize("typed", ["t", "t+7", "3/14", "w"])
def test_a_birth_needs_its_year(typed):
    with pytest.raises(Unreadable):
        read_typed_day(typed, TODAY, is_birth=True)


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("2026-11-27T14:30", datetime(2026, 11, 27, 14, 30)),
        ("11/27/2026 14:30", datetime(2026, 11, 27, 14, 30)),
        ("t 1430", datetime(2026, 11, 27, 14, 30)),
        ("t+1 2:30 pm", datetime(2026, 11, 28, 14, 30)),
        ("Dec 7 2026 9am", datetime(2026, 12, 7, 9)),
        ("12/7 12:05 am", datetime(2026, 12, 7, 0, 5)),
    ],
)
def test_a_moment_is_a_day_and_a_time(typed, moment):
    assert read_typed_moment(typed, TODAY) == moment


@pytest.mark.parametrize("typed", ["t", "14:30", "t 25:00", "11/27/2026 13 pm", "11/27 9", ""])
def test_a_moment_without_day_or_time_is_refused(typed):
    with pytest.raises(Unreadable):
        read_typed_moment(typed, TODAY)


def test_a_day_is_said_back():
    born = date(1958, 3, 14)
    assert day_in_words(born, TODAY, is_birth=True) == "Fri 14 Mar 1958, 68 y"
    assert day_in_words(date(1958, 11, 28), TODAY, is_birth=True) == "Fri 28 Nov 1958, 67 y"
    assert day_in_words(date(2026, 12, 7), TODAY) == "Mon 7 Dec 2026, in 10 days"
    assert day_in_words(TODAY, TODAY) == "Fri 27 Nov 2026, today"
    assert day_in_words(date(2024, 1, 2), TODAY) == "Tue 2 Jan 2024"
