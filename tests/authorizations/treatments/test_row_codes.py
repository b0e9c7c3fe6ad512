"""The code of a row on paper: short, stable, and a slip is always noticed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authorizations.treatments.row_codes import ALPHABET, NotACode, RowCode, read_code, write_code

ROWS = st.builds(
    RowCode,
    course=st.integers(1, 2**24 - 1),
    on=st.dates(date(2020, 1, 1), date(2064, 1, 1)),
    session_of_day=st.integers(1, 3),
)
SIGNS = st.sampled_from(ALPHABET)


@given(ROWS)
def test_a_code_means_its_row_however_it_is_typed(row):
    code = write_code(row)
    assert read_code(code) == row
    assert read_code(f" {code.lower().replace('-', ' ')}") == row
    assert read_code(code.replace("0", "o").replace("1", "l")) == row
    assert len(code.replace("-", "")) == 9


@given(ROWS, st.integers(0, 8), SIGNS)
def test_one_wrong_sign_is_noticed(row, place, sign):
    signs = write_code(row).replace("-", "")
    typed = signs[:place] + sign + signs[place + 1 :]
    if typed != signs:
        with pytest.raises(NotACode, match="slip"):
            read_code(typed)


@given(ROWS, st.integers(0, 7))
def test_two_neighbours_swapped_are_noticed(row, place):
    signs = write_code(row).replace("-", "")
    typed = signs[:place] + signs[place + 1] + signs[place] + signs[place + 2 :]
    if typed != signs:
        with pytest.raises(NotACode, match="slip"):
            read_code(typed)


@given(ROWS, ROWS)
def test_two_rows_never_share_a_code(one, other):
    assert (write_code(one) == write_code(other)) == (one == other)


@pytest.mark.parametrize("text", ["", "0014", "0014-8C3D-KK", "UUUU-UUUU-U", "1234567é9"])
def test_what_is_no_code_is_said_so(text):
    with pytest.raises(NotACode, match="nine letters"):
        read_code(text)
