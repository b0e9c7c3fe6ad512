"""What the page of a charge shows: the line, the findings with what to do, the facts, the story."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts.models import User
from authorizations.charges.conditions import needs_reason, offered
from authorizations.charges.image_timeline import time_line
from authorizations.charges.line_diff import Proposal, first_proposal
from authorizations.charges.moves import OVERRIDES
from authorizations.charges.notes import notes_of
from authorizations.charges.queue.actions import being_worked
from authorizations.charges.session_timeline import session_events
from authorizations.models import OPEN, Charge, GuidanceSession
from authorizations.prior_authorizations.unit_ledger import sessions_in
from authorizations.verdicts.status import STATUS_TONES, latest_judgements, shown_finding
from authorizations.workflow import Move
from coding.denials import meaning
from coding.rules import RULEBOOK_VERSION
from coding.rules.serialize import facts_from_json, findings_from_json
from payers.may_we_bill.address import address_of

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
# After these the coder looks at the same charge once more; after the others at the next one.
STAYS = {"correct", "apply_correction", "return_to_review", "dispute"} | OVERRIDES
ASKS_DAY = {"hold": "Look again on (optional)"}
EXPLANATIONS = {
    "replace": "The line is taken back and the fraction is captured anew, to be billed again.",
    "void": "The line is taken back and the fraction will not be billed until somebody captures "
    "it anew. To bill it again, choose “Void and capture anew”.",
    "capture_again": "The same line as an open charge that names this one; it is judged at once.",
    "leave_unbilled": "Nothing takes its place: the fraction is not billed, and its unit goes back "
    "to the ledger.",
}
ENDS_BILLING = ("void", "leave_unbilled")
FORM_OF_ITS_OWN = ("release", "correct", "apply_correction")


@dataclass(frozen=True)
class Button:
    """A move as it is offered: what it asks for, and where the page goes on afterwards."""

    verb: str
    label: str
    url: str
    asks_reason: bool
    day_label: str
    then: str
    explanation: str = ""
    danger: bool = False
    tone: str = "secondary"


def charge_page_context(
    charge: Charge, user: User, now: datetime, *, stay: str = "", onward: str = ""
) -> dict[str, Any]:
    """The context of the page; ``stay`` and ``onward`` are where its buttons lead in the queue."""
    review = latest_judgements([charge]).get(charge.pk)
    findings = findings_from_json(review.verdict) if review else ()
    moves = offered(charge, user)
    return {
        "review": review,
        "findings": [finding_with_fix(finding) for finding in findings],
        "correction": first_proposal(charge, findings) if "apply_correction" in moves else None,
        "facts": facts_in_words(review.facts) if review else [],
        "may_we_bill": may_we_bill_address(charge, review.facts) if review else "",
        "is_old_rulebook": bool(review) and review.rulebook_version != RULEBOOK_VERSION,
        "verbs": set(moves),
        "buttons": buttons(charge, moves.values(), stay, onward),
        "tone": STATUS_TONES[charge.status],
        "needs_reason": needs_reason(charge),
        **notes_of(charge, user),
        "successor": getattr(charge, "replaced_by", None),
        "events": session_events(charge.session),
        "time_line": review_line(charge.session),
        "ledger": ledger(charge.session),
        "alike": alike(charge),
        "assignment": getattr(charge, "assignment", None),
        "workers": workers(charge, user, now),
        "stay": stay,
        "onward": onward,
    }


def may_we_bill_address(charge: Charge, facts: str) -> str:
    """Where the same facts can be asked about, and changed: without a patient's name or number."""
    plan = charge.plan.code if charge.plan else ""
    return f"{reverse('may_we_bill')}?{address_of(facts_from_json(facts), plan)}"


def buttons(charge: Charge, moves: Iterable[Move], stay: str, onward: str) -> list[Button]:
    """Every move of the table that has no place of its own on the page."""
    return [
        Button(
            verb=move.verb,
            label=move.label,
            url=reverse("charge_move", args=[charge.pk, move.verb]),
            asks_reason=move.asks_reason,
            day_label=ASKS_DAY.get(move.verb, ""),
            then=stay if move.verb in STAYS else onward,
            explanation=EXPLANATIONS.get(move.verb, ""),
            danger=move.verb in ENDS_BILLING,
            tone="primary" if move.verb == "confirm_override" else "secondary",
        )
        for move in moves
        if move.verb not in FORM_OF_ITS_OWN
    ]


def finding_with_fix(finding: Any) -> dict[str, Any]:
    """A finding in words, with what each denial it would bring means and what mends it."""
    denials: list[dict[str, str]] = []
    for code in finding.likely_denial:
        row = meaning(code)
        if row is None and denials:  # a remark that comes with the reason before it
            denials[-1]["code"] += f" {code}"
            continue
        words = {"situation": row.situation, "fix": row.fix} if row else {}
        denials.append({"code": code, **words})
    return {**shown_finding(finding), "likely_denial": "", "denials": denials}


def correction_initial(charge: Charge, proposed: Proposal | None) -> dict[str, Any]:
    """What the form of a correction begins with."""
    return {
        "code": proposed.code if proposed else charge.code,
        "modifiers": " ".join(proposed.modifiers if proposed else charge.modifiers),
        "units": proposed.units if proposed else charge.units,
    }


def review_line(session: GuidanceSession) -> Any:
    """The image review against the course's next delivered session."""
    following = (
        GuidanceSession.objects.delivered()
        .filter(course=session.course_id, started_at__gt=session.started_at)
        .order_by("started_at")
        .first()
    )
    return time_line(session, list(session.reviews.all()), following)


def ledger(session: GuidanceSession) -> dict[str, Any] | None:
    """The units of the line whose unit this session holds; each figure opens its sessions."""
    line = session.authorized_service
    if line is None:
        return None
    parts = (("released", "Released"), ("held", "Reviewed, not released"))
    return {
        "line": line,
        "approved": line.units_approved or 0,
        "used": line.units_used,
        "left": line.units_remaining,
        "parts": [
            {
                "label": label,
                "count": sessions_in(line, part).count(),
                "url": reverse("authorization_ledger", args=[line.authorization_id, line.pk, part]),
            }
            for part, label in (*parts, ("unreviewed", "Recorded, not reviewed"))
        ],
    }


def alike(charge: Charge) -> dict[str, Any] | None:
    """The open charges of the course that the same finding leads, this one among them."""
    if not charge.leading_rule or charge.status not in OPEN:
        return None
    rows = Charge.objects.open().filter(
        session__course=charge.session.course_id, leading_rule=charge.leading_rule
    )
    count = rows.count()
    query = f"course={charge.session.course_id}&rule={charge.leading_rule}"
    url = f"{reverse('charge_list')}?{query}"
    return {"count": count, "more": count - 1, "url": url} if count > 1 else None


def workers(charge: Charge, user: User, now: datetime) -> list[Any]:
    """Other coders who opened this charge within the last minutes."""
    rows = being_worked(now).filter(charge=charge).exclude(by=user)
    return list(rows.select_related("by"))


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
        {"label": name.replace("_", " "), "value": fact_label(value)}
        for name, value in values.items()
        if value not in (None, "", [], {})
    ]


def fact_label(value: Any) -> str:
    """A stored value as people read it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(fact_label(item) for item in value)
    if isinstance(value, dict):
        return ", ".join(
            f"{name.replace('_', ' ')} {fact_label(v)}"
            for name, v in value.items()
            if v not in (None, "", [])
        )
    return str(value)
