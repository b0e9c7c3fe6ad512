"""By when somebody must act, as plain functions of the facts: decisions, windows, filing.

Nothing here reads a clock or a database. A deadline always says which rule it follows and who says
so.
"""

from payers.clocks.calendars import Deadline, Span, months_later
from payers.clocks.decisions import (
    decision_deadline,
    decision_rule,
    extended,
    rule_in_words,
    rule_of,
)
from payers.clocks.filing import FilingLimit, filing_deadline
from payers.clocks.windows import (
    appeal_deadline,
    continuity_on_joining,
    information_deadline,
    peer_to_peer_deadline,
    retrospective_deadline,
    transition_ends_on,
    validity_floor,
)

__all__ = [
    "Deadline",
    "FilingLimit",
    "Span",
    "appeal_deadline",
    "continuity_on_joining",
    "decision_deadline",
    "decision_rule",
    "extended",
    "filing_deadline",
    "information_deadline",
    "months_later",
    "peer_to_peer_deadline",
    "retrospective_deadline",
    "rule_in_words",
    "rule_of",
    "transition_ends_on",
    "validity_floor",
]
