"""Giving a charge to the clinic for something only the clinic can mend, and having it back."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from authorizations.charges.moves import locked, move_locked, write_charge_event
from authorizations.models import Charge, ChargeStatus, GuidanceSession, ReturnedTo
from authorizations.models.charges import NOT_RETURNED
from authorizations.verdicts.judge_course import judge_course


def return_to(*, charge: Charge, by: User, reason: str, who: str) -> Charge:
    """Put a charge into the therapist's or the physician's worklist, with what is to be mended."""
    with transaction.atomic():
        fresh = locked([charge])[0]
        return move_locked(
            fresh,
            f"return_to_{who}",
            by,
            reason,
            returned_to=who,
            returned_at=timezone.now(),
            returned_by=by,
            return_reason=reason,
        )


def return_to_therapist(*, charge: Charge, by: User, reason: str) -> Charge:
    """The therapist is asked to mend or explain what was recorded."""
    return return_to(charge=charge, by=by, reason=reason, who=ReturnedTo.THERAPIST)


def return_to_physician(*, charge: Charge, by: User, reason: str) -> Charge:
    """The physician is asked to review the images, or to say what is missing."""
    return return_to(charge=charge, by=by, reason=reason, who=ReturnedTo.PHYSICIAN)


@transaction.atomic
def answer_return(*, charge: Charge, by: User, reason: str) -> Charge:
    """The clinic answers in words; the charge is back with the coder, judged again."""
    fresh = locked([charge])[0]
    moved = move_locked(fresh, "answer_return", by, reason)
    judge_course(moved.session.course, by=by)
    moved.refresh_from_db()
    return moved


def come_back(sessions: Iterable[GuidanceSession], *, by: User, because: str) -> list[Charge]:
    """What was mended comes back by itself: these sessions' returned charges, with the reason.

    Called in the transaction that mended it, before the course is judged again.
    """
    out = Charge.objects.filter(session__in=list(sessions), status=ChargeStatus.HELD)
    back = locked(out.exclude(returned_to="").select_related("session"))
    for charge in back:
        give_back(charge, by, because)
    return back


def give_back(charge: Charge, by: User, because: str) -> None:
    """Take the charge out of the clinic's worklist; who had it stays in the history."""
    who = charge.returned_to
    for name, value in NOT_RETURNED.items():
        setattr(charge, name, value)
    charge.save(update_fields=list(NOT_RETURNED))
    write_charge_event(charge, "come_back", charge.status, by, because[:400], {"from": who})
