"""Dollars: rounded in one place, computed from published values in one place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

CENT = Decimal("0.01")
PAID = ("A", "R")  # active, and restricted to what the contractor agrees to
COMPONENTS = ("26", "TC")
NOT_IN_FACILITY = "not priced in a facility (NA)"
NO_FACILITY_VALUE = "no facility value loaded for this date"
NOT_OUTSIDE_FACILITY = "not priced outside a facility (NA)"


class RelativeValues(Protocol):
    """A row of the relative value file: its status and its three parts."""

    status: str
    work_rvu: Decimal
    practice_rvu: Decimal
    facility_practice_rvu: Decimal | None
    malpractice_rvu: Decimal
    is_priced_in_facility: bool
    is_priced_outside_facility: bool


@dataclass(frozen=True)
class Indices:
    """What a locality makes of each part; one everywhere for the national amount."""

    work: Decimal = Decimal(1)
    practice: Decimal = Decimal(1)
    malpractice: Decimal = Decimal(1)


NATIONAL = Indices()


def money(amount: Decimal) -> Decimal:
    """Dollars to the cent, half a cent up."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def component_of(modifiers: Iterable[str]) -> str:
    """The component a line is for: 26, TC, or empty for both."""
    return next((modifier for modifier in modifiers if modifier in COMPONENTS), "")


def not_priced(row: RelativeValues, *, is_facility: bool) -> str:
    """Why CMS publishes no price of the row in that setting (its NA indicator); empty if it does.

    Only a row that is paid has a price to lack: a bundled or invalid code is worth nothing.
    """
    if row.status not in PAID:
        return ""
    if is_facility and not row.is_priced_in_facility:
        return NOT_IN_FACILITY
    if is_facility:
        return NO_FACILITY_VALUE if row.facility_practice_rvu is None else ""
    return "" if row.is_priced_outside_facility else NOT_OUTSIDE_FACILITY


def units_of_value(
    row: RelativeValues, *, is_facility: bool = False, indices: Indices = NATIONAL
) -> Decimal:
    """Relative value units of a row, in a facility or not, as the locality weighs them."""
    practice = row.practice_rvu
    if is_facility and row.facility_practice_rvu is not None:
        practice = row.facility_practice_rvu
    return (
        row.work_rvu * indices.work
        + practice * indices.practice
        + row.malpractice_rvu * indices.malpractice
    )


def published_amount(
    row: RelativeValues,
    dollars_per_unit: Decimal,
    *,
    is_facility: bool = False,
    indices: Indices = NATIONAL,
) -> Decimal | None:
    """Medicare's dollars for one unit of service, not yet rounded; 0 where it does not pay.

    (work × index + practice × index + malpractice × index) × conversion factor. None where CMS
    publishes no price for the setting.
    """
    if row.status not in PAID:
        return Decimal(0)
    if not_priced(row, is_facility=is_facility):
        return None
    return units_of_value(row, is_facility=is_facility, indices=indices) * dollars_per_unit


def line_amount(one_unit: Decimal, units: int) -> Decimal:
    """Dollars of a line: a unit to the cent, times the units, so lines add up to the cent."""
    return money(one_unit) * units
