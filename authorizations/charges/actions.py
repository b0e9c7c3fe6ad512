"""What a coder does with charges: release, hold, correct, void, write off."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from authorizations import workflow
from authorizations.charges.line_corrections import override_by_correction, refuse_code
from authorizations.charges.moves import locked, make_charge_move, move_locked
from authorizations.charges.who_entered import read_doers
from authorizations.models import Charge, ChargeStatus
from authorizations.verdicts.judge_course import judge_course
from authorizations.verdicts.objections import is_offered_line, stops_and_holds
from authorizations.verdicts.proposed_correction import proposed_line
from authorizations.worklists.sync_tasks import in_one_pass


@dataclass(frozen=True)
class ReleaseResult:
    """What became of one charge in a release of many, and why."""

    charge: Charge
    is_released: bool
    sentence: str


@transaction.atomic
def release(*, charge: Charge, by: User, reason: str = "") -> Charge:
    """Send a charge on its way. Judged once more first; raises IllegalMove with the reason.

    Clean charges need nothing; a hold needs a reason; a stop needs a manager's override. Nobody
    releases what rests on their own entry or upload (actions/doers.py).
    """
    judge_course(charge.session.course, by=by)
    return release_judged(charge, by, reason)


def release_judged(charge: Charge, by: User, reason: str = "") -> Charge:
    """Release a charge that was judged in this transaction. Raises IllegalMove with the reason."""
    return release_locked(locked([charge])[0], by, reason)


def release_locked(fresh: Charge, by: User, reason: str = "") -> Charge:
    now = timezone.now()
    return move_locked(fresh, "release", by, reason, released_at=now, released_by=by)


@in_one_pass()
def release_many(*, charges: Iterable[Charge], by: User) -> list[ReleaseResult]:
    """Release every clean one of these, each checked alone; the others are named with why."""
    charges = list(charges)
    by_course: dict[int, list[Charge]] = {}
    for charge in charges:
        by_course.setdefault(charge.session.course_id, []).append(charge)
    results: dict[int, ReleaseResult] = {}
    for course in sorted(by_course):
        results |= release_of_course(by_course[course], by)
    return [results[charge.pk] for charge in charges]


@transaction.atomic
def release_of_course(
    charges: list[Charge], by: User, reason: str = ""
) -> dict[int, ReleaseResult]:
    """Judge a course once, then release those of these charges that may go."""
    judge_course(charges[0].session.course, by=by)
    rows = locked(charges)
    read_doers(rows)
    fresh = {charge.pk: charge for charge in rows}
    return {c.pk: release_if_clean(c, fresh[c.pk], by, reason) for c in charges}


def release_if_clean(charge: Charge, fresh: Charge, by: User, reason: str = "") -> ReleaseResult:
    """The charge as it was shown, with what became of its row."""
    try:
        release_locked(fresh, by, reason)
    except workflow.IllegalMove as refusal:
        return ReleaseResult(charge, False, str(refusal))
    return ReleaseResult(charge, True, "Released.")


@transaction.atomic
def hold(*, charge: Charge, by: User, reason: str, look_again_on: date | None = None) -> Charge:
    """Keep a charge back, with the reason and the day to look again. The same twice is once."""
    fresh = locked([charge])[0]
    wanted = (ChargeStatus.HELD, reason, look_again_on, "")
    if (fresh.status, fresh.hold_reason, fresh.look_again_on, fresh.returned_to) == wanted:
        return fresh
    return move_locked(fresh, "hold", by, reason, hold_reason=reason, look_again_on=look_again_on)


@transaction.atomic
def unhold(*, charge: Charge, by: User, reason: str = "") -> Charge:
    """Give a held charge back to the rulebook."""
    fresh = make_charge_move(
        charge=charge,
        verb="return_to_review",
        by=by,
        reason=reason,
        hold_reason="",
        look_again_on=None,
    )
    return judge_charge_course(fresh, by)


@transaction.atomic
def apply_correction(*, charge: Charge, by: User, reason: str = "") -> Charge:
    """Take the line that the leading finding proposes, in one press. Judged once more first."""
    judge_course(charge.session.course, by=by)
    fresh = locked([charge])[0]
    proposed = proposed_line(fresh)
    given = {"rule": proposed.finding.number} if proposed else {}
    line = (
        {"code": proposed.code, "modifiers": proposed.modifiers, "units": proposed.units}
        if proposed
        else {}
    )
    words = reason or (f"As {proposed.finding.number} proposes" if proposed else "")
    moved = move_locked(
        fresh,
        "apply_correction",
        by,
        words,
        given,
        corrected_at=timezone.now(),
        corrected_by=by,
        **line,
    )
    return judge_charge_course(moved, by)


@transaction.atomic
def correct(
    *, charge: Charge, by: User, code: str, modifiers: list[str], units: int, reason: str
) -> Charge:
    """Put the line right and have it judged again. What stood before is in the history.

    A session stays guidance: another code is refused. A line that the rulebook does not propose
    and that silences a stop or a hold is an override, which only a manager enters.
    """
    judge_course(charge.session.course, by=by)
    fresh = locked([charge])[0]
    refuse_code(fresh, code)
    before, is_offered = stops_and_holds(fresh), is_offered_line(fresh, code, modifiers, units)
    line = {"code": code, "modifiers": modifiers, "units": units}
    line_before = {name: getattr(fresh, name) for name in line}
    stamp = {"corrected_at": timezone.now(), "corrected_by": by}
    moved = judge_charge_course(move_locked(fresh, "correct", by, reason, **line, **stamp), by)
    silenced = before.keys() - stops_and_holds(moved).keys()
    if silenced and not is_offered:
        override_by_correction(moved, silenced, line_before, by, reason)
    return moved


def judge_charge_course(charge: Charge, by: User) -> Charge:
    judge_course(charge.session.course, by=by)
    charge.refresh_from_db()
    return charge


@transaction.atomic
def mark_not_billable(*, charge: Charge, by: User, reason: str) -> Charge:
    """Write a charge off with a reason; its unit goes to the oldest session that waits for one."""
    fresh = make_charge_move(charge=charge, verb="mark_not_billable", by=by, reason=reason)
    return judge_charge_course(fresh, by)


@transaction.atomic
def void(*, charge: Charge, by: User, reason: str, is_system: bool = False) -> Charge:
    """Take a charge back for good. What was released stays in its batch, marked void."""
    fresh = make_charge_move(charge=charge, verb="void", by=by, reason=reason, is_system=is_system)
    judge_course(fresh.session.course, by=by)
    return fresh
