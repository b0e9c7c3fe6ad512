"""What the page of a charge shows: the line, the findings with what to do, the facts, the story."""

from __future__ import annotations

import json
from typing import Any

from accounts.models import User
from authorizations.actions.conditions import needs_reason, offered
from authorizations.charge_notes import notes_of
from authorizations.course_page import Moment
from authorizations.models import Charge
from authorizations.standing import STATUS_TONES, TONES, latest_judgements, shown_finding
from coding.rules import RULEBOOK_VERSION
from coding.rules.serialize import findings_from_json

SUBJECTS = {
    "line": "The line",
    "payer": "The payer's answers that day",
    "session": "The session",
    "review": "The image review",
    "day": "The same day",
    "authorization": "The authorization",
    "unit_limit": "Published unit limit",
    "filing": "Filing",
}


def shown(charge: Charge, user: User) -> dict[str, Any]:
    """The context of the page."""
    review = latest_judgements([charge]).get(charge.pk)
    findings = findings_from_json(review.verdict) if review else ()
    moves = offered(charge, user)
    return {
        "review": review,
        "findings": [shown_finding(finding) for finding in findings],
        "correction": next((f.correction for f in findings if is_a_line(f.correction)), None),
        "facts": facts_in_words(review.facts) if review else [],
        "is_old_rulebook": bool(review) and review.rulebook_version != RULEBOOK_VERSION,
        "moves": moves,
        "tone": STATUS_TONES.get(charge.status, "neutral"),
        "verdict_tone": TONES.get(charge.disposition, "neutral"),
        "may_replace": False,  # "replace" is one of the moves
        "needs_reason": needs_reason(charge),
        **notes_of(charge, user),
        "is_stopped": charge.disposition == "STOP" and charge.overridden_at is None,
        "events": events(charge),
        "successor": getattr(charge, "replaced_by", None),
    }


def is_a_line(correction: Any) -> bool:
    """Whether a correction names another line, not only advice."""
    return correction is not None and (
        correction.code is not None
        or correction.modifiers is not None
        or correction.units is not None
    )


def facts_in_words(text: str) -> list[dict[str, Any]]:
    """The stored facts by subject, as pairs for people."""
    data = json.loads(text)
    found = [
        {"title": title, "fields": fields_of(data.get(key) or {})}
        for key, title in SUBJECTS.items()
    ]
    return [subject for subject in found if subject["fields"]]


def fields_of(values: dict[str, Any]) -> list[dict[str, str]]:
    return [
        {"label": name.replace("_", " "), "value": in_words(value)}
        for name, value in values.items()
        if value not in (None, "", [], {})
    ]


def in_words(value: Any) -> str:
    """A stored value as people read it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(in_words(item) for item in value)
    if isinstance(value, dict):
        return ", ".join(
            f"{name.replace('_', ' ')} {in_words(v)}"
            for name, v in value.items()
            if v not in (None, "", [])
        )
    return str(value)


def events(charge: Charge) -> list[Moment]:
    """Everything that happened to the charge, the latest first."""
    rows = charge.events.select_related("by").order_by("-at", "-id")
    return [
        Moment(
            event.at,
            f"{event.verb.replace('_', ' ').capitalize()} → {event.new_status.replace('_', ' ')}",
            str(event.by),
            event.reason,
            STATUS_TONES.get(event.new_status, "neutral"),
        )
        for event in rows
    ]
