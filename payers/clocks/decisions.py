"""By when a payer must decide: a matter of line of business, state, funding and urgency, not of
payer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from payers.clocks.calendars import Deadline, Span, Unit, after

EXPEDITED = "expedited"
MEDICARE_FFS = "medicare_ffs"
ADVANTAGE = "medicare_advantage"
FULLY_INSURED = "commercial_fully_insured"
SELF_FUNDED = "commercial_self_funded"
EXCHANGE = "exchange"
MEDICAID = frozenset({"medicaid_managed", "medicaid_ffs"})
FEP = "fep"
STATE_REGULATED = frozenset({FULLY_INSURED, EXCHANGE})

CMS = "CMS-0057-F, 89 FR 8758 (2024-02-08)"
ERISA = "29 CFR 2560.503-1"
WASHINGTON = "RCW 48.43.830 and 74.09.840"
YEAR_OF_THE_RULE = date(2026, 1, 1)


@dataclass(frozen=True, slots=True)
class DecisionRule:
    """One clock: how long for a standard and for an expedited request, and how it may be
    extended.
    """

    key: str
    standard: Span
    expedited: Span
    source: str
    confidence: str
    extension: Span | None = None

    def span(self, urgency: str) -> Span:
        return self.expedited if urgency == EXPEDITED else self.standard


def days(amount: int) -> Span:
    return Span(amount, Unit.CALENDAR_DAYS)


def hours(amount: int) -> Span:
    return Span(amount, Unit.HOURS)


def without_holidays(amount: int) -> Span:
    return Span(amount, Unit.DAYS_WITHOUT_HOLIDAYS)


ADVANTAGE_NOW = DecisionRule("cms-0057-advantage", days(7), hours(72), CMS, "A", days(14))
ADVANTAGE_BEFORE = DecisionRule(
    "advantage-until-2025", days(14), hours(72), "42 CFR 422.568, 422.572", "B", days(14)
)
MEDICAID_NOW = DecisionRule("cms-0057-medicaid", days(7), hours(72), CMS, "A", days(14))
MEDICAID_BEFORE = DecisionRule(
    "medicaid-until-2025", days(14), hours(72), "42 CFR 438.210", "B", days(14)
)
EMPLOYER = DecisionRule("erisa-pre-service", days(15), hours(72), ERISA, "A", days(15))
EXCHANGE_CLOCK = DecisionRule(
    "exchange-as-erisa", days(15), hours(72), f"{ERISA}; {CMS} leaves exchanges out", "B", days(15)
)
FEDERAL_EMPLOYEES = DecisionRule(
    "fep-assumed", days(15), hours(72), "Assumed as for employer plans; ask the plan", "D"
)
WASHINGTON_ELECTRONIC = DecisionRule(
    "washington-electronic", without_holidays(3), days(1), WASHINGTON, "A"
)
WASHINGTON_PAPER = DecisionRule("washington-paper", without_holidays(5), days(2), WASHINGTON, "A")
STATE_RULES = {
    "ND": DecisionRule("north-dakota", days(7), hours(72), "North Dakota law of 2026", "B"),
    "NE": DecisionRule("nebraska", days(7), hours(72), "Nebraska law of 2026", "B"),
    "AK": DecisionRule("alaska", hours(72), hours(24), "Alaska law of 2026", "B"),
}


def decision_rule(
    *, line_of_business: str, state: str, received_on: date, is_electronic: bool = True
) -> DecisionRule | None:
    """The clock that runs for a request received that day; None where nothing need be asked.

    A state's rule governs plans it regulates, never self-funded ones. Washington's governs its
    Medicaid plans too.
    """
    if line_of_business == MEDICARE_FFS:
        return None
    local = state_rule(line_of_business, state, received_on, is_electronic)
    if local:
        return local
    is_new = received_on >= YEAR_OF_THE_RULE
    if line_of_business == ADVANTAGE:
        return ADVANTAGE_NOW if is_new else ADVANTAGE_BEFORE
    if line_of_business in MEDICAID:
        return MEDICAID_NOW if is_new else MEDICAID_BEFORE
    return {EXCHANGE: EXCHANGE_CLOCK, FEP: FEDERAL_EMPLOYEES}.get(line_of_business, EMPLOYER)


def state_rule(
    line_of_business: str, state: str, received_on: date, is_electronic: bool
) -> DecisionRule | None:
    """The stricter clock of a state, where it governs this kind of plan."""
    if state == "WA" and line_of_business in STATE_REGULATED | {"medicaid_managed"}:
        return WASHINGTON_ELECTRONIC if is_electronic else WASHINGTON_PAPER
    if line_of_business in STATE_REGULATED and received_on >= YEAR_OF_THE_RULE:
        return STATE_RULES.get(state)
    return None


def decision_deadline(
    *,
    line_of_business: str,
    state: str,
    urgency: str,
    received_at: datetime,
    is_electronic: bool = True,
    time_zone: str,
) -> Deadline | None:
    """By when this kind of plan must answer; None where no permission is asked.

    ``received_at`` is when the payer had it, not when it was sent.
    """
    rule = decision_rule(
        line_of_business=line_of_business,
        state=state,
        received_on=received_at.astimezone(ZoneInfo(time_zone)).date(),
        is_electronic=is_electronic,
    )
    if rule is None:
        return None
    span = rule.span(urgency)
    return Deadline(
        due_at=after(received_at, span, time_zone),
        rule=rule.key,
        title=f"{span} from receipt",
        source=rule.source,
        confidence=rule.confidence,
    )


ALL_RULES = (
    ADVANTAGE_NOW,
    ADVANTAGE_BEFORE,
    MEDICAID_NOW,
    MEDICAID_BEFORE,
    EMPLOYER,
    EXCHANGE_CLOCK,
    FEDERAL_EMPLOYEES,
    WASHINGTON_ELECTRONIC,
    WASHINGTON_PAPER,
    *STATE_RULES.values(),
)


def rule_in_words(key: str, urgency: str = "standard") -> str:
    """The clock of a request as people read it: how long, and who says so."""
    rule = next((rule for rule in ALL_RULES if rule.key == key), None)
    return f"{rule.span(urgency)}, {rule.source}" if rule else ""


def extended(deadline: Deadline, rule: DecisionRule, time_zone: str) -> Deadline | None:
    """The deadline after a documented extension; None where the rule knows none."""
    if rule.extension is None:
        return None
    return Deadline(
        due_at=after(deadline.due_at, rule.extension, time_zone),
        rule=rule.key,
        title=f"{deadline.title}, extended by {rule.extension}",
        source=rule.source,
        confidence=rule.confidence,
    )
