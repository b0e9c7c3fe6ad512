"""What treatment systems write: angles of IEC 61217, more decimals, their words and dates."""

from __future__ import annotations

from decimal import Decimal

import pytest

from authorizations.exchange.column_mapping import Mapping, as_date, as_measure, day_and_clock
from authorizations.exchange.row_reader import Line, RowRefused
from authorizations.exchange.treatment_cells import parse_modalities, rotation

MAPPING = Mapping("MAIN", {}, date_format="mdy", shift_unit="cm", time_zone="America/Chicago")


@pytest.mark.parametrize(
    ("text", "degrees"),
    [("359.8", "-0.2"), ("359.5", "-0.5"), ("350", "-10"), ("360.0", "0"), ("0.24", "0.2"),
     ("-1.5", "-1.5"), ("", None)],
)  # fmt: skip
def test_an_angle_counts_about_zero(text, degrees):
    found = rotation(Line(2, {"yaw_deg": text}), "yaw_deg")
    assert found == (None if degrees is None else Decimal(degrees))


@pytest.mark.parametrize("text", ["349.9", "361", "180", "3_0"])
def test_an_angle_no_couch_turns_is_refused_as_it_stands(text):
    with pytest.raises(RowRefused, match=text):
        rotation(Line(2, {"yaw_deg": text}), "yaw_deg")


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        ("kV-CBCT", ("cbct",)), ("CBCT", ("cbct",)), ("2D/2D kV", ("kv_pair",)),
        ("ExacTrac + kV-CBCT", ("stereoscopic_xray", "cbct")), ("SGRT;CBCT", ("surface", "cbct")),
        ("kv_pair", ("kv_pair",)), ("N/A", ()), ("", ()),
    ],
)  # fmt: skip
def test_words_for_imaging_are_known(text, ours):
    assert parse_modalities(text) == ours


def test_an_unknown_word_for_imaging_is_refused():
    with pytest.raises(RowRefused, match="EPIDX"):
        parse_modalities("EPIDX")


@pytest.mark.parametrize("text", ["25-Nov-2026", "Nov 25 2026", "11/25/2026", "11/25/26"])
def test_a_mapped_date_is_read_in_its_order_or_by_its_month(text):
    assert as_date(text, "date", MAPPING) == "2026-11-25"


def test_a_mapped_moment_with_its_offset_is_put_on_the_clock_of_the_facility():
    assert day_and_clock("2026-11-25T03:00:00Z", "date", named("iso")) == ("2026-11-24", "21:00:00")
    assert day_and_clock("Nov 25 2026 9:00AM", "date", MAPPING) == ("2026-11-25", "9:00AM")


def test_three_decimals_of_a_centimetre_are_a_tenth_of_a_millimetre():
    assert as_measure("0.083", "shift_lr_mm", MAPPING) == "0.8"
    assert as_measure("-0.21", "shift_lr_mm", MAPPING) == "-2.1"


def named(date_format: str) -> Mapping:
    return Mapping("MAIN", {}, date_format=date_format, time_zone="America/Chicago")
