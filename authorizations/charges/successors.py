"""What takes the place of a void charge: its successor, or the decision that nothing does."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from authorizations.charges.line_corrections import refuse_code
from authorizations.charges.moves import make_charge_move
from authorizations.models import Charge, ChargeEvent
from authorizations.verdicts.judge_course import judge_course

SAME_LINE = (
    "session",
    "facility",
    "plan",
    "date_of_service",
    "code",
    "modifiers",
    "units",
    "place_of_service",
)


@transaction.atomic
def replace(*, charge: Charge, by: User, reason: str) -> Charge:
    """Void a released charge and capture its successor, both linked."""
    refuse_code(charge, charge.code)
    return capture_successor(
        make_charge_move(charge=charge, verb="replace", by=by, reason=reason), by, reason
    )


@transaction.atomic
def capture_again(*, charge: Charge, by: User, reason: str) -> Charge:
    """Capture the fraction of a void charge anew. Raises IllegalMove where something stands."""
    refuse_code(charge, charge.code)
    void = make_charge_move(charge=charge, verb="capture_again", by=by, reason=reason)
    return capture_successor(void, by, reason)


@transaction.atomic
def leave_unbilled(*, charge: Charge, by: User, reason: str) -> Charge:
    """Decide that nothing takes the place of a void charge; its unit goes back to the ledger."""
    void = make_charge_move(charge=charge, verb="leave_unbilled", by=by, reason=reason)
    judge_course(void.session.course, by=by)
    return void


def capture_successor(void: Charge, by: User, reason: str) -> Charge:
    """The same line as an open charge that names the void one, judged at once."""
    successor = Charge(**{name: getattr(void, name) for name in SAME_LINE}, replaces=void)
    successor.save()
    ChargeEvent.objects.create(
        charge=successor, verb="capture", new_status=successor.status, reason=reason, by=by
    )
    judge_course(successor.session.course, by=by)
    successor.refresh_from_db()
    return successor
