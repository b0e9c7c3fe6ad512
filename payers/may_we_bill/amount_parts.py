"""What the line is worth, part by part: relative values, locality, contract, who bears it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from coding.amounts import component_of, money, not_priced, published_amount, units_of_value
from coding.models import FeeScheduleRow
from payers.amounts.reductions import Payment, payment
from payers.amounts.worth import FeeBook, Line, Worth, first
from payers.may_we_bill.reasons import Asked, since_through
from payers.models import LineOfBusiness


@dataclass(frozen=True)
class AmountLine:
    """One line of the sum: in words, in dollars, and whether it is a part of the one above."""

    words: str
    dollars: Decimal | None
    is_part: bool = True


@dataclass(frozen=True)
class Amount:
    """What is expected for the line, whose figure it is, its parts, and what is not known."""

    expected: Decimal | None
    source: str
    lines: tuple[AmountLine, ...]
    missing: str = ""


def amount_of(asked: Asked) -> Amount:
    """The amount of a scenario; where the books of the day lack something, that is said."""
    fees = asked.published.fees
    line = line_to_price(asked)
    worth = fees.worth(line)
    row = first([r for r in fees.fees(line.code) if r.modifier == component_of(line.modifiers)],
                line.on)  # fmt: skip
    factor = first(fees.factors, line.on)
    if row is None or factor is None:
        return Amount(worth.amount, worth.source, own_lines(line, worth, fees), NOT_LOADED)
    is_facility = line.place_of_service in fees.facility_places
    missing = not_priced(row, is_facility=is_facility)
    dollars = published_amount(row, factor.dollars_per_rvu, is_facility=is_facility)
    if missing or not dollars:
        why = missing or f"status {row.status}: Medicare pays nothing for it apart"
        return Amount(worth.amount, worth.source, own_lines(line, worth, fees), why)
    national = AmountLine(
        f"{parts(row, is_facility=is_facility)} × {factor.dollars_per_rvu}", money(dollars), False
    )
    shares = bearers(line, worth, dollars, fees)
    return Amount(worth.amount, worth.source, (national, *own_lines(line, worth, fees), *shares))


NOT_LOADED = "No relative values or no conversion factor of this day is loaded."


def line_to_price(asked: Asked) -> Line:
    facts, values = asked.answer.facts, asked.answer.values
    return Line(
        plan=values["plan"],
        code=facts.line.code,
        modifiers=facts.line.modifiers,
        units=facts.line.units,
        on=facts.date_of_service,
        place_of_service=facts.line.place_of_service,
        facility=values["facility"],
    )


def parts(row: FeeScheduleRow, *, is_facility: bool) -> str:
    """The three parts of the relative value and their sum."""
    practice = row.practice_rvu
    if is_facility and row.facility_practice_rvu is not None:
        practice = row.facility_practice_rvu
    total = units_of_value(row, is_facility=is_facility)
    return (
        f"{row.work_rvu} work + {practice} practice + {row.malpractice_rvu} malpractice = "
        f"{total} RVU"
    )


def own_lines(line: Line, worth: Worth, fees: FeeBook) -> tuple[AmountLine, ...]:
    """The contract's rate or the locality's amount, for all units, where one is known."""
    if worth.amount is None or worth.source == "national amount":
        return ()
    times = f" × {line.units}" if line.units > 1 else ""
    rate = fees.rate(line, component_of(line.modifiers))
    if rate is not None:
        return (AmountLine(f"contract rate of {line.plan}, {since_through(rate)}{times}",
                           worth.amount),)  # fmt: skip
    indices, where = fees.where(line)
    words = f"{where}: indices {indices.work} · {indices.practice} · {indices.malpractice}"
    return (AmountLine(words + times, worth.amount),)


def bearers(line: Line, worth: Worth, dollars: Decimal, fees: FeeBook) -> tuple[AmountLine, ...]:
    """Who bears the amount: of this plan, else as it would be with Medicare, and so said."""
    if worth.payment:
        return shares_of(worth.payment, "")
    medicare = [r for r in fees.reductions if r.line_of_business == LineOfBusiness.MEDICARE_FFS]
    row: Any = first(medicare, line.on)
    return shares_of(payment(dollars, line.units, row), "were it Medicare: ") if row else ()


def shares_of(shares: Payment, before: str) -> tuple[AmountLine, ...]:
    reduction = f"{shares.program} − sequestration {shares.reduction}"
    return (
        AmountLine(f"{before}program {reduction}", shares.paid),
        AmountLine(f"{before}patient’s share", shares.coinsurance),
    )
