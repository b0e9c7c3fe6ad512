"""One strict reader for each kind of value, used by every form, address, header and file."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import readers
from accounts.readers import Unreadable

NEVER = (
    "",
    " ",
    "²",
    "٣",
    "1_0",
    "1e1",
    "1.72E+09",
    "NaN",
    "Infinity",
    "0x10",
    "\0",
    "12\0",
    "１２",
)
READERS = (
    readers.read_whole_number,
    readers.read_decimal,
    readers.read_date,
    readers.read_clock_time,
    readers.read_moment,
)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("text", [*NEVER, "9" * 5000])
def test_no_reader_takes_what_nobody_writes(reader, text):
    with pytest.raises(Unreadable):
        reader(text)


@pytest.mark.parametrize(
    ("reader", "text", "value"),
    [
        (readers.read_whole_number, "26", 26),
        (readers.read_whole_number, " 26.0 ", 26),
        (readers.read_decimal, "-3.70", Decimal("-3.70")),
        (readers.read_date, "2026-11-20", date(2026, 11, 20)),
        (readers.read_clock_time, "9:05", time(9, 5)),
        (readers.read_clock_time, "09:05:07.250", time(9, 5, 7)),
        (readers.read_moment, "2026-11-20 17:40", datetime(2026, 11, 20, 17, 40)),
        (readers.read_moment, "2026-11-20T17:40:00Z", datetime(2026, 11, 20, 17, 40, tzinfo=UTC)),
        (
            readers.read_moment,
            "2026-11-20 17:40-06:00",
            datetime(2026, 11, 20, 17, 40, tzinfo=timezone(-timedelta(hours=6))),
        ),
    ],
)
def test_a_value_is_read_as_people_and_machines_write_it(reader, text, value):
    assert reader(text) == value


@pytest.mark.parametrize(
    ("reader", "text"),
    [
        (readers.read_whole_number, "26.5"),
        (readers.read_whole_number, "-1"),
        (readers.read_date, "20261120"),
        (readers.read_date, "2026-02-30"),
        (readers.read_date, "0001-01-01"),
        (readers.read_date, "11/20/2026"),
        (readers.read_clock_time, "25:99"),
        (readers.read_clock_time, "20261125"),
        (readers.read_clock_time, "14:56Z"),
        (readers.read_clock_time, "14"),
        (readers.read_moment, "2026-11-20"),
        (readers.read_moment, "2026-11-20 17:40-99:00"),
    ],
)
def test_what_is_not_of_the_kind_is_refused(reader, text):
    with pytest.raises(Unreadable):
        reader(text)


def test_a_row_number_out_of_an_address_is_a_number_or_none():
    assert readers.read_row_number("17") == 17
    assert [readers.read_row_number(text) for text in (*NEVER, "0", "-1", None, "9" * 19)] == [
        None
    ] * (len(NEVER) + 4)


def test_an_identifier_is_trimmed_and_fits_its_column():
    assert readers.read_identifier(" A-17 ", longest=8) == "A-17"
    for text in ("A\0", "A\u2028B", "A" * 9):
        with pytest.raises(Unreadable):
            readers.read_identifier(text, longest=8)


@given(st.text())
def test_any_text_is_read_or_refused_in_words(text):
    for reader in READERS:
        sentence = ""
        try:
            reader(text)
        except Unreadable as error:
            sentence = str(error)
        assert not sentence or sentence.endswith(".")
