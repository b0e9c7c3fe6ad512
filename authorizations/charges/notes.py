"""What stands beside a charge: a mark, who pays what, and why it may not be released."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from authorizations.charges.conditions import why_move_refused
from authorizations.models import ChangedVerdict, Charge, ChargeStatus
from authorizations.verdicts.proposed_line import worth_of
from payers.amounts.reductions import Payment
from payers.amounts.worth import FeeBook


def notes_of(charge: Charge, user: User) -> dict[str, Any]:
    """For the page of a charge: mark, payment, and why it may not be released."""
    is_open = charge.status in (ChargeStatus.HELD, ChargeStatus.READY)
    return {
        "waits_for_override": bool(charge.override_proposed_at and not charge.overridden_at),
        "mark": ChangedVerdict.objects.open().filter(charge=charge).first(),
        "payment": payment_of(charge),
        "release_refusal": why_move_refused(charge, "release", user, reason="given")
        if is_open
        else None,
    }


def payment_of(charge: Charge) -> Payment | None:
    """Who bears the amount on file; nothing where the books have moved on since."""
    worth = worth_of(charge, FeeBook())
    return worth.payment if worth.amount == charge.amount else None
