"""What the page of a request shows: its clock, its moves, its story."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from typing import Any

from accounts.models import User
from accounts.past import clock
from accounts.roles import roles_of
from authorizations.courses.contest_deadlines import contest_deadlines, first_decided_on
from authorizations.courses.events import AUTHORIZATION_TONES, CourseMoment, contact_moment
from authorizations.courses.recoding import recoding
from authorizations.models import (
    CONTESTED,
    MAY_BE_CONTESTED,
    WAITING,
    AuthorizationStatus,
    AuthorizedService,
    LineDecision,
    PriorAuthorization,
    Proof,
)
from authorizations.prior_authorizations.actions import facts_of_lines
from authorizations.prior_authorizations.decisions import CORRECTION_TO
from authorizations.prior_authorizations.unit_ledger import ledgers
from authorizations.web.event_labels import done_label
from authorizations.workflow import AUTHORIZATION_MOVES, Move, is_missing, moves_from
from coding.rules.facts import GUIDANCE
from payers.clocks import rule_in_words
from payers.models import AuthorizationPolicy
from payers.policies.lookup import PolicyBook

TONES = AUTHORIZATION_TONES
# Verbs with a form of their own, or reached through the payer's letter.
CORRECTIONS = frozenset(CORRECTION_TO.values())
OWN_PAGE = frozenset({"submit", "approve", "partially_approve", "deny"}) | CORRECTIONS
SOON = timedelta(days=2)


def authorization_context(authorization: PriorAuthorization, user: User) -> dict[str, Any]:
    """The context of the page."""
    held = roles_of(user, authorization.course.facility)
    moves = moves_from(AUTHORIZATION_MOVES, authorization.status, held)
    verbs, facts = {row.verb for row in moves}, facts_of_lines(authorization)
    proof = authorization.proof_here
    first = authorization.course.expected_on(clock.today())
    policy = PolicyBook().authorization_policy(authorization.plan, first)
    return {
        "lines": authorization.lines.all(),
        "tone": TONES[authorization.status],
        "countdown": countdown(authorization),
        "windows": windows(authorization),
        "moves": [row for row in moves if row.verb not in OWN_PAGE and is_fit(row, facts)],
        "may_submit": "submit" in verbs,
        "may_decide": bool(verbs & {"approve", "partially_approve", "deny"}),
        "may_correct": bool(verbs & CORRECTIONS),
        "may_log": bool(held & {"front_desk", "manager"}),
        "events": events(authorization),
        "documents": authorization.documents.select_related("added_by"),
        "contacts": authorization.contacts.all(),
        "is_asserted": proof == Proof.ASSERTED,
        "proof": proof.label,
        "policy": policy,
        "ledgers": ledgers(authorization),
        "standing": computed_standing(authorization),
        "checklist": checklist(authorization, policy),
        "may_extend": bool(held & {"front_desk", "manager"}) and authorization.status in WAITING,
        "recoding": recoding(authorization, clock.today()),
        "successors": authorization.successors.all(),
        "first_decided_on": first_decided_on(authorization),
    }


def is_fit(row: Move, facts: dict[str, Any]) -> bool:
    """Whether the lines of the request allow the move: a cut stands only where a part is approved.

    What a person types with the move is asked when it is made.
    """
    return not any(name in facts and is_missing(facts[name]) for name in row.needs)


def computed_standing(authorization: PriorAuthorization) -> str:
    """What time and treatment have made of an approval: expired, exhausted, or nothing."""
    if authorization.status == AuthorizationStatus.SUPERSEDED:
        return ""
    lines = [line for line in authorization.lines.all() if line.is_granted]
    if lines and all(line.last_day < clock.today() for line in lines):
        return "Expired"
    guidance = [line for line in lines if line.code == GUIDANCE]
    if guidance and not any(line.units_remaining for line in guidance):
        return "Exhausted"
    return ""


WANTED = {
    "consult": ("consultation",),
    "prescription": ("prescription",),
    "plan": ("treatment plan", "plan comparison", "dose"),
    "imaging": ("imaging", "image"),
}


def checklist(
    authorization: PriorAuthorization, policy: AuthorizationPolicy | None
) -> list[tuple[str, bool]]:
    """What this payer wants to see, and whether a document of that sort is attached."""
    kinds = {document.kind for document in authorization.documents.all()}
    return [
        (wanted, any(kind in kinds for kind in kinds_of(wanted)))
        for wanted in (policy.documents if policy else [])
    ]


def kinds_of(wanted: str) -> list[str]:
    """The kinds of document that answer a wish; any other file where nothing fits."""
    text = wanted.lower()
    found = [kind for kind, words in WANTED.items() if any(word in text for word in words)]
    return found or ["other"]


def countdown(authorization: PriorAuthorization) -> dict[str, Any] | None:
    """How long the payer still has, and by whose clock; an appeal has no clock of its own here."""
    is_answered = authorization.first_answer or authorization.status not in WAITING
    if is_answered or authorization.due_at is None:
        return None
    left = authorization.due_at - clock.now()
    tone = "bad" if left < timedelta(0) else "warn" if left < SOON else "info"
    return {
        "due": authorization.due_at,
        "words": due_phrase(authorization.due_at, authorization.facility.tz),
        "tone": tone,
        "basis": rule_in_words(authorization.clock_rule, authorization.urgency),
    }


def clock_kept(authorization: PriorAuthorization) -> dict[str, Any] | None:
    """The clock of a request, when it ended, and whether the answer came in time."""
    if authorization.due_at is None:
        return None
    due = authorization.due_at.astimezone(authorization.facility.tz)
    first = authorization.first_answered_on
    ended = first or clock.now().astimezone(due.tzinfo).date()
    late = (ended - due.date()).days
    verdict = f"{late} day{'s' * (late != 1)} late" if late > 0 else "in time"
    if first is None:
        overdue = due_phrase(due, due.tzinfo).replace("overdue", "late")
        verdict = f"no answer yet, {overdue}" if due < clock.now() else "no answer yet"
    return {
        "rule": rule_in_words(authorization.clock_rule, authorization.urgency),
        "key": authorization.clock_rule,
        "due": due,
        "first_on": first,
        "first": AuthorizationStatus(authorization.first_answer).label if first else "",
        "verdict": verdict,
    }


PROOFS = {
    "letter": ("a letter", frozenset({"approval_letter", "denial_letter"})),
    "portal": ("a page of the portal", frozenset({"portal_proof"})),
}


def lacking_proof(authorization: PriorAuthorization) -> str:
    """What the decision is said to rest on, where no such document is attached; else nothing."""
    words, kinds = PROOFS.get(authorization.evidence, ("", frozenset()))
    if not kinds or authorization.documents.filter(kind__in=kinds).exists():
        return ""
    return f"The decision rests on {words} that is not attached: attach it before this is sent."


def due_phrase(due: datetime, zone: tzinfo | None) -> str:
    """In 7 days; 2 days overdue: by the dates on the wall; in 5 hours, on the same day."""
    now = clock.now()
    days = abs((due.astimezone(zone).date() - now.astimezone(zone).date()).days)
    amount, unit = (days, "day") if days else (abs(due - now).seconds // 3600, "hour")
    text = f"{amount} {unit}{'s' * (amount != 1)}"
    return f"in {text}" if due >= now else f"{text} overdue"


def windows(authorization: PriorAuthorization) -> list[dict[str, Any]]:
    """After a denial or a cut: by when one may call and by when one may appeal.

    They are shown while either runs, too: the payer's clock does not wait for it.
    """
    is_contested = authorization.status in CONTESTED and authorization.first_answer
    if not (is_contested or authorization.status in MAY_BE_CONTESTED):
        return []
    zone = authorization.facility.tz
    return [
        {
            "label": label,
            "due": deadline.due_at.date(),
            "words": due_phrase(deadline.due_at, zone).replace("overdue", "ago"),
            "basis": deadline.source,
            "tone": "bad" if deadline.due_at < clock.now() else "warn",
        }
        for label, deadline in contest_deadlines(authorization)
    ]


def events(authorization: PriorAuthorization) -> list[CourseMoment]:
    """Moves and contacts, the latest first."""
    moments = [
        CourseMoment(
            event.at,
            done_label(event.verb),
            str(event.by),
            event.reason,
            TONES.get(event.new_status, "neutral"),
        )
        for event in authorization.events.select_related("by")
    ]
    moments += [contact_moment(said) for said in authorization.contacts.select_related("logged_by")]
    return sorted(moments, key=lambda moment: moment.when, reverse=True)


def usual_answer(authorization: PriorAuthorization, line: AuthorizedService) -> dict[str, Any]:
    """What a letter most often says: every unit approved; the dates are the letter's."""
    if line.decision != LineDecision.REQUESTED:
        return {
            name: getattr(line, name)
            for name in ("decision", "units_approved", "valid_from", "valid_through", "reason")
        }
    return {"decision": LineDecision.APPROVED, "units_approved": line.units_requested}
