"""Undoing the last move of a request: everything as it was before, both moves in the history."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.roles import roles_of
from authorizations import workflow
from authorizations.exceptions import Refused
from authorizations.models import (
    ANSWERED,
    AuthorizationEvent,
    PriorAuthorization,
    released_units,
)
from authorizations.prior_authorizations.actions import make_authorization_move
from authorizations.prior_authorizations.decisions import lock, write_answer
from authorizations.prior_authorizations.line_decisions import answer_from_json
from authorizations.prior_authorizations.pends import take_back_sent
from authorizations.prior_authorizations.replacements import replace_followed
from authorizations.verdicts.judge_course import judge_course
from authorizations.web.event_labels import done_label
from authorizations.worklists.sync_tasks import in_one_pass

WITHOUT_A_REASON = timedelta(minutes=10)
AT_ONCE = "Undone within ten minutes"


@transaction.atomic
@in_one_pass()
def undo(
    *, authorization: PriorAuthorization, by: User, event: int, reason: str = ""
) -> PriorAuthorization:
    """Take back the latest move: values, lines and clock are as before it, charges judged again.

    ``event``: the number of the move that the person saw. Whoever made it needs no reason for ten
    minutes. Raises Refused where something rests on it, and workflow.IllegalMove.
    """
    fresh = lock(authorization)
    last = latest_move(fresh)
    if last is None or last.pk != event:
        raise Refused("Something happened to this request meanwhile: look at it again.")
    refusal = why_not_undone(last)
    if refusal:
        raise Refused(refusal)
    why = reason.strip() or (AT_ONCE if is_fresh(last, by) else "")
    restore_lines(fresh, last)
    take_back_sent(last.details.get("items", []))
    changed = make_authorization_move(
        authorization=fresh,
        verb=f"undo_to_{last.old_status}",
        by=by,
        reason=why,
        undoes=last,
        moves_undone=fresh.moves_undone + 1,
        **values_before(fresh, last),
    )
    replace_followed(changed, by, keeps_both=False)
    judge_course(changed.course, by=by)
    return changed


def latest_move(authorization: PriorAuthorization) -> AuthorizationEvent | None:
    """The latest move that was not undone; a note beside it is none."""
    rows = authorization.events.in_effect().moves()
    rows = rows.select_related("by", "authorization__course__facility")
    return rows.order_by("-id").first()


def is_fresh(event: AuthorizationEvent, by: User) -> bool:
    """Whether this person made the move within the last ten minutes."""
    return event.by_id == by.pk and timezone.now() - event.at <= WITHOUT_A_REASON


def undoable_move(authorization: PriorAuthorization, user: User) -> AuthorizationEvent | None:
    """The latest move, where this person may take it back; a slip is, a history is not."""
    roles = roles_of(user, authorization.course.facility)
    if not roles & workflow.FRONT_OFFICE:
        return None
    last = latest_move(authorization)
    return None if last is None or why_not_undone(last) else last


def why_not_undone(event: AuthorizationEvent) -> str:
    """Why the move cannot be undone, in words; nothing where it can."""
    if event.verb not in workflow.UNDOABLE or "was" not in event.details:
        return f"“{done_label(event.verb)}” is not undone: correct what was typed wrongly."
    successor = event.authorization.successors.filter(created_at__gte=event.at).first()
    if successor:
        return f"{successor} was opened since and follows this request: withdraw it first."
    if event.details.get("lines_were") and released_units(event.authorization):
        return (
            "Released charges hold units of this decision: a coder or manager voids them first, or "
            "correct the decision."
        )
    return ""


def restore_lines(authorization: PriorAuthorization, event: AuthorizationEvent) -> None:
    """The lines as they were before a decision; of another move nothing."""
    lines = authorization.lines.in_bulk()
    for pk, said in event.details.get("lines_were", {}).items():
        write_answer(lines[int(pk)], answer_from_json(lines[int(pk)], said), [])


def values_before(authorization: PriorAuthorization, event: AuthorizationEvent) -> dict[str, Any]:
    """The values before the move; where it was the first answer, there is none any more."""
    fields = {field.attname: field for field in authorization._meta.concrete_fields}
    was = {
        name: fields[name].to_python(value) if value is not None else None
        for name, value in event.details["was"].items()
    }
    if event.new_status in ANSWERED and "contest" not in event.details:
        was["answer_corrections"] = authorization.answer_corrections + 1
    return was
