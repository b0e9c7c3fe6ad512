"""Overriding a stop: one manager proposes it with a reason, another confirms it."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from authorizations.actions.doers import duties_done_alone
from authorizations.actions.moves import NOT_PROPOSED, locked, move_locked
from authorizations.models import Charge


@transaction.atomic
def propose_override(*, charge: Charge, by: User, reason: str) -> Charge:
    """Ask another manager to answer for a stop. Until then the charge stays stopped.

    Raises IllegalMove. Whatever removes a stop by hand goes through here.
    """
    fresh = locked([charge])[0]
    return move_locked(
        fresh,
        "propose_override",
        by,
        reason,
        {"rule": fresh.leading_rule},
        override_proposed_at=timezone.now(),
        override_proposed_by=by,
        override_reason=reason,
    )


@transaction.atomic
def confirm_override(*, charge: Charge, by: User, reason: str = "") -> Charge:
    """A second manager answers for the stop too; both names and the reason stay on the charge."""
    fresh = locked([charge])[0]
    return move_locked(
        fresh,
        "confirm_override",
        by,
        reason or fresh.override_reason,
        {"rule": fresh.leading_rule, "proposed_by": str(fresh.override_proposed_by or "")},
        overridden_at=timezone.now(),
        overridden_by=by,
        is_override_alone=bool(duties_done_alone(fresh, "confirm_override", by)),
    )


@transaction.atomic
def decline_override(*, charge: Charge, by: User, reason: str) -> Charge:
    """Not to be overridden, and why; whoever proposed it may take it back so too."""
    fresh = locked([charge])[0]
    given = {"rule": fresh.leading_rule, "proposed_by": str(fresh.override_proposed_by or "")}
    return move_locked(fresh, "decline_override", by, reason, given, **NOT_PROPOSED)
