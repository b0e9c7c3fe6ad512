"""The payer's letter: writing down what it says, and mending what was typed in wrongly."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction

from accounts.models import User
from authorizations import workflow
from authorizations.exceptions import Refused
from authorizations.models import (
    ANSWERED,
    CONTESTED,
    LINE_IN_FORCE,
    AuthorizationEvent,
    AuthorizationStatus,
    AuthorizedService,
    Course,
    PriorAuthorization,
    released_units,
)
from authorizations.prior_authorizations.actions import LOST_CONTESTS, make_authorization_move
from authorizations.prior_authorizations.contests import (
    contest_of,
    corrected_contest,
    units_granted,
    what_it_answers,
)
from authorizations.prior_authorizations.line_decisions import Letter as Letter
from authorizations.prior_authorizations.line_decisions import LineAnswer as LineAnswer
from authorizations.prior_authorizations.line_decisions import (
    answer_as_json,
    as_granted,
    check_letter,
    what_the_letter_gives,
)
from authorizations.prior_authorizations.replacements import replace_followed
from authorizations.verdicts.judge_course import judge_course
from authorizations.verdicts.units import lock_courses
from authorizations.worklists.sync_tasks import in_one_pass


class AlreadyWritten(Refused):
    """The same letter was written down before; nothing is to be done. The message says by whom."""


@transaction.atomic
@in_one_pass()
def decide(
    *, authorization: PriorAuthorization, by: User, keeps_both: bool = False, **letter: Any
) -> PriorAuthorization:
    """Write down the payer's answer, line by line; the request's standing follows from its lines.

    The units are right at once: the course's units are settled and its open charges judged anew.
    An approved revision or renewal replaces the authorization it follows from its first day on,
    unless the payer left both in force. The same letter sent twice is written once.
    Raises Refused and workflow.IllegalMove.
    """
    fresh, told = lock(authorization), Letter(**letter)
    answered = fresh.status in ANSWERED and last_answer(fresh)
    if answered:
        if is_same_letter(fresh, told):
            raise AlreadyWritten(by_whom(answered, "wrote this letter down", "it was so already."))
        raise Refused(
            by_whom(
                answered,
                "wrote a decision down",
                "look at it; if it is wrong, correct the decision.",
            )
        )
    changed = record_answer(fresh, told, by, keeps_both=keeps_both)
    judge_course(changed.course, by=by)
    return changed


def record_answer(
    fresh: PriorAuthorization, letter: Letter, by: User, *, keeps_both: bool = False
) -> PriorAuthorization:
    """The letter and what follows from it, in a locked row; the caller judges the course after.

    An import records many and judges each of its courses once.
    """
    verb = verb_of(fresh, status_after(fresh, letter.answers))
    details = what_it_answers(fresh, contest_of(fresh))
    changed = write_letter(fresh, letter, verb, by, details=details)
    replace_followed(changed, by, keeps_both=keeps_both)
    return changed


@transaction.atomic
@in_one_pass()
def correct_answer(
    *,
    authorization: PriorAuthorization,
    by: User,
    why: str,
    keeps_both: bool = False,
    **letter: Any,
) -> PriorAuthorization:
    """The latest answer was typed in wrongly: write down what the letter says, and why.

    What was typed before stays in the history, and is what was known until now. Where nothing was
    contested since, the first answer and its figures follow; else those of the contest do.
    Raises Refused and workflow.IllegalMove.
    """
    fresh, told = lock(authorization), Letter(**letter)
    if fresh.status in CONTESTED:
        raise Refused(
            "This decision is appealed or talked over just now: write down the answer to that. "
            "What was typed wrongly before can be put right afterwards."
        )
    answered = last_answer(fresh)
    contest = answered.details.get("contest", "") if answered else ""
    status = status_after(fresh, told.answers)
    if status == "denied" and contest == workflow.APPEAL:
        status = "upheld"
    if contest:
        changes, details = {}, {**corrected_contest(answered), "corrects": answered.pk}
    else:
        changes, details = {"answer_corrections": fresh.answer_corrections + 1}, {}
    verb = CORRECTION_TO.get(status, "")
    changed = write_letter(fresh, told, verb, by, why=why, details=details, **changes)
    replace_followed(changed, by, keeps_both=keeps_both)
    judge_course(changed.course, by=by)
    return changed


def lock(authorization: PriorAuthorization) -> PriorAuthorization:
    """The row as it stands now, and its course: neither moves, nor is released of, meanwhile."""
    fresh = PriorAuthorization.objects.select_for_update().get(pk=authorization.pk)
    lock_courses(Course.objects.filter(pk=fresh.course_id))
    return fresh


def last_answer(authorization: PriorAuthorization) -> AuthorizationEvent | None:
    """The event by which the latest answer was written down, or mended."""
    rows = authorization.events.in_effect().filter(verb__in=ANSWERS).select_related("by")
    return rows.order_by("-id").first()


def by_whom(event: AuthorizationEvent, did: str, then: str) -> str:
    """Who wrote a decision down before this one was sent, and when."""
    at = event.at.astimezone(event.authorization.facility.tz)
    return f"{event.by} {did} on {at:%a %-d %b %Y at %H:%M}: {then}"


def is_same_letter(authorization: PriorAuthorization, letter: Letter) -> bool:
    """Whether this letter says what is written down: number, date, evidence and every line."""
    written = (authorization.number, authorization.decided_on, authorization.evidence)
    said = (letter.number or authorization.number, letter.decided_on, letter.evidence)
    lines = authorization.lines.in_bulk()
    return written == said and all(
        getattr(lines[answer.line.pk], name) == value
        for answer in letter.answers
        for name, value in as_granted(answer).items()
    )


def status_after(authorization: PriorAuthorization, answers: Sequence[LineAnswer]) -> str:
    """The status of the request by this letter; a line it does not name is as it was."""
    decisions = dict(authorization.lines.values_list("pk", "decision"))
    decisions |= {answer.line.pk: as_granted(answer)["decision"] for answer in answers}
    return workflow.header_status(decisions.values())


def verb_of(authorization: PriorAuthorization, status: str) -> str:
    """The move that a letter makes: an appeal that leaves nothing approved upholds the denial."""
    if status == "denied" and authorization.status == AuthorizationStatus.APPEALED:
        return "uphold"
    return VERB_OF_STATUS.get(status, "")


def write_letter(
    authorization: PriorAuthorization,
    letter: Letter,
    verb: str,
    by: User,
    *,
    why: str = "",
    details: dict[str, Any],
    **changes: Any,
) -> PriorAuthorization:
    """The letter line by line, then the move of the request."""
    if not verb:
        raise Refused("A letter decides each line: approved, approved with changes, or denied.")
    check_letter(letter)
    was = write_line_answers(authorization, letter.answers)
    if details:
        before = details.pop("before")
        after = units_granted(authorization)
        details["gained"] = any(units > before.get(str(pk), 0) for pk, units in after.items())
        details["before"] = before
    is_denied = not any(answer.decision in LINE_IN_FORCE for answer in letter.answers)
    return make_authorization_move(
        authorization=authorization,
        verb=verb,
        by=by,
        reason=why or letter.reason,
        given=what_the_letter_gives(letter),
        details={"decided_on": letter.decided_on.isoformat(), "lines_were": was, **details},
        number=letter.number or authorization.number,
        number_to_follow=letter.number_to_follow and not is_denied,
        decided_on=letter.decided_on,
        evidence=letter.evidence,
        evidence_channel=None,
        denial_reason=letter.reason if is_denied else "",
        **changes,
    )


def write_line_answers(
    authorization: PriorAuthorization, answers: Sequence[LineAnswer]
) -> dict[str, list[Any]]:
    """Write the payer's answer to each line; what it said before, if it is to be undone.

    Raises Refused where released charges hold more.
    """
    held, lines = released_units(authorization), authorization.lines.in_bulk()
    were = {str(pk): answer_as_json(line) for pk, line in lines.items()}
    for answer in answers:
        write_answer(lines[answer.line.pk], answer, held.get(answer.line.pk, []))
    return were


CORRECTION_TO = {
    "approved": "correct_to_approved",
    "partially_approved": "correct_to_partially_approved",
    "denied": "correct_to_denied",
    "upheld": "correct_to_upheld",
}
VERB_OF_STATUS = {
    "approved": "approve",
    "partially_approved": "partially_approve",
    "denied": "deny",
    "pended": "pend",
}
ANSWERS = (
    "import",
    "approve",
    "partially_approve",
    "deny",
    *LOST_CONTESTS,
    *CORRECTION_TO.values(),
)


def write_answer(line: AuthorizedService, answer: LineAnswer, held: list[tuple[int, date]]) -> None:
    """Write one line down. Raises Refused where released charges hold more than it grants."""
    wanted = as_granted(answer)
    refusal = line.why_released_units_forbid(
        held, wanted["units_approved"] or 0, wanted["valid_from"], wanted["valid_through"]
    )
    if refusal:
        raise Refused(refusal)
    for name, value in wanted.items():
        setattr(line, name, value)
    # Fewer than are used: the sessions that keep one are settled with the course, and counted.
    line.units_used = min(line.units_used, line.units_approved or 0)
    line.save()
