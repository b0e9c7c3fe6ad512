"""Overriding a stop: one manager proposes it with a reason, another confirms it."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from authorizations.charges.moves import NOT_PROPOSED, locked, move_locked
from authorizations.charges.who_entered import duties_done_alone
from authorizations.models import Charge
from authorizations.verdicts.judge_course import judge_course
from authorizations.verdicts.objections import proposal_of, stops_and_holds
from coding.rules import Severity


@transaction.atomic
def propose_override(*, charge: Charge, by: User, reason: str) -> Charge:
    """Ask another manager to answer for the stops that stand. Until then the charge is stopped.

    Judged once more first, so that what is answered for is what stops it now. Raises IllegalMove.
    """
    judge_course(charge.session.course, by=by)
    fresh = locked([charge])[0]
    stops = [n for n, severity in stops_and_holds(fresh).items() if severity == Severity.STOP]
    return move_locked(
        fresh,
        "propose_override",
        by,
        reason,
        {"rule": fresh.leading_rule, "rules": stops},
        override_proposed_at=timezone.now(),
        override_proposed_by=by,
        override_reason=reason,
        overridden_at=None,
        overridden_by=None,
        is_override_alone=False,
    )


@transaction.atomic
def confirm_override(*, charge: Charge, by: User, reason: str = "") -> Charge:
    """A second manager answers for what was proposed; both names and the reason stay for ever."""
    fresh = locked([charge])[0]
    return move_locked(
        fresh,
        "confirm_override",
        by,
        reason or fresh.override_reason,
        proposed(fresh),
        overridden_at=timezone.now(),
        overridden_by=by,
        is_override_alone=bool(duties_done_alone(fresh, "confirm_override", by)),
    )


@transaction.atomic
def decline_override(*, charge: Charge, by: User, reason: str) -> Charge:
    """Not to be overridden, and why; whoever proposed it may take it back so too.

    A correction that was proposed as an override is undone: the line is what it was before.
    """
    fresh = locked([charge])[0]
    details = proposed(fresh)
    before = proposal_of(fresh).get("before") or {}
    declined = move_locked(fresh, "decline_override", by, reason, details, **NOT_PROPOSED, **before)
    judge_course(declined.session.course, by=by)
    declined.refresh_from_db()
    return declined


def proposed(charge: Charge) -> dict[str, object]:
    """What the open proposal answers for, and whose it is, as the next event notes it."""
    proposal = proposal_of(charge)
    names = ("rule", "rules", "by")
    details = {name: proposal[name] for name in names if name in proposal}
    return {
        "rule": charge.leading_rule,
        **details,
        "proposed_by": str(charge.override_proposed_by or ""),
    }
