"""What a line is worth: the contract's rate, else Medicare's published amount. The only place that
turns codes into dollars.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from accounts.models import Facility
from coding.amounts import (
    NATIONAL,
    Indices,
    component_of,
    line_amount,
    not_priced,
    published_amount,
)
from coding.models import (
    ConversionFactor,
    FacilityLocality,
    FeeScheduleRow,
    GeographicIndex,
    PlaceOfService,
)
from payers.amounts.reductions import BY_METHOD_II, Payment, PaymentReduction, payment
from payers.lines_of_business import LineOfBusiness
from payers.models import ContractRate, Plan
from payers.spans import in_force

NOTHING_LOADED = "no amount loaded for this date"


@dataclass(frozen=True)
class Line:
    """What is priced: code and modifiers, units, for whom, when and where."""

    plan: Plan | None
    code: str
    modifiers: tuple[str, ...]
    units: int
    on: date
    place_of_service: str = ""
    facility: Facility | None = None


@dataclass(frozen=True)
class Worth:
    """Dollars of a line, where the figure comes from, and what the law takes off it."""

    amount: Decimal | None
    source: str
    payment: Payment | None = None


class FeeBook:
    """Rates, fees, factors and indices, read when first asked for and kept for the sitting."""

    def __init__(self) -> None:
        self._fees: dict[str, list[FeeScheduleRow]] = {}
        self._rates: dict[tuple[int, str], list[ContractRate]] = {}

    @cached_property
    def factors(self) -> list[ConversionFactor]:
        return list(ConversionFactor.objects.filter(track="standard"))

    @cached_property
    def reductions(self) -> list[PaymentReduction]:
        return list(PaymentReduction.objects.all())

    @cached_property
    def facility_places(self) -> set[str]:
        """The places of service where the hospital bears the practice expense."""
        rows = PlaceOfService.objects.filter(is_facility=True)
        return set(rows.values_list("code", flat=True))

    @cached_property
    def localities(self) -> dict[int, list[FacilityLocality]]:
        found: dict[int, list[FacilityLocality]] = defaultdict(list)
        for row in FacilityLocality.objects.all():
            found[row.facility_id].append(row)
        return found

    @cached_property
    def indices(self) -> dict[str, list[GeographicIndex]]:
        """The indices of the localities our facilities lie in."""
        found: dict[str, list[GeographicIndex]] = defaultdict(list)
        ours = {row.locality for rows in self.localities.values() for row in rows}
        for row in GeographicIndex.objects.filter(locality__in=ours):
            found[row.locality].append(row)
        return found

    def fees(self, code: str) -> list[FeeScheduleRow]:
        if code not in self._fees:
            self._fees[code] = list(FeeScheduleRow.objects.filter(code=code))
        return self._fees[code]

    def rates(self, plan: Plan, code: str) -> list[ContractRate]:
        key = (plan.pk, code)
        if key not in self._rates:
            self._rates[key] = list(ContractRate.objects.filter(plan=plan, code=code))
        return self._rates[key]

    def read_rates(self, plans: Iterable[Plan], code: str) -> None:
        """Read what these plans pay for a code in one question."""
        wanted = {plan.pk for plan in plans}
        found: dict[int, list[ContractRate]] = {plan: [] for plan in wanted}
        for row in ContractRate.objects.filter(plan__in=wanted, code=code):
            found[row.plan_id].append(row)
        self._rates |= {(plan, code): rows for plan, rows in found.items()}

    def worth(self, line: Line) -> Worth:
        """Expected dollars of a line: contract, else Medicare's amount of the locality or nation.

        Sequestration stands beside it and is never taken off.
        """
        one_unit, source = self.one_unit(line)
        return self.of_the_line(line, one_unit, source)

    def of_the_line(self, line: Line, one_unit: Decimal | None, source: str) -> Worth:
        """The amount of all units; by method II Medicare raises its own part of it."""
        if one_unit is None:
            return Worth(None, source)
        paid = self.reduced(line, one_unit)
        if paid is not None and is_by_method_ii(line):
            return Worth(paid.expected, f"{source}, 115 % of Medicare’s part by method II", paid)
        return Worth(line_amount(one_unit, line.units), source, paid)

    def one_unit(self, line: Line) -> tuple[Decimal | None, str]:
        """Dollars of one unit before rounding, and whose figure it is."""
        component = component_of(line.modifiers)
        rate = self.rate(line, component)
        if rate is not None:
            return rate.amount, "contract rate"
        return self.published(line)

    def published_worth(self, line: Line) -> Worth:
        """The same without the contract: Medicare's amount of the locality or nation."""
        one_unit, source = self.published(line)
        return self.of_the_line(line, one_unit, source)

    def published(self, line: Line) -> tuple[Decimal | None, str]:
        """Medicare's dollars of one unit before rounding, and where they hold."""
        component = component_of(line.modifiers)
        fee = first([f for f in self.fees(line.code) if f.modifier == component], line.on)
        factor = first(self.factors, line.on)
        if fee is None or factor is None:
            return None, NOTHING_LOADED
        indices, source = self.where(line)
        is_facility = line.place_of_service in self.facility_places
        dollars = published_amount(
            fee, factor.dollars_per_rvu, is_facility=is_facility, indices=indices
        )
        return dollars, not_priced(fee, is_facility=is_facility) or source

    def rate(self, line: Line, component: str) -> ContractRate | None:
        if line.plan is None:
            return None
        rows = self.rates(line.plan, line.code)
        return first([row for row in rows if row.modifier == component], line.on)

    def where(self, line: Line) -> tuple[Indices, str]:
        """The indices of the facility's locality that day; the nation's where none are loaded."""
        lies = line.facility and first(self.localities.get(line.facility.pk, ()), line.on)
        row = lies and first(self.indices.get(lies.locality, ()), line.on)
        if not row:
            return NATIONAL, "national amount"
        indices = Indices(row.work, row.practice, row.malpractice)
        return indices, f"Medicare amount of locality {row.locality}"

    def reduced(self, line: Line, one_unit: Decimal) -> Payment | None:
        """Who bears the amount, where the law takes something off this plan's own payment."""
        if line.plan is None:
            return None
        mine = [r for r in self.reductions if r.line_of_business == line.plan.line_of_business]
        row = first(mine, line.on)
        times = BY_METHOD_II if is_by_method_ii(line) else Decimal(1)
        return payment(one_unit, line.units, row, times=times) if row else None


def is_by_method_ii(line: Line) -> bool:
    """Whether a critical access hospital bills the physician's part for Medicare itself."""
    plan, facility = line.plan, line.facility
    if plan is None or facility is None or component_of(line.modifiers) == "TC":
        return False
    is_medicares = plan.line_of_business == LineOfBusiness.MEDICARE_FFS
    return is_medicares and facility.bills_by_method_ii(line.on)


def first(rows: Iterable[Any], on: date) -> Any | None:
    """The row that is true on that day."""
    return next((row for row in rows if in_force(row, on)), None)
