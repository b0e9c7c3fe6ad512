"""What the page of a request shows: its clock, its moves, its story."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from accounts.past import clock
from accounts.roles import is_permitted_somewhere, roles_of
from authorizations.courses.contest_deadlines import first_decided_on
from authorizations.courses.events import AUTHORIZATION_TONES, CourseMoment, contact_moment
from authorizations.courses.next_steps import next_steps
from authorizations.courses.page import today_at
from authorizations.courses.recoding import recoding
from authorizations.courses.units_ahead import outlook, unit_bars
from authorizations.models import (
    WAITING,
    AuthorizationStatus,
    AuthorizedService,
    CorrectedRecord,
    Document,
    LineDecision,
    PriorAuthorization,
    Proof,
    RecordCorrection,
)
from authorizations.prior_authorizations.actions import facts_of_lines
from authorizations.prior_authorizations.deadlines import (
    countdown,
    due_phrase,
    latest_information,
    windows,
)
from authorizations.prior_authorizations.decisions import CORRECTION_TO
from authorizations.prior_authorizations.peer_to_peers import running_call
from authorizations.prior_authorizations.silence import words_of_silence
from authorizations.prior_authorizations.undoing import is_fresh, undoable_move
from authorizations.prior_authorizations.unit_ledger import ledgers
from authorizations.web.event_labels import done_label
from authorizations.workflow import (
    AUTHORIZATION_MOVES,
    DEEM_APPROVED,
    FRONT_OFFICE_AND_PHYSICIAN,
    PEER_TO_PEER,
    Move,
    is_missing,
    moves_from,
)
from coding.rules.facts import GUIDANCE
from payers.directory.actions import REPORTS
from payers.directory.lookup import DirectoryBook
from payers.models import AuthorizationPolicy
from payers.policies.lookup import PolicyBook

TONES = AUTHORIZATION_TONES
# Verbs with a form of their own, or reached through the payer's letter.
CORRECTIONS = frozenset(CORRECTION_TO.values())
OWN_PAGE = frozenset({"submit", "approve", "partially_approve", "deny"}) | CORRECTIONS
SHOWN_APART = OWN_PAGE | {"pend", PEER_TO_PEER}


def authorization_context(authorization: PriorAuthorization, user: User) -> dict[str, Any]:
    """The context of the page."""
    course = authorization.course
    held = roles_of(user, course.facility)
    moves = moves_from(AUTHORIZATION_MOVES, authorization.status, held)
    found, is_desk = outlook(course, today_at(course)), bool(held & {"front_desk", "manager"})
    verbs, facts = {row.verb for row in moves}, facts_of_lines(authorization)
    asked = latest_information(authorization)
    apart = SHOWN_APART | ({"answer"} if asked and asked["is_open"] else set())
    policy = policy_of(authorization)
    return {
        "lines": authorization.lines.all(),
        "tone": TONES[authorization.status],
        "countdown": countdown(authorization),
        "windows": windows(authorization),
        "moves": [row for row in moves if row.verb not in apart and is_fit(row, facts)],
        **may_do(verbs),
        **call_context(authorization, held),
        "asked": asked,
        "may_log": is_desk,
        "may_change": "withdraw" in verbs and not facts["approved_lines"],
        "events": events(authorization),
        "documents": authorization.documents.select_related("added_by"),
        "struck": struck_documents(authorization),
        "contacts": authorization.contacts.all(),
        **proof_context(authorization),
        "policy": policy,
        **whom_to_call(authorization, policy, user),
        "ledgers": ledgers(authorization, found),
        "standing": computed_standing(authorization),
        "checklist": checklist(authorization, policy),
        "may_extend": is_desk and authorization.status in WAITING,
        "recoding": recoding(authorization, clock.today()),
        "successors": authorization.successors.all(),
        "first_decided_on": first_decided_on(authorization),
        "prefills": prefills(authorization),
        "undo": undo_offer(authorization, user),
        "bars": unit_bars(found),
        "steps": next_steps(found, authorization) if is_desk else [],
    }


def whom_to_call(
    authorization: PriorAuthorization, policy: AuthorizationPolicy | None, user: User
) -> dict[str, Any]:
    """Whom to call about the request, what went to them, and whether a number may be reported."""
    return {
        "packets": authorization.packets.select_related("made_by"),
        "directory": DirectoryBook(clock.today()).whom_to_call(authorization.plan, policy),
        "may_report": is_permitted_somewhere(user, *REPORTS),
    }


def proof_context(authorization: PriorAuthorization) -> dict[str, Any]:
    """On what the payer's answer rests, and whether its document is missing."""
    proof = authorization.proof_here
    return {"is_asserted": proof == Proof.ASSERTED, "proof": proof.label}


def struck_documents(authorization: PriorAuthorization) -> QuerySet[Document]:
    """The documents that were struck as another patient's."""
    rows = Document.with_struck.filter(authorization=authorization, struck_at__isnull=False)
    return rows.select_related("struck_by")


def policy_of(authorization: PriorAuthorization) -> AuthorizationPolicy | None:
    """What the payer wants to see of guidance in this course, at the place of the request."""
    course = authorization.course
    on = course.expected_on(clock.today())
    service = course.guidance_on(on, authorization.facility)
    return PolicyBook().authorization_policy(authorization.plan, on, service)


def may_do(verbs: set[str]) -> dict[str, bool]:
    """The moves with a page of their own that this person may make now."""
    return {
        "may_submit": "submit" in verbs,
        "may_decide": bool(verbs & {"approve", "partially_approve", "deny"}),
        "may_correct": bool(verbs & CORRECTIONS),
        "may_pend": "pend" in verbs,
        "may_arrange": PEER_TO_PEER in verbs,
    }


def call_context(authorization: PriorAuthorization, held: frozenset[str]) -> dict[str, Any]:
    """The peer-to-peer that runs, and how long until the call."""
    call = running_call(authorization)
    is_ahead = call is not None and call.is_to_make
    words = due_phrase(call.scheduled_at, authorization.facility.tz) if call and is_ahead else ""
    may_call = bool(held & FRONT_OFFICE_AND_PHYSICIAN)
    return {"call": call, "call_words": words, "may_call": may_call}


def undo_offer(authorization: PriorAuthorization, user: User) -> dict[str, Any] | None:
    """The latest move that may be undone, and whether at once, without a reason."""
    event = undoable_move(authorization, user)
    if event is None:
        return None
    did = done_label(event.verb).lower()
    words = (
        f"Takes back “{did}”: number, lines, dates and clock are as before. Both stay in history."
    )
    return {"event": event, "did": did, "words": words, "is_fresh": is_fresh(event, user)}


def prefills(authorization: PriorAuthorization) -> dict[str, str]:
    """The reason that a move is offered with, by verb."""
    return {
        "appeal": appeal_words(authorization),
        DEEM_APPROVED: words_of_silence(authorization),
    }


def appeal_words(authorization: PriorAuthorization) -> str:
    """What an appeal contests: the units not granted, and the payer's own reason."""
    lost = []
    for line in authorization.lines.all():
        units = line.units_requested - (line.units_approved or 0)
        if units > 0:
            reason = (line.reason or authorization.denial_reason).rstrip(".")
            lost.append(f"{units} × {line}" + (f", refused as “{reason}”" if reason else ""))
    return f"Asks again for {'; '.join(lost)}."[:200] if lost else ""


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
    moments += corrected_moments(authorization)
    moments += [contact_moment(said) for said in authorization.contacts.select_related("logged_by")]
    return sorted(moments, key=lambda moment: moment.when, reverse=True)


def corrected_moments(authorization: PriorAuthorization) -> list[CourseMoment]:
    """What was typed wrongly about the request, as it was and as it should have been."""
    kinds = (CorrectedRecord.REQUEST, CorrectedRecord.SUBMISSION)
    rows = RecordCorrection.objects.filter(record__in=kinds, row=authorization.pk)
    return [
        CourseMoment(
            row.at,
            f"{row.get_record_display()} corrected",
            str(row.by),
            "; ".join([row.reason, *(f"{name}: {old} → {new}" for name, old, new in row.changes)]),
        )
        for row in rows.select_related("by")
    ]


def usual_answer(authorization: PriorAuthorization, line: AuthorizedService) -> dict[str, Any]:
    """What a letter most often says: every unit approved; the dates are the letter's."""
    if line.decision != LineDecision.REQUESTED:
        return {
            name: getattr(line, name)
            for name in ("decision", "units_approved", "valid_from", "valid_through", "reason")
        }
    return {"decision": LineDecision.APPROVED, "units_approved": line.units_requested}
