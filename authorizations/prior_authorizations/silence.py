"""Where the law takes a payer's silence beyond its deadline for consent."""

from __future__ import annotations

from accounts.past import clock
from authorizations.models import PriorAuthorization
from payers.clocks import rule_of
from payers.clocks.rule import DecisionRule


def consent_by_silence(authorization: PriorAuthorization) -> DecisionRule | None:
    """The clock by which this request is deemed approved now; None where the law says nothing of
    the kind, while the clock runs, or once the payer has answered.
    """
    rule = rule_of(authorization.clock_rule)
    due, has_answer = authorization.due_at, bool(authorization.first_answer)
    if rule is None or not rule.is_deemed_approved or due is None or has_answer:
        return None
    return rule if due < clock.now() else None


def words_of_silence(authorization: PriorAuthorization) -> str:
    """What happened, to be kept with the deemed approval: the deadline that passed and the law."""
    rule = consent_by_silence(authorization)
    if rule is None or authorization.due_at is None:
        return ""
    due = authorization.due_at.astimezone(authorization.facility.tz)
    return f"No answer by {due:%-d %b %Y %H:%M}; {rule.source}"[:200]
