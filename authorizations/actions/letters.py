"""The payer's letter: writing down what it says, and mending what was typed in wrongly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from accounts.models import User
from authorizations import workflow
from authorizations.actions.authorizations import Refused, move
from authorizations.actions.charges import judge_course
from authorizations.models import (
    ANSWERED,
    LINE_IN_FORCE,
    AuthorizedService,
    LineDecision,
    PriorAuthorization,
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


@transaction.atomic
def decide(*, authorization: PriorAuthorization, by: User, **letter: Any) -> PriorAuthorization:
    """Write down the payer's answer, line by line; the request's standing follows from its lines.

    The units are right at once: the course's units are settled and its open charges judged anew.
    Raises Refused and workflow.IllegalMove.
    """
    return write_letter(authorization, Letter(**letter), VERB_OF_STATUS, by)


@transaction.atomic
def correct_answer(
    *, authorization: PriorAuthorization, by: User, why: str, **letter: Any
) -> PriorAuthorization:
    """The first answer was typed in wrongly: write down what the letter says, and why.

    What was typed before stays in the history, and is what was known until now. Raises Refused and
    workflow.IllegalMove.
    """
    fresh = PriorAuthorization.objects.select_for_update().get(pk=authorization.pk)
    if is_contested(fresh):
        raise Refused(
            "This answer was appealed or talked over since: what the payer said first stays, and "
            "its later answer is written down as one."
        )
    return write_letter(
        authorization, Letter(**letter), CORRECTION_TO, by, why=why,
        answer_corrections=fresh.answer_corrections + 1,
    )  # fmt: skip


def is_contested(authorization: PriorAuthorization) -> bool:
    """Whether an answer was appealed, or talked over with the payer, since it came."""
    return authorization.events.filter(verb__in=workflow.CONTESTS, old_status__in=LOST).exists()


def contest_of(authorization: PriorAuthorization) -> str:
    """The appeal or peer-to-peer that the next answer answers; nothing where it is the first."""
    for event in authorization.events.order_by("-id"):
        if event.verb in workflow.CONTESTS and event.old_status in LOST:
            return event.verb
        if event.new_status in ANSWERED:
            return ""
    return ""


def write_letter(
    authorization: PriorAuthorization,
    letter: Letter,
    verbs: Mapping[str, str],
    by: User,
    why: str = "",
    **changes: Any,
) -> PriorAuthorization:
    """The letter line by line, then the move of the request; its course is judged anew."""
    check_answers(letter.answers, letter.number)
    before = units_granted(authorization)
    for answer in letter.answers:
        write_answer(answer)
    decisions = list(authorization.lines.values_list("decision", flat=True))
    status = workflow.header_status(decisions)
    if status not in verbs:
        raise Refused("A letter decides each line: approved, approved with changes, or denied.")
    changed = move(
        authorization=authorization,
        verb=verbs[status],
        by=by,
        reason=why or letter.reason,
        given=what_the_letter_gives(letter.answers, letter.reason),
        details=what_changed(authorization, before, letter.decided_on),
        number=letter.number or authorization.number,
        decided_on=letter.decided_on,
        evidence=letter.evidence,
        evidence_channel=None,
        denial_reason=letter.reason if status == "denied" else "",
        **changes,
    )
    judge_course(changed.course, by=by)
    return changed


CORRECTION_TO = {
    "approved": "correct_to_approved",
    "partially_approved": "correct_to_partially_approved",
    "denied": "correct_to_denied",
}
LOST = ("denied", "partially_approved", "upheld")
VERB_OF_STATUS = {
    "approved": "approve",
    "partially_approved": "partially_approve",
    "denied": "deny",
    "pended": "pend",
}


def units_granted(authorization: PriorAuthorization) -> dict[int, int]:
    """Units of each line that the payer allows as it stands; none where it denies the line."""
    rows = authorization.lines.filter(decision__in=LINE_IN_FORCE)
    return dict(rows.values_list("pk", "units_approved"))


def what_changed(
    authorization: PriorAuthorization, before: Mapping[int, int], decided_on: date
) -> dict[str, Any]:
    """The day of the letter; of an answer to a contest, which it answers and whether we gained."""
    contest, after = contest_of(authorization), units_granted(authorization)
    is_more = any(units > before.get(line, 0) for line, units in after.items())
    said = {"contest": contest, "gained": is_more} if contest else {}
    return {"decided_on": decided_on.isoformat(), **said}


def what_the_letter_gives(answers: Sequence[LineAnswer], reason: str) -> dict[str, Any]:
    """The required data of the move, as found in the answers."""
    dates = [a.valid_from for a in answers if a.valid_from]
    units = [a.units_approved for a in answers if a.units_approved]
    reasons = reason or next((a.reason for a in answers if a.reason), "")
    return {"dates": dates, "units": units, "denial_reason": reasons, "pend_reason": reasons}


def check_answers(answers: Sequence[LineAnswer], number: str) -> None:
    """Refuse what cannot be a letter: approval without number, units or dates; units of zero."""
    for answer in answers:
        if answer.decision not in LINE_IN_FORCE:
            continue
        if not number:
            raise Refused("An approval carries the payer's authorization number: copy it here.")
        if not (answer.units_approved and answer.valid_from and answer.valid_through):
            raise Refused(
                f"Line {answer.line}: an approved line has units and both dates of the letter."
            )
        if answer.valid_through < answer.valid_from:
            raise Refused(f"Line {answer.line}: the last day is before the first.")


def write_answer(answer: LineAnswer) -> None:
    line = answer.line
    in_force = answer.decision in LINE_IN_FORCE
    is_less = bool(answer.units_approved) and answer.units_approved < line.units_requested
    reduced = answer.decision == LineDecision.APPROVED and is_less
    line.decision = LineDecision.REDUCED if reduced else answer.decision
    line.units_approved = answer.units_approved if in_force else None
    # Fewer than are used: the sessions that keep one are settled with the course, and counted.
    line.units_used = min(line.units_used, line.units_approved or 0)
    line.valid_from = answer.valid_from if in_force else None
    line.valid_through = answer.valid_through if in_force else None
    line.reason = answer.reason
    line.save()
