"""How a case moves: one table for authorizations and one for charges, asked by pages and actions.

A button is a move from this standing that this person may make; a refused action names the row that
refused. What depends on time (expired, exhausted, overdue) is computed elsewhere, never stored.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

FRONT_OFFICE = frozenset({"front_desk", "manager"})
FRONT_OFFICE_AND_PHYSICIAN = FRONT_OFFICE | {"physician"}
CODERS = frozenset({"coder", "manager"})
MANAGERS = frozenset({"manager"})
CLINIC = frozenset({"therapist", "physician"})
SYSTEM = "system"


class IllegalMove(Exception):
    """The move is refused; the message says which, from where, why, and what would make it
    legal.
    """


STAYS = ""


@dataclass(frozen=True, slots=True)
class Move:
    """One row of a table: who may move a case from where to where, and what must be given.

    Where ``to_state`` is STAYS, the case stands where it stood: something was said about it.
    """

    verb: str
    label: str
    from_states: frozenset[str]
    to_state: str
    roles: frozenset[str]
    needs: tuple[str, ...] = ()
    asks_reason: bool = False
    who_acts_next: str = "us"

    def after(self, status: str) -> str:
        """Where a case of this standing stands after the move."""
        return self.to_state or status


def move(
    verb: str,
    label: str,
    from_states: str,
    to_state: str,
    roles: frozenset[str],
    needs: str = "",
    reason: bool = False,
    next_: str = "us",
) -> Move:
    """A row written short: standings and needs as words between spaces."""
    states = frozenset(from_states.split())
    return Move(verb, label, states, to_state, roles, tuple(needs.split()), reason, next_)


ALLOWED = "approved partially_approved"
HOLDING = f"{ALLOWED} deemed_approved pended peer_to_peer appealed"  # may have approved lines
DECIDED = f"{ALLOWED} denied upheld"
CONTESTS = APPEAL, PEER_TO_PEER = "appeal", "schedule_peer_to_peer"
DECIDING = "submitted pended peer_to_peer appealed"
DEEM_APPROVED = "deem_approved"
LETTER = "number decided_on evidence dates units"
AUTHORIZATION_MOVES: tuple[Move, ...] = (
    move("mark_not_required", "Not required", "draft", "not_required", FRONT_OFFICE, "", True,
         "nobody"),
    move("submit", "Submit", "draft", "submitted", FRONT_OFFICE, "channel received_at lines", False,
         "payer"),
    move("reject", "Rejected by the portal", "submitted", "rejected", FRONT_OFFICE, "", True),
    move("reopen", "Prepare again", "rejected closed_no_info not_required", "draft", FRONT_OFFICE),
    move("pend", "Payer wants more", DECIDING, "pended", FRONT_OFFICE, "pend_reason"),
    move("answer", "Sent what they asked for", "pended", "submitted", FRONT_OFFICE, "", False,
         "payer"),
    move("schedule_peer_to_peer", "Peer-to-peer", "pended denied partially_approved",
         "peer_to_peer", FRONT_OFFICE_AND_PHYSICIAN, "", True, "physician"),
    move(DEEM_APPROVED, "Deemed approved by law", "submitted", "deemed_approved", FRONT_OFFICE,
         "silence_is_consent", True),
    move("approve", "Approved", f"{DECIDING} deemed_approved", "approved", FRONT_OFFICE, LETTER,
         False, "nobody"),
    move("partially_approve", "Partially approved", f"{DECIDING} deemed_approved",
         "partially_approved", FRONT_OFFICE, LETTER),
    move("deny", "Denied", "submitted pended peer_to_peer deemed_approved", "denied", FRONT_OFFICE,
         "decided_on evidence denial_reason"),
    move("correct_to_approved", "Typed wrongly: it was approved", DECIDED, "approved",
         FRONT_OFFICE, LETTER, True, "nobody"),
    move("correct_to_partially_approved", "Typed wrongly: it was partially approved",
         DECIDED, "partially_approved", FRONT_OFFICE, LETTER, True),
    move("correct_to_denied", "Typed wrongly: it was denied", DECIDED, "denied",
         FRONT_OFFICE, "decided_on evidence denial_reason", True),
    move("correct_to_upheld", "Typed wrongly: the denial was upheld", DECIDED, "upheld",
         FRONT_OFFICE, "decided_on evidence denial_reason", True),
    move("close_no_info", "Closed for no information", "pended", "closed_no_info", FRONT_OFFICE,
         "", True),
    move("appeal", "Appeal", "denied partially_approved upheld", "appealed",
         FRONT_OFFICE_AND_PHYSICIAN, "", True, "payer"),
    move("uphold", "Denial upheld", "appealed", "upheld", FRONT_OFFICE,
         "nothing_approved decided_on", True),
    move("uphold_after_peer_to_peer", "Denial stands", "peer_to_peer", "denied", FRONT_OFFICE,
         "nothing_approved decided_on", True),
    move("uphold_cut", "Cut stands", "appealed peer_to_peer", "partially_approved", FRONT_OFFICE,
         "approved_lines decided_on", True),
    move("withdraw", "Withdraw", "draft submitted pended", "withdrawn", FRONT_OFFICE, "", True,
         "nobody"),
    move("cancel", "Cancel", HOLDING, "cancelled", FRONT_OFFICE, "approved_lines", True,
         "nobody"),
    move("supersede", "Superseded", HOLDING, "superseded", FRONT_OFFICE, "approved_lines", True,
         "nobody"),
    move("reinstate", "In force again", "superseded", "approved", FRONT_OFFICE, "all_approved",
         True, "nobody"),
    move("reinstate_partially", "In force again, as cut", "superseded", "partially_approved",
         FRONT_OFFICE, "part_approved", True),
)  # fmt: skip
# Moves that may be undone, until something rests on them.
UNDOABLE = frozenset(
    {
        *("submit", "pend", "answer", "close_no_info", "withdraw", "cancel", "reject"),
        DEEM_APPROVED,
        *("approve", "partially_approve", "deny", *CONTESTS),
        *("uphold", "uphold_after_peer_to_peer", "uphold_cut"),
    }
)


def undo_moves(table: Iterable[Move]) -> tuple[Move, ...]:
    """For each status that an undoable move leaves: the way back to it, with a reason."""
    back: dict[str, set[str]] = {}
    for row in table:
        for status in row.from_states if row.verb in UNDOABLE else ():
            back.setdefault(status, set()).add(row.to_state)
    return tuple(
        move(f"undo_to_{status}", f"Undone: {status.replace('_', ' ')} again",
             " ".join(sorted(came)), status, FRONT_OFFICE_AND_PHYSICIAN, "", True)
        for status, came in sorted(back.items())
    )  # fmt: skip


UNDO_MOVES = undo_moves(AUTHORIZATION_MOVES)

# Moves that write down what the payer answered, or what proves it.
DECISIONS = frozenset(
    {
        *("approve", "partially_approve", "deny", "pend", "prove", "import"),
        "enter_number",
        *("correct_to_approved", "correct_to_partially_approved", "correct_to_denied"),
        *("correct_to_upheld", "uphold", "uphold_after_peer_to_peer", "uphold_cut"),
    }
)
OPEN = "captured held ready"
CHARGE_MOVES: tuple[Move, ...] = (
    move("release", "Release", "ready held", "released", CODERS, "", False, "nobody"),
    move("apply_correction", "Apply the correction", OPEN, "captured", CODERS),
    move("hold", "Hold", OPEN, "held", CODERS, "", True),
    move("return_to_therapist", "Return to therapist", OPEN, "held", CODERS, "", True,
         "therapist"),
    move("return_to_physician", "Return to physician", OPEN, "held", CODERS, "", True,
         "physician"),
    move("answer_return", "Answer", "held", "held", CLINIC, "", True),
    move("return_to_review", "Give back to the rulebook", "held", "captured", CODERS),
    move("correct", "Correct the line", OPEN, "captured", CODERS, "", True),
    move("mark_not_billable", "Not billable", OPEN, "not_billable", CODERS, "", True, "nobody"),
    move("dispute", "Dispute a finding", f"{OPEN} released", STAYS, CODERS, "rule", True),
    move("propose_override", "Propose an override", "held", "held", MANAGERS, "", True),
    move("confirm_override", "Confirm the override", "held ready", STAYS, MANAGERS),
    move("decline_override", "Decline the override", "held ready", STAYS, MANAGERS, "", True),
    move("acknowledge", "Keep as released", "released", STAYS, CODERS, "", True, "nobody"),
    move("replace", "Void and capture anew", "released", "void", CODERS, "", True),
    move("void", "Void", f"{OPEN} released not_billable", "void", CODERS | {SYSTEM}, "", True,
         "nobody"),
    move("capture_again", "Capture anew", "void", STAYS, CODERS, "", True),
    move("leave_unbilled", "Leave unbilled", "void", STAYS, CODERS, "", True, "nobody"),
)  # fmt: skip

NEED_IN_WORDS = {
    "channel": "how it was sent",
    "received_at": "when the payer received it",
    "lines": "at least one line with its code and units",
    "pend_reason": "what the payer asks for",
    "number": "the payer's authorization number",
    "decided_on": "the date of the decision",
    "evidence": "what proves it: letter, portal or telephone",
    "dates": "the dates of the letter",
    "units": "the units approved for each line",
    "denial_reason": "the payer's reason",
    "approved_lines": "a line that the payer approved",
    "nothing_approved": "that no line is approved: where some are, only the cut stands",
    "all_approved": "that every line is approved as asked",
    "part_approved": "that only a part is approved",
    "silence_is_consent": "a deadline that passed without an answer, and a law of the plan's state "
    "that takes this for consent",
    "reason": "a reason",
    "rule": "the number of the rule",
}


def moves_from(table: Iterable[Move], status: str, roles: Collection[str]) -> tuple[Move, ...]:
    """The moves a person with these roles may make from this standing, in the table's order."""
    held = frozenset(roles)
    return tuple(m for m in table if status in m.from_states and m.roles & held)


def check(
    table: Iterable[Move],
    verb: str,
    status: str,
    roles: Collection[str],
    given: Mapping[str, Any],
) -> Move:
    """The row of a legal move. Raises IllegalMove with the sentence that a person needs."""
    rows = [row for row in table if row.verb == verb]
    if not rows:
        raise IllegalMove(f"There is no such move: {verb}.")
    row = next((row for row in rows if status in row.from_states), None)
    if row is None:
        raise IllegalMove(wrong_standing(rows[0], status))
    if not row.roles & frozenset(roles):
        people = " or ".join(sorted(name.replace("_", " ") for name in row.roles - {SYSTEM}))
        raise IllegalMove(f"“{row.label}” is for a {people}.")
    wanted = row.needs + (("reason",) if row.asks_reason else ())
    missing = [name for name in wanted if is_missing(given.get(name))]
    if missing:
        words = ", ".join(NEED_IN_WORDS.get(name, name.replace("_", " ")) for name in missing)
        raise IllegalMove(f"“{row.label}” needs {words}.")
    return row


def wrong_standing(row: Move, status: str) -> str:
    """Where the case stands and from where the move would be possible."""
    states = ", ".join(sorted(state.replace("_", " ") for state in row.from_states))
    return f"“{row.label}” is not possible from {status.replace('_', ' ')}: only from {states}."


def is_missing(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip()) or value in ([], (), 0)


def header_status(decisions: Iterable[str]) -> str:
    """The standing of a request, from the decisions of its lines.

    All approved: approved. All denied: denied. Any line still with the payer: pended once others
    are decided or one is pended, else submitted. Any other mix: partially approved.
    """
    found = set(decisions)
    if found == {"approved"}:
        return "approved"
    if found == {"denied"}:
        return "denied"
    if found <= {"requested"}:
        return "submitted"
    if found & {"pended", "requested"}:
        return "pended"
    return "partially_approved"


# X12 278 action codes (HCR01, element 306) as decisions of a line; AAA means not processable.
DECISION_OF_ACTION_CODE = {
    "A1": "approved",
    "A2": "reduced",
    "A3": "denied",
    "A4": "pended",
    "A6": "reduced",
    "CT": "pended",
}
MOVE_OF_ACTION_CODE = {"C": "withdraw", "NA": "mark_not_required", "AAA": "reject"}


def release_gate(
    disposition: str, *, has_reason: bool, is_overridden: bool, is_held_by_hand: bool = False
) -> str | None:
    """The sentence that refuses a release, or None when the rulebook lets it go."""
    if disposition == "STOP" and not is_overridden:
        return (
            "The rulebook stops this charge. Mend what it names, or ask a manager to propose an "
            "override with a reason, which another manager confirms."
        )
    if disposition == "HOLD" and not has_reason:
        return "The rulebook holds this charge for a coder: give the reason for releasing it."
    if is_held_by_hand and not has_reason:
        return "A coder holds this charge: give the reason for releasing it."
    if disposition not in ("pass", "WARN", "HOLD", "STOP"):
        return "This charge has not been judged yet."
    return None
