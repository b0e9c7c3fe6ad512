"""What was done, in the past tense, and who acts next: the one place where these become words."""

from __future__ import annotations

from authorizations.workflow import UNDO_MOVES

WHO_ACTS = {
    "us": "The front office",
    "payer": "The payer",
    "physician": "The physician",
    "patient": "The patient",
    "nobody": "Nobody",
}
DONE = {
    # requests
    "open": "Opened",
    "import": "Imported",
    "submit": "Submitted",
    "mark_not_required": "Marked as not required",
    "reject": "Rejected by the portal",
    "reopen": "Prepared again",
    "pend": "Payer asked for more",
    "answer": "Sent what they asked for",
    "send_information": "Sent a part of what they asked for",
    "schedule_peer_to_peer": "Peer-to-peer arranged",
    "move_peer_to_peer": "Peer-to-peer moved",
    "hear_peer_to_peer": "Peer-to-peer held",
    "approve": "Approved",
    "partially_approve": "Partially approved",
    "deem_approved": "Deemed approved by law",
    "deny": "Denied",
    "correct_to_approved": "Decision corrected: approved",
    "correct_to_partially_approved": "Decision corrected: partially approved",
    "correct_to_denied": "Decision corrected: denied",
    "correct_to_upheld": "Decision corrected: denial upheld",
    "close_no_info": "Closed for no information",
    "appeal": "Appealed",
    "uphold": "Denial upheld",
    "uphold_after_peer_to_peer": "Peer-to-peer lost: the denial stands",
    "uphold_cut": "Contest lost: the cut stands, what was approved stays in force",
    "withdraw": "Withdrawn",
    "cancel": "Cancelled",
    "supersede": "Superseded",
    "reinstate": "In force again",
    "reinstate_partially": "In force again, as cut",
    "prove": "Proof added",
    "enter_number": "Number entered",
    "extend_clock": "Clock extended",
    "course_changed": "Course changed",
    "follow_up": "Follow-up set",
    "follow_up_done": "Follow-up done",
    "note": "Note",
    **{row.verb: row.label for row in UNDO_MOVES},
    # charges
    "capture": "Captured",
    "judge": "Judged",
    "release": "Released",
    "apply_correction": "Correction applied",
    "hold": "Held",
    "return_to_therapist": "Returned to the therapist",
    "return_to_physician": "Returned to the physician",
    "answer_return": "Answered",
    "come_back": "Came back",
    "return_to_review": "Given back to the rulebook",
    "correct": "Line corrected",
    "mark_not_billable": "Marked as not billable",
    "dispute": "Finding disputed",
    "propose_override": "Override proposed",
    "confirm_override": "Stop overridden",
    "decline_override": "Override declined",
    "acknowledge": "Kept as released",
    "void": "Voided",
    "replace": "Voided and captured anew",
    "capture_again": "Captured anew",
    "leave_unbilled": "Left unbilled",
    # a long history made up for measuring
    "made": "Made",
}


def done_label(verb: str) -> str:
    """Released, for release."""
    return DONE.get(verb) or verb.replace("_", " ").capitalize()


def done_and_now(verb: str, status: str) -> str:
    """What was done and where it led, unless the one already says the other: judged, now held."""
    words, now = done_label(verb).lower(), status.replace("_", " ")
    return words if now in words else f"{words}, now {now}"
