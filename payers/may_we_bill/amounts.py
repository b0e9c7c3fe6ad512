"""What the line is worth: relative values, indices, contract, and what the law takes off."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from coding.amounts import component_of, money, not_priced
from coding.rules import ChargeFacts
from payers.amounts.worth import NOTHING_LOADED, Line, first
from payers.may_we_bill.reasons import Basis, Reason, cited_by
from payers.may_we_bill.scenario import Books, Scenario


@dataclass(frozen=True)
class Row:
    """One line of the calculation; ``is_part`` is of what stands above it."""

    words: str
    amount: Decimal | None = None
    is_part: bool = False


@dataclass(frozen=True)
class Amount:
    """Dollars of the line, whose figure it is, how it comes about, and its sources."""

    total: Decimal | None
    source: str
    rows: tuple[Row, ...]
    bases: tuple[Basis, ...]

    @property
    def reason(self) -> Reason:
        """The amount as one of the questions."""
        said = self.source if self.total is None else f"${self.total:,}, {self.source}"
        first_basis = self.bases or (Basis(said),)
        lead = Basis(
            said,
            first_basis[0].in_force,
            first_basis[0].source,
            first_basis[0].url,
            first_basis[0].verified_on,
            first_basis[0].confidence,
        )
        return Reason("Amount", "" if self.total is None else "yes", [lead, *self.bases[1:]])


def amount_of(
    scenario: Scenario, facts: ChargeFacts, books: Books, *, with_contract: bool
) -> Amount:
    """The expected dollars of the line; contract rates only for those who work charges."""
    fees, plan = books.policies.fees, scenario.plan
    on, line = facts.date_of_service, facts.line
    part = component_of(line.modifiers)
    priced = Line(
        plan, line.code, line.modifiers, line.units, on, line.place_of_service, scenario.facility
    )
    rate = fees.rate(priced, part) if with_contract else None
    worth = fees.worth(priced) if with_contract else fees.published_worth(priced)
    if rate is not None:
        rows: tuple[Row, ...] = (Row(f"Contract of {plan}, per unit", rate.amount),)
        bases: tuple[Basis, ...] = (cited_by("contract rate", rate),)
    else:
        rows, bases = published_rows(priced, books)
    total = worth.amount
    if total is not None and line.units > 1:
        rows = (*rows, Row(f"× {line.units} units", total))
    return Amount(total, worth.source or NOTHING_LOADED, (*rows, *law_rows(worth.payment)), bases)


def published_rows(line: Line, books: Books) -> tuple[tuple[Row, ...], tuple[Basis, ...]]:
    """Medicare's figure: the three relative values, their indices and the conversion factor."""
    fees = books.policies.fees
    part = component_of(line.modifiers)
    fee = first([row for row in fees.fees(line.code) if row.modifier == part], line.on)
    factor = first(fees.factors, line.on)
    if fee is None or factor is None:
        return (Row(NOTHING_LOADED),), ()
    is_facility = line.place_of_service in fees.facility_places
    missing = not_priced(fee, is_facility=is_facility)
    dollars, source = fees.published(line)
    bases = (
        cited_by(f"relative values, {fee.release}", fee),
        cited_by(f"conversion factor {factor.dollars_per_rvu}", factor),
    )
    if missing or dollars is None:
        return (Row(missing or source),), bases
    if not dollars:
        return (Row(f"status {fee.status}: Medicare pays nothing for it", Decimal(0)),), bases
    formula = Row(f"{parts_phrase(fee, line, books)} × {factor.dollars_per_rvu}", money(dollars))
    return (formula,), bases


def parts_phrase(fee: Any, line: Line, books: Books) -> str:
    """Work, practice and malpractice, each with the index of the locality where it is not one."""
    fees = books.policies.fees
    indices, _ = fees.where(line)
    practice = fee.practice_rvu
    if line.place_of_service in fees.facility_places and fee.facility_practice_rvu is not None:
        practice = fee.facility_practice_rvu
    parts = (
        ("work", fee.work_rvu, indices.work),
        ("practice", practice, indices.practice),
        ("malpractice", fee.malpractice_rvu, indices.malpractice),
    )
    said = [
        f"{value} {name}" + (f" × {index} GPCI" if index != 1 else "")
        for name, value, index in parts
    ]
    return f"({' + '.join(said)}) RVU"


def law_rows(payment: Any) -> tuple[Row, ...]:
    """Who bears the amount, where the law takes something off the program's part."""
    if payment is None:
        return ()
    return (
        Row("Program’s part", payment.program, True),
        Row(f"Sequestration, {payment.percent.normalize():f} % of it", -payment.reduction, True),
        Row("Program pays", payment.paid, True),
        Row("Patient’s share", payment.coinsurance, True),
    )
