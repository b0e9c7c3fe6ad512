"""What a payer's letter says of each line, and what of it is granted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from authorizations.exceptions import Refused
from authorizations.models import (
    LINE_IN_FORCE,
    AuthorizedService,
    Evidence,
    LineDecision,
)


@dataclass(frozen=True)
class LineAnswer:
    """The payer's answer for one line, as the letter says it."""

    line: AuthorizedService
    decision: str
    units_approved: int | None = None
    valid_from: date | None = None
    valid_through: date | None = None
    reason: str = ""


@dataclass(frozen=True)
class Letter:
    """What the payer's letter says: its date, what proves it, each line, the number, the reason."""

    decided_on: date
    evidence: str
    answers: Sequence[LineAnswer]
    number: str = ""
    reason: str = ""
    number_to_follow: bool = False


def what_the_letter_gives(letter: Letter) -> dict[str, Any]:
    """The required data of the move, as found in the answers."""
    answers, reason = letter.answers, letter.reason
    dates = [a.valid_from for a in answers if a.valid_from]
    units = [a.units_approved for a in answers if a.units_approved]
    reasons = reason or next((a.reason for a in answers if a.reason), "")
    number = {"number": "to follow"} if letter.number_to_follow else {}
    given = {"dates": dates, "units": units, "denial_reason": reasons, "pend_reason": reasons}
    return given | number


def check_letter(letter: Letter) -> None:
    """Refuse what cannot be a letter: approval without number, units or dates; units of zero."""
    follows = letter.number_to_follow
    if follows and (letter.number or letter.evidence != Evidence.PHONE):
        raise Refused("A number to follow is not known yet, and the approval is by telephone only.")
    for answer in letter.answers:
        if answer.decision not in LINE_IN_FORCE:
            continue
        if not letter.number and not follows:
            raise Refused(
                "An approval carries the payer's authorization number: copy it here, or say that "
                "it follows."
            )
        if not (answer.units_approved and answer.valid_from and answer.valid_through):
            raise Refused(
                f"Line {answer.line}: an approved line has units and both dates of the letter."
            )
        if answer.valid_through < answer.valid_from:
            raise Refused(f"Line {answer.line}: the last day is before the first.")


def as_granted(answer: LineAnswer) -> dict[str, Any]:
    """What a line holds by its answer; a line that is not approved has no units and no dates."""
    in_force = answer.decision in LINE_IN_FORCE
    is_less = (
        in_force
        and bool(answer.units_approved)
        and (answer.units_approved < answer.line.units_requested)
    )
    return {
        "decision": LineDecision.REDUCED if is_less else answer.decision,
        "units_approved": answer.units_approved if in_force else None,
        "valid_from": answer.valid_from if in_force else None,
        "valid_through": answer.valid_through if in_force else None,
        "reason": answer.reason,
    }


def answer_as_json(line: AuthorizedService) -> list[Any]:
    """What the payer's answer says of a line, as an event holds it."""
    days = (line.valid_from, line.valid_through)
    return [
        line.decision,
        line.units_approved,
        *(day.isoformat() if day else None for day in days),
        line.reason,
    ]


def answer_from_json(line: AuthorizedService, said: Sequence[Any]) -> LineAnswer:
    """The answer of a line as an event holds it."""
    decision, units, *days, reason = said
    start, end = (date.fromisoformat(day) if day else None for day in days)
    return LineAnswer(line, decision, units, start, end, reason)
