"""Dollars: contract, nation or locality, by date and component; sequestration stands apart."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coding.amounts import (
    Indices,
    component_of,
    line_amount,
    money,
    published_amount,
    units_of_value,
)
from payers.amounts.worth import NOTHING_LOADED, FeeBook, Line
from tests import factories as make

ROOT = Path(__file__).resolve().parent.parent.parent
ON = date(2026, 10, 5)
DOLLARS = st.decimals(0, 100_000, places=6)


@given(DOLLARS)
def test_money_is_rounded_half_up_to_the_cent(amount):
    rounded = money(amount)
    assert rounded.as_tuple().exponent == -2
    assert rounded - Decimal("0.005") <= amount < rounded + Decimal("0.005")


@given(DOLLARS, st.integers(1, 50), st.integers(1, 50))
def test_units_add_up_to_the_cent(one_unit, some, more):
    together = line_amount(one_unit, some + more)
    assert together == line_amount(one_unit, some) + line_amount(one_unit, more)
    assert together == line_amount(one_unit, 1) * (some + more)


@pytest.mark.parametrize(
    ("fractions", "dollars"),
    [(5, "182.05"), (15, "546.15"), (28, "1019.48"), (39, "1419.99"), (44, "1602.04")],
)
def test_a_course_is_worth_its_fractions(fractions, dollars):
    row = make.FeeScheduleRowFactory.build()
    assert line_amount(published_amount(row, Decimal("33.4009")), fractions) == Decimal(dollars)


def test_a_locality_weighs_each_part_and_the_setting_chooses_the_practice_part():
    row = make.FeeScheduleRowFactory.build(facility_practice_rvu=Decimal("0.20"))
    indices = Indices(Decimal("1.010"), Decimal("1.050"), Decimal("1.500"))
    assert units_of_value(row) == Decimal("1.09")
    assert units_of_value(row, is_facility=True) == Decimal("0.91")
    weighed = Decimal("0.68") * Decimal("1.01") + Decimal("0.38") * Decimal("1.05")
    assert units_of_value(row, indices=indices) == weighed + Decimal("0.045")


@pytest.mark.parametrize("status", ["B", "I", "N", "C"])
def test_what_medicare_does_not_pay_is_worth_nothing(status):
    row = make.FeeScheduleRowFactory.build(status=status)
    assert published_amount(row, Decimal("33.4009")) == 0


def test_the_component_is_found_among_the_modifiers():
    assert component_of(["76", "26"]) == "26"
    assert component_of(["76"]) == ""


@pytest.fixture
def books(db):
    make.FeeScheduleRowFactory()
    make.ConversionFactorFactory(effective_through=date(2026, 12, 31))
    make.PaymentReductionFactory()
    make.PlaceOfServiceFactory(code="22", is_facility=True)


def worth(plan, on: date = ON, modifiers: tuple[str, ...] = ("26",), **where):
    return FeeBook().worth(Line(plan, "77387", modifiers, where.pop("units", 1), on, **where))


def test_the_national_amount_of_2026(books):
    plan = make.PlanFactory(line_of_business="commercial_self_funded")
    found = worth(plan)
    assert (found.amount, found.source, found.payment) == (
        Decimal("36.41"),
        "national amount",
        None,
    )
    assert worth(plan, date(2027, 1, 1)).source == NOTHING_LOADED
    assert worth(None).amount == Decimal("36.41")


def test_a_contract_rate_wins_for_its_plan_component_and_dates(books):
    plan = make.PlanFactory()
    make.ContractRateFactory(plan=plan, effective_through=date(2026, 10, 31))
    make.ContractRateFactory(plan=plan, amount=Decimal("41.25"), effective_from=date(2026, 11, 1))
    other = make.PlanFactory(code="OTHER")
    assert worth(plan).amount == Decimal("40.00")
    assert worth(plan, date(2026, 11, 1), units=2).amount == Decimal("82.50")
    assert worth(other).amount == Decimal("36.41")
    assert worth(plan, modifiers=("TC",)).amount is None


def test_the_locality_counts_once_its_indices_and_the_facilitys_place_are_loaded(books, facility):
    plan = make.PlanFactory()
    place = {"place_of_service": "22", "facility": facility}
    make.GeographicIndexFactory()
    assert worth(plan, **place).source == "national amount"
    make.FacilityLocalityFactory(facility=facility, effective_from=date(2026, 7, 1))
    found = worth(plan, **place)
    assert found.amount == money(Decimal("1.1308") * Decimal("33.4009"))
    assert found.source == "Medicare amount of locality 06102-16"
    assert worth(plan, date(2026, 6, 30), **place).source == "national amount"


def test_sequestration_stands_apart_and_never_in_the_expected_amount(books):
    plan = make.PlanFactory(line_of_business="medicare_ffs")
    found = worth(plan)
    parts = found.payment
    assert found.amount == parts.expected == Decimal("36.41")
    assert (parts.program, parts.coinsurance) == (Decimal("29.13"), Decimal("7.28"))
    assert (parts.reduction, parts.paid) == (Decimal("0.58"), Decimal("28.55"))
    assert parts.program + parts.coinsurance == found.amount
    assert worth(plan, date(2025, 12, 31)).amount is None


def test_by_method_ii_medicare_raises_its_own_part(books, facility):
    plan = make.PlanFactory(line_of_business="medicare_ffs")
    facility.method_ii_from = ON
    found = worth(plan, facility=facility, place_of_service="22")
    parts = found.payment
    assert found.source == "national amount, 115 % of Medicare’s part by method II"
    assert (parts.program, parts.coinsurance) == (Decimal("33.49"), Decimal("7.28"))
    assert found.amount == parts.expected == Decimal("40.77")
    assert (parts.reduction, parts.paid) == (Decimal("0.67"), Decimal("32.82"))
    the_day_before = worth(plan, ON - timedelta(days=1), facility=facility, place_of_service="22")
    assert the_day_before.amount == Decimal("36.41")
    insured = make.PlanFactory(code="INS", line_of_business="commercial_fully_insured")
    assert worth(insured, facility=facility, place_of_service="22").amount == Decimal("36.41")


def test_one_place_turns_codes_into_dollars():
    """Nobody else multiplies relative values, rounds money or reads a rate."""
    own = re.compile(r"quantize\(|ROUND_|dollars_per_rvu\s*[*)]|\* *\w*\.?dollars_per_rvu|_rvu \*")
    allowed = {"coding/amounts.py", "payers/amounts/worth.py"}
    found = set()
    for top in ("accounts", "coding", "payers", "authorizations"):
        for path in (ROOT / top).rglob("*.py"):
            name = str(path.relative_to(ROOT))
            if "migrations" not in name and name not in allowed and own.search(path.read_text()):
                found.add(name)
    # Reading a measurement in millimetres rounds too; showing a published row asks the one place.
    assert found <= {"authorizations/exchange/row_reader.py", "coding/code_page.py"}
    assert "published_amount(" in (ROOT / "coding/code_page.py").read_text()
