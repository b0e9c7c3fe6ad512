"""The published books as rules ask them: what a table tells, and of which days."""

from __future__ import annotations

from datetime import date

import pytest

from coding.code_book import CodeBook, last_day_of
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("release", "day"),
    [
        ("2026 Q1", date(2026, 3, 31)),
        ("2026 Q3", date(2026, 9, 30)),
        ("2026 Q4", date(2026, 12, 31)),
        ("2026, undated copy", date.min),
        ("", date.min),
    ],
)
def test_a_release_ends_with_its_quarter(release, day):
    assert last_day_of(release) == day


@pytest.mark.parametrize(
    ("on", "told"),
    [
        (date(2026, 7, 1), "2026 Q3"),
        (date(2026, 9, 30), "2026 Q3"),
        (date(2026, 10, 1), ""),
        (date(2024, 6, 30), ""),
    ],
)
def test_a_table_tells_of_its_quarter_and_of_days_before_never_of_later_ones(on, told):
    make.PairEditFactory(
        table="practitioner",
        release="2026 Q3",
        is_provisional=False,
        effective_from=date(2024, 7, 1),
        effective_through=None,
    )
    assert CodeBook().pair_table(on) == told


def test_a_provisional_copy_is_no_table():
    make.PairEditFactory(
        table="practitioner",
        release="2026 Q4",
        is_provisional=True,
        effective_from=date(2026, 1, 1),
        effective_through=None,
    )
    assert CodeBook().pair_table(date(2026, 11, 2)) == ""
