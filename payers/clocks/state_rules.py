"""Clocks that states set for the plans they regulate: dated rows, each with its source and grade.

A state that has no row was not looked up: the default that stands in for its law says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from payers.clocks.calendars import Span, Unit
from payers.clocks.rule import DecisionRule, Start, days_of_rule, hours

INSURED = frozenset({"commercial_fully_insured", "exchange"})
INSURED_AND_MEDICAID = INSURED | {"medicaid_managed"}


@dataclass(frozen=True, slots=True)
class StateRule:
    """A clock of one state: for which plans and ways of asking, from the first day through the
    last; an open end has none.
    """

    state: str
    lines_of_business: frozenset[str]
    effective_from: date
    rule: DecisionRule
    effective_through: date | None = None
    is_electronic: bool | None = None

    def governs(self, line_of_business: str, state: str, on: date, *, is_electronic: bool) -> bool:
        """Whether a request received that day runs on this clock."""
        is_in_force = self.effective_from <= on <= (self.effective_through or on)
        is_asked_so = self.is_electronic in (None, is_electronic)
        is_of_state = self.state == state and line_of_business in self.lines_of_business
        return is_in_force and is_asked_so and is_of_state


def without_holidays(amount: int) -> Span:
    return Span(amount, Unit.DAYS_WITHOUT_HOLIDAYS)


def business_days(amount: int) -> Span:
    return Span(amount, Unit.BUSINESS_DAYS)


WASHINGTON = "RCW 48.43.830 and 74.09.840"
NEBRASKA = "Neb. Rev. Stat. 44-5438 (LB 77)"
NORTH_DAKOTA = "N.D. SB 2280, ch. 26.1-36.12, as summarised in April 2025"
ALASKA = "AS 21.07.110, plans issued or renewed on or after 2027-01-01"
LISTED = "A national list of June 2024, not held against the statute"
STATE_RULES: tuple[StateRule, ...] = (
    StateRule(
        "WA", INSURED_AND_MEDICAID, date(2024, 1, 1),
        DecisionRule(
            "washington-electronic", without_holidays(3), days_of_rule(1), WASHINGTON, "B"
        ),
        is_electronic=True,
    ),
    StateRule(
        "WA", INSURED_AND_MEDICAID, date(2024, 1, 1),
        DecisionRule("washington-paper", without_holidays(5), days_of_rule(2), WASHINGTON, "B"),
        is_electronic=False,
    ),
    StateRule(
        "IL", INSURED_AND_MEDICAID, date(2022, 1, 1),
        DecisionRule(
            "illinois", days_of_rule(5), hours(48), "215 ILCS 200/25 (P.A. 102-0409); the urgent "
            "hours are from a list, not from the statute", "A", start=Start.ALL_INFORMATION,
            expedited_confidence="C",
        ),
    ),
    StateRule(
        "NE", INSURED, date(2026, 1, 1),
        DecisionRule(
            "nebraska", days_of_rule(7), hours(72), NEBRASKA, "A", start=Start.ALL_INFORMATION,
            is_deemed_approved=True,
        ),
        effective_through=date(2027, 12, 31),
    ),
    StateRule(
        "NE", INSURED, date(2028, 1, 1),
        DecisionRule(
            "nebraska-2028", days_of_rule(7), hours(48), NEBRASKA, "A", start=Start.ALL_INFORMATION,
            is_deemed_approved=True,
        ),
    ),
    StateRule(
        "ND", INSURED, date(2026, 1, 1),
        DecisionRule(
            "north-dakota", days_of_rule(7), hours(72), NORTH_DAKOTA, "B", is_deemed_approved=True
        ),
    ),
    StateRule(
        "AK", INSURED, date(2027, 1, 1),
        DecisionRule("alaska", hours(72), hours(24), ALASKA, "A"),
        is_electronic=True,
    ),
    StateRule(
        "AK", INSURED, date(2027, 1, 1),
        DecisionRule("alaska-fax", business_days(3), hours(24), f"{ALASKA}; by fax, 72 hours "
                     "without weekends", "B"),
        is_electronic=False,
    ),
    StateRule(
        "LA", INSURED, date(2024, 6, 1),
        DecisionRule("louisiana", business_days(5), business_days(2), LISTED, "C"),
    ),
    StateRule(
        "TN", INSURED, date(2024, 6, 1),
        DecisionRule("tennessee", days_of_rule(7), hours(72), LISTED, "C"),
    ),
    StateRule(
        "OK", INSURED, date(2025, 1, 1),
        DecisionRule("oklahoma", days_of_rule(7), hours(72), LISTED, "C"),
    ),
    StateRule(
        "WV", INSURED, date(2024, 6, 1),
        DecisionRule("west-virginia", business_days(5), business_days(2), LISTED, "C"),
    ),
)  # fmt: skip


def state_rule(
    line_of_business: str, state: str, received_on: date, *, is_electronic: bool
) -> DecisionRule | None:
    """The clock that a state sets for this kind of plan on that day; None where no row says so."""
    return next(
        (
            row.rule
            for row in STATE_RULES
            if row.governs(line_of_business, state, received_on, is_electronic=is_electronic)
        ),
        None,
    )
