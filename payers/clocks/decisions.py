"""By when a payer must decide: a matter of line of business, state, funding and urgency, not of
payer.
"""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from payers.clocks.calendars import Deadline, after
from payers.clocks.rule import DecisionRule, days_of_rule, hours
from payers.clocks.state_rules import STATE_RULES, state_rule

MEDICARE_FFS = "medicare_ffs"
ADVANTAGE = "medicare_advantage"
SELF_FUNDED = "commercial_self_funded"
EXCHANGE = "exchange"
MEDICAID = frozenset({"medicaid_managed", "medicaid_ffs"})
FEP = "fep"
SELF_PAY = "self_pay"
PROGRAMS = frozenset({"tricare", "va", "workers_compensation"})

CMS = "CMS-0057-F, 89 FR 8758 (2024-02-08)"
ERISA = "29 CFR 2560.503-1"
YEAR_OF_THE_RULE = date(2026, 1, 1)

ADVANTAGE_NOW = DecisionRule(
    "cms-0057-advantage", days_of_rule(7), hours(72), CMS, "A", days_of_rule(14)
)
ADVANTAGE_BEFORE = DecisionRule(
    "advantage-until-2025",
    days_of_rule(14),
    hours(72),
    "42 CFR 422.568, 422.572",
    "B",
    days_of_rule(14),
)
MEDICAID_NOW = DecisionRule(
    "cms-0057-medicaid", days_of_rule(7), hours(72), CMS, "A", days_of_rule(14)
)
MEDICAID_BEFORE = DecisionRule(
    "medicaid-until-2025", days_of_rule(14), hours(72), "42 CFR 438.210", "B", days_of_rule(14)
)
EMPLOYER = DecisionRule(
    "erisa-pre-service", days_of_rule(15), hours(72), ERISA, "A", days_of_rule(15)
)
EXCHANGE_CLOCK = DecisionRule(
    "exchange-as-erisa",
    days_of_rule(15),
    hours(72),
    f"{ERISA} as a default: {CMS} leaves exchanges out, and nobody here has looked up the law of "
    "the plan's state",
    "D",
    days_of_rule(15),
)
FEDERAL_EMPLOYEES = DecisionRule(
    "fep-assumed", days_of_rule(15), hours(72), "Assumed as for employer plans; ask the plan", "D"
)
PROGRAM_BY_DEFAULT = DecisionRule(
    "program-assumed",
    days_of_rule(15),
    hours(72),
    "Assumed as for employer plans: nobody here has looked up this program's own rule; ask it",
    "D",
)
INSURED_BY_DEFAULT = DecisionRule(
    "insured-by-default",
    days_of_rule(15),
    hours(72),
    f"{ERISA} as a default: nobody here has looked up the law of the plan's state",
    "D",
    days_of_rule(15),
)


def decision_rule(
    *, line_of_business: str, state: str, received_on: date, is_electronic: bool = True
) -> DecisionRule | None:
    """The clock that runs for a request received that day; None where nothing need be asked.

    A state's rule governs plans it regulates, never self-funded ones; some govern their Medicaid
    plans too.
    """
    if line_of_business in (MEDICARE_FFS, SELF_PAY):
        return None
    local = state_rule(line_of_business, state, received_on, is_electronic=is_electronic)
    if local:
        return local
    is_new = received_on >= YEAR_OF_THE_RULE
    if line_of_business == ADVANTAGE:
        return ADVANTAGE_NOW if is_new else ADVANTAGE_BEFORE
    if line_of_business in MEDICAID:
        return MEDICAID_NOW if is_new else MEDICAID_BEFORE
    if line_of_business in PROGRAMS:
        return PROGRAM_BY_DEFAULT
    others = {EXCHANGE: EXCHANGE_CLOCK, FEP: FEDERAL_EMPLOYEES, SELF_FUNDED: EMPLOYER}
    return others.get(line_of_business, INSURED_BY_DEFAULT)


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
    return Deadline(
        due_at=after(received_at, rule.span(urgency), time_zone),
        rule=rule.key,
        title=rule.title(urgency),
        source=rule.source,
        confidence=rule.grade(urgency),
    )


ALL_RULES = (
    ADVANTAGE_NOW,
    ADVANTAGE_BEFORE,
    MEDICAID_NOW,
    MEDICAID_BEFORE,
    EMPLOYER,
    EXCHANGE_CLOCK,
    FEDERAL_EMPLOYEES,
    PROGRAM_BY_DEFAULT,
    INSURED_BY_DEFAULT,
    *(row.rule for row in STATE_RULES),
)


def rule_of(key: str) -> DecisionRule | None:
    """The clock of this key, as a request keeps it; None where there is none."""
    return next((rule for rule in ALL_RULES if rule.key == key), None)


def rule_in_words(key: str, urgency: str = "standard") -> str:
    """The clock of a request as people read it: how long, and who says so."""
    rule = rule_of(key)
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
