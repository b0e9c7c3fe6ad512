"""The payer was silent beyond its deadline, and the law takes that for an approval."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from accounts.models import User
from authorizations.exceptions import Refused
from authorizations.models import Evidence, LineDecision, PriorAuthorization
from authorizations.prior_authorizations.actions import make_authorization_move
from authorizations.prior_authorizations.decisions import lock, write_line_answers
from authorizations.prior_authorizations.line_decisions import LineAnswer
from authorizations.prior_authorizations.silence import consent_by_silence
from authorizations.verdicts.judge_course import judge_course
from authorizations.workflow import DEEM_APPROVED
from authorizations.worklists.sync_tasks import in_one_pass
from payers.clocks import months_later, validity_floor


@transaction.atomic
@in_one_pass()
def deem_approved(
    *, authorization: PriorAuthorization, by: User, reason: str
) -> PriorAuthorization:
    """Hold the request for approved as it was asked, from the day of the deadline on.

    It lasts as long as the same state lets an approval last at least. No letter says so: rule R48
    holds its charges until a coder decides, or the payer's letter is written down. Raises Refused
    and workflow.IllegalMove.
    """
    fresh = lock(authorization)
    changes: dict[str, Any] = {}
    details: dict[str, Any] = {}
    if consent_by_silence(fresh):  # else the table refuses the move, in words
        first, last = days_of(fresh)
        answers = [
            LineAnswer(line, LineDecision.APPROVED, line.units_requested, first, last)
            for line in fresh.lines.all()
        ]
        details["lines_were"] = write_line_answers(fresh, answers)
        changes = {"evidence": Evidence.LAW, "number_to_follow": not fresh.number}
    changed = make_authorization_move(
        authorization=fresh,
        verb=DEEM_APPROVED,
        by=by,
        reason=reason,
        details=details,
        **changes,
    )
    judge_course(changed.course, by=by)
    return changed


def days_of(authorization: PriorAuthorization) -> tuple[date, date]:
    """From the day of the deadline for the shortest time for which the state lets approvals last.

    Raises Refused where nobody has looked up that time.
    """
    plan, due = authorization.plan, authorization.due_at
    first = due.astimezone(authorization.facility.tz).date() if due else date.max
    floor = validity_floor(line_of_business=plan.line_of_business, state=plan.state, on=first)
    if floor is None:
        raise Refused("How long a deemed approval lasts in this state is not known here: ask it.")
    return first, months_later(first, floor.months)
