"""What people say about the rulebook's word: disputes, and keeping what was released."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from authorizations.charges.moves import close_marks, locked, move_locked
from authorizations.models import Charge, ChargeEvent
from authorizations.verdicts.proposed_correction import findings_of
from authorizations.workflow import IllegalMove


@transaction.atomic
def dispute(*, charge: Charge, by: User, reason: str, rule: str = "") -> Charge:
    """Say that a finding is wrong, and why. The finding stays; the word is counted by its rule.

    Without a number the leading finding is meant. The same words twice are said once.
    """
    fresh = locked([charge])[0]
    numbers = [finding.number for finding in findings_of(fresh)]
    wanted = rule or next(iter(numbers), "")
    if numbers and wanted not in numbers:
        raise IllegalMove(f"{wanted} says nothing about this charge: {', '.join(numbers)} do.")
    said = ChargeEvent.objects.filter(charge=fresh, verb="dispute", by=by, reason=reason)
    if said.filter(details__rule=wanted).exists():
        return fresh
    return move_locked(fresh, "dispute", by, reason, {"rule": wanted})


@transaction.atomic
def acknowledge(*, charge: Charge, by: User, reason: str) -> Charge:
    """Keep a released charge although it would now be judged differently, with the reason."""
    fresh = move_locked(locked([charge])[0], "acknowledge", by, reason)
    close_marks(fresh, by, reason)
    return fresh
