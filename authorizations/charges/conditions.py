"""What a move of a charge needs besides its standing; asked by the page before it offers a button
and by the action before it moves.
"""

from __future__ import annotations

from collections.abc import Callable

from accounts.models import User
from accounts.roles import roles_of
from authorizations.charges.who_entered import second_person_refusal
from authorizations.models import ChangedVerdict, Charge, Disposition
from authorizations.verdicts.objections import is_overridden, waits_for_second_manager
from authorizations.verdicts.proposed_correction import findings_of, proposed_line
from authorizations.verdicts.proposed_line import code_refusal
from authorizations.verdicts.release_conditions import missing_fact
from authorizations.workflow import CHARGE_MOVES, Move, moves_from, release_gate

Condition = Callable[[Charge, User, str], str | None]
ANY_REASON = "as given"


def release_condition(charge: Charge, by: User, reason: str) -> str | None:
    """A second person, nothing that is out for an answer, and the rulebook lets it go; the stored
    rows are asked once more, whatever the rulebook says of them.
    """
    refusal = second_person_refusal(charge, "release", by)
    if refusal:
        return refusal
    if waits_for_second_manager(charge):
        return (
            f"{charge.override_proposed_by} corrected it against the rulebook: another manager "
            "confirms or declines that first."
        )
    if charge.returned_to:
        who = charge.get_returned_to_display().lower()
        return f"It is with the {who}: wait for the answer, or give it back to the rulebook."
    refusal = release_gate(
        charge.disposition,
        has_reason=bool(reason.strip()),
        is_overridden=is_overridden(charge),
        is_held_by_hand=bool(charge.hold_reason),
    )
    return refusal or missing_fact(charge.pk)


def needs_reason(charge: Charge) -> bool:
    """Whether releasing this charge asks for a reason."""
    is_held = charge.disposition == Disposition.HOLD or bool(charge.hold_reason)
    return is_held


def correction_condition(charge: Charge, by: User, reason: str) -> str | None:
    proposed = proposed_line(charge)
    if proposed is None:
        return "The rulebook proposes no other line for this charge."
    return code_refusal(charge, proposed.code)


def returned_already(who: str) -> Condition:
    def condition(charge: Charge, by: User, reason: str) -> str | None:
        return f"It is with the {who} already." if charge.returned_to == who else None

    return condition


def answer_condition(charge: Charge, by: User, reason: str) -> str | None:
    if charge.returned_to not in roles_of(by, charge.facility):
        return "This charge is not out for your answer."
    return None


def held_by_hand(charge: Charge, by: User, reason: str) -> str | None:
    if charge.hold_reason or charge.returned_to:
        return None
    return "Nobody holds it by hand: it stands where the rulebook put it."


def something_found(charge: Charge, by: User, reason: str) -> str | None:
    return None if findings_of(charge) else "The rulebook found nothing to dispute."


def stop_condition(charge: Charge, by: User, reason: str) -> str | None:
    if charge.disposition != Disposition.STOP:
        return "No stop stands in the way of this charge."
    if is_overridden(charge):
        return f"The stop is overridden already, by {charge.overridden_by}."
    return None


def proposal_condition(charge: Charge, by: User, reason: str) -> str | None:
    if charge.override_proposed_at and not charge.overridden_at:
        return f"{charge.override_proposed_by} has proposed it already: another manager confirms."
    return stop_condition(charge, by, reason)


def decline_condition(charge: Charge, by: User, reason: str) -> str | None:
    if not charge.override_proposed_at and not charge.overridden_at:
        return "Nobody has proposed to override this stop."
    return None if waits_for_second_manager(charge) else stop_condition(charge, by, reason)


def confirm_condition(charge: Charge, by: User, reason: str) -> str | None:
    refusal = decline_condition(charge, by, reason)
    return refusal or second_person_refusal(charge, "confirm_override", by)


def marked(charge: Charge, by: User, reason: str) -> str | None:
    if ChangedVerdict.objects.open().filter(charge=charge).exists():
        return None
    return "Nothing says that this charge would now be judged differently."


def nothing_in_its_place(charge: Charge, by: User, reason: str) -> str | None:
    if charge.session.voided_at:
        return "The treatment itself was taken back: there is nothing to bill."
    if Charge.objects.live().filter(session=charge.session_id).exists():
        return "Another charge of this fraction stands in its place."
    if Charge.objects.filter(replaces=charge.pk).exists():
        return "It has a successor: go on with that one."
    return None


def nobody_left_it_unbilled(charge: Charge, by: User, reason: str) -> str | None:
    event = charge.events.filter(verb="leave_unbilled").select_related("by").first()
    if event:
        return f"It was left unbilled already, by {event.by}."
    return nothing_in_its_place(charge, by, reason)


CONDITIONS: dict[str, Condition] = {
    "capture_again": nothing_in_its_place,
    "leave_unbilled": nobody_left_it_unbilled,
    "release": release_condition,
    "apply_correction": correction_condition,
    "return_to_therapist": returned_already("therapist"),
    "return_to_physician": returned_already("physician"),
    "answer_return": answer_condition,
    "return_to_review": held_by_hand,
    "dispute": something_found,
    "propose_override": proposal_condition,
    "confirm_override": confirm_condition,
    "decline_override": decline_condition,
    "acknowledge": marked,
}


def why_move_refused(charge: Charge, verb: str, by: User, *, reason: str = "") -> str | None:
    """The sentence that refuses a move the table allows; None when nothing stands against it."""
    condition = CONDITIONS.get(verb)
    return condition(charge, by, reason) if condition else None


def offered(charge: Charge, by: User) -> dict[str, Move]:
    """The moves this person may make now, by verb: exactly those the action accepts."""
    rows = moves_from(CHARGE_MOVES, charge.status, roles_of(by, charge.facility))
    return {
        row.verb: row
        for row in rows
        if why_move_refused(charge, row.verb, by, reason=ANY_REASON) is None
    }
