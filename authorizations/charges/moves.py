"""One move of a charge: ask the table, ask what the move needs besides, change the row, write it
down.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.roles import roles_of
from authorizations import workflow
from authorizations.charges.conditions import why_move_refused
from authorizations.charges.who_entered import duties_done_alone
from authorizations.models import ChangedVerdict, Charge, ChargeEvent, ChargeStatus, Course
from authorizations.models.charges import NOT_RETURNED
from authorizations.verdicts.units import lock_courses

NOT_PROPOSED = {"override_proposed_at": None, "override_proposed_by": None, "override_reason": ""}
OVERRIDES = frozenset({"propose_override", "confirm_override", "decline_override"})
LEAVES_RETURN = frozenset({"dispute", "acknowledge"}) | OVERRIDES
NOT_OVERRIDDEN = {
    **NOT_PROPOSED,
    "overridden_at": None,
    "overridden_by": None,
    "is_override_alone": False,
}
# A line that is changed is no longer the one that two people answered for.
CHANGES_LINE = frozenset({"apply_correction", "correct"})
ENDS_PROPOSAL = frozenset({"mark_not_billable", "void", "replace"})


@transaction.atomic
def make_charge_move(
    *,
    charge: Charge,
    verb: str,
    by: User,
    reason: str = "",
    given: Mapping[str, Any] | None = None,
    is_system: bool = False,
    **changes: Any,
) -> Charge:
    """Make one move of the charge table under a lock. Raises workflow.IllegalMove."""
    fresh = locked([charge])[0]
    return move_locked(fresh, verb, by, reason, given, is_system=is_system, **changes)


def locked(charges: Iterable[Charge]) -> list[Charge]:
    """The rows of these charges, with what a move looks at; their courses are locked first.

    Whoever judges holds the course too: all that happens to a course stands in one line.
    """
    numbers = [charge.pk for charge in charges]
    lock_courses(Course.objects.filter(sessions__charges__in=numbers))
    rows = Charge.objects.select_for_update(of=("self",)).order_by("pk")
    return list(rows.filter(pk__in=numbers).select_related("session__course__facility", "facility"))


def move_locked(
    fresh: Charge,
    verb: str,
    by: User,
    reason: str = "",
    given: Mapping[str, Any] | None = None,
    *,
    is_system: bool = False,
    **changes: Any,
) -> Charge:
    """Move a charge whose row is locked already. Raises workflow.IllegalMove with the sentence."""
    given = given or {}
    roles = frozenset({workflow.SYSTEM}) if is_system else roles_of(by, fresh.facility)
    facts = {**changes, **given, "reason": reason}
    try:
        step = workflow.check(workflow.CHARGE_MOVES, verb, fresh.status, roles, facts)
    except workflow.IllegalMove as refused:
        raise workflow.IllegalMove(done_before(fresh, verb) or str(refused)) from refused
    refusal = None if is_system else why_move_refused(fresh, verb, by, reason=reason)
    if refusal:
        raise workflow.IllegalMove(refusal)
    old = fresh.status
    fresh.status = step.after(old)
    alone = [] if is_system else duties_done_alone(fresh, verb, by)
    changes = {**cleared_by(fresh, verb), **changes}
    for name, value in changes.items():
        setattr(fresh, name, value)
    fresh.save()
    if fresh.status == ChargeStatus.VOID:
        close_marks(fresh, by, "The charge is void.")
    details = {"line": fresh.line, **given, **({"alone": alone} if alone else {})}
    write_charge_event(fresh, verb, old, by, reason, details)
    return fresh


def done_before(charge: Charge, verb: str) -> str:
    """Who made this very move last, and when; empty where something else happened last."""
    events = ChargeEvent.objects.filter(charge=charge).select_related("by")
    event = events.last()
    if event is None or event.verb != verb or event.new_status != charge.status:
        return ""
    at = event.at.astimezone(charge.facility.tz)
    return (
        f"It is {charge.get_status_display().lower()} already, by {event.by} on "
        f"{at:%a %-d %b %Y at %H:%M}: nothing more was changed."
    )


def cleared_by(charge: Charge, verb: str) -> dict[str, Any]:
    """What a move takes off the charge besides: its return, and the override of another line."""
    returned = {} if verb in LEAVES_RETURN else NOT_RETURNED
    if verb in CHANGES_LINE:
        return {**returned, **NOT_OVERRIDDEN}
    is_open = charge.override_proposed_at and not charge.overridden_at
    return {**returned, **(NOT_PROPOSED if is_open and verb in ENDS_PROPOSAL else {})}


def write_charge_event(
    charge: Charge, verb: str, old: str, by: User, reason: str, details: Mapping[str, Any]
) -> ChargeEvent:
    """The move as it stays in the history."""
    return ChargeEvent.objects.create(
        charge=charge,
        verb=verb,
        old_status=old,
        new_status=charge.status,
        reason=reason,
        details=dict(details),
        by=by,
    )


def close_marks(charge: Charge, by: User, because: str) -> int:
    """Close what marks the charge as one that would now be judged differently."""
    rows = ChangedVerdict.objects.open().filter(charge=charge)
    return rows.update(closed_at=timezone.now(), closed_by=by, closed_because=because)
