"""The claim arrives in time: each session has its own deadline, from its date of service."""

from __future__ import annotations

from coding.rules.book import Answer, Severity, rule
from coding.rules.common import as_day
from coding.rules.facts import ChargeFacts

ESCALATE_DAYS = 15


def days_left(facts: ChargeFacts) -> int | None:
    """Days from the day of judgement to the deadline; None where one of them is unknown."""
    filing = facts.filing
    if filing.deadline is None or filing.judged_on is None:
        return None
    return (filing.deadline - filing.judged_on).days


@rule(
    "R54",
    "filed-too-late",
    "The filing limit has passed",
    severity=Severity.STOP,
    confidence="B",
    source="filing",
    likely_denial=("CO-29",),
)
def filed_too_late(facts: ChargeFacts) -> Answer:
    left = days_left(facts)
    if left is None or left >= 0:
        return None
    deadline = as_day(facts.filing.deadline)
    no_appeal = " A late claim to Medicare has no appeal." if facts.payer.is_medicare_ffs else ""
    return f"The payer took claims for this day until {deadline}: {-left} days ago.{no_appeal}"


@rule(
    "R55",
    "file-soon",
    "The filing limit is near",
    severity=Severity.WARN,
    confidence="D",
    source="field",
    likely_denial=("CO-29",),
)
def file_soon(facts: ChargeFacts) -> Answer:
    left = days_left(facts)
    if left is None or not 0 <= left <= ESCALATE_DAYS:
        return None
    return f"The claim must arrive by {as_day(facts.filing.deadline)}: {left} days left."
