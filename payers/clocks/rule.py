"""What one clock says: how long a payer has, from what it runs, and who says so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from payers.clocks.calendars import Span, Unit

EXPEDITED = "expedited"


class Start(StrEnum):
    """From which moment the payer's time runs."""

    RECEIPT = "receipt"
    ALL_INFORMATION = "receipt of all necessary information"


@dataclass(frozen=True, slots=True)
class DecisionRule:
    """One clock: how long for a standard and for an expedited request, and how it may be
    extended.

    Where the law says that silence is consent, ``is_deemed_approved`` is true. The confidence of
    the expedited span is that of the rule unless it is given by itself.
    """

    key: str
    standard: Span
    expedited: Span
    source: str
    confidence: str
    extension: Span | None = None
    start: Start = Start.RECEIPT
    is_deemed_approved: bool = False
    expedited_confidence: str = ""

    def span(self, urgency: str) -> Span:
        """How long the payer has, by urgency."""
        return self.expedited if urgency == EXPEDITED else self.standard

    def grade(self, urgency: str) -> str:
        """How sure the span is, A to D; D means that we assume it."""
        is_apart = urgency == EXPEDITED and self.expedited_confidence
        return self.expedited_confidence if is_apart else self.confidence

    def title(self, urgency: str) -> str:
        """The clock in words: 7 calendar days from receipt."""
        return f"{self.span(urgency)} from {self.start}"


def days_of_rule(amount: int) -> Span:
    return Span(amount, Unit.CALENDAR_DAYS)


def hours(amount: int) -> Span:
    return Span(amount, Unit.HOURS)
