"""Peer-to-peer: arranging the call, its talking points, and what the physician heard."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.roles import Permission, has_permission
from accounts.web.text import shown_day
from authorizations import workflow
from authorizations.courses.contest_deadlines import PEER_TO_PEER_BY, contest_deadlines
from authorizations.exceptions import Refused
from authorizations.models import (
    AuthorizationEvent,
    AuthorizationStatus,
    CallOutcome,
    Channel,
    PeerToPeer,
    PriorAuthorization,
)
from authorizations.prior_authorizations.actions import (
    log_contact,
    make_authorization_move,
    write_authorization_event,
)
from authorizations.prior_authorizations.decisions import lock
from authorizations.worklists.sync_tasks import in_one_pass, in_words, sync_course
from payers.clocks import Deadline
from payers.models import AuthorizationPolicy

CALLERS = (Permission.LOG_AUTHORIZATIONS, Permission.REVIEW_IMAGES)


@transaction.atomic
@in_one_pass()
def arrange_peer_to_peer(
    *, authorization: PriorAuthorization, by: User, scheduled_at: datetime, **given: Any
) -> PeerToPeer:
    """A call with the payer's reviewer at a moment; where one is arranged already, it is moved.

    What was approved stays in force. Raises Refused and workflow.IllegalMove.
    """
    fresh = lock(authorization)
    refuse_others(fresh, by)
    given |= window_of(fresh, scheduled_at, given.pop("due_on", None))
    words = f"{scheduled_at.astimezone(fresh.facility.tz):%a %-d %b %Y, %H:%M}"
    before = running_call(fresh)
    event = before.event if before else begin(fresh, scheduled_at, words, by)
    call = PeerToPeer.objects.create(
        event=event, scheduled_at=scheduled_at, scheduled_by=by, **given
    )
    if before:
        PeerToPeer.objects.filter(pk=before.pk).update(moved_to=call)
        moved = write_authorization_event(
            fresh, "move_peer_to_peer", fresh.status, by, f"Now {words}"
        )
        sync_course(fresh.course_id, in_words(moved))
    return call


def window_of(
    authorization: PriorAuthorization, scheduled_at: datetime, given_day: date | None
) -> dict[str, Any]:
    """By when the payer hears it, and who says so. Raises Refused for a call outside of it."""
    if scheduled_at <= timezone.now():
        raise Refused("This moment is past: give the one that the payer offers.")
    known = known_window(authorization)
    due_on = known.due_at.date() if known else given_day
    source = known.source[:240] if known else "as the payer said"
    if due_on and scheduled_at.astimezone(authorization.facility.tz).date() > due_on:
        raise Refused(
            f"The payer hears it through {shown_day(due_on)} ({source}): ask for an earlier time."
        )
    return {"due_on": due_on, "due_source": source if due_on else ""}


def begin(
    authorization: PriorAuthorization, scheduled_at: datetime, words: str, by: User
) -> AuthorizationEvent:
    """The move into peer-to-peer, looked at again on the day of the call."""
    changed = make_authorization_move(
        authorization=authorization,
        verb=workflow.PEER_TO_PEER,
        by=by,
        reason=words,
        next_touch_on=scheduled_at.astimezone(authorization.facility.tz).date(),
    )
    event: AuthorizationEvent = changed.events.order_by("-id")[:1].get()
    return event


def refuse_others(authorization: PriorAuthorization, by: User) -> None:
    """A call is arranged and heard by who logs authorizations or reviews images there."""
    facility = authorization.course.facility
    if not any(has_permission(by, permission, facility) for permission in CALLERS):
        raise Refused("A peer-to-peer is for the front desk, a manager or a physician there.")


def known_window(authorization: PriorAuthorization) -> Deadline | None:
    """By when this payer hears a call, where it is published."""
    return dict(contest_deadlines(authorization)).get(PEER_TO_PEER_BY)


def running_call(authorization: PriorAuthorization) -> PeerToPeer | None:
    """The call that is arranged now, or was, and awaits the payer's letter."""
    rows = PeerToPeer.objects.running().filter(event__authorization=authorization)
    return rows.select_related("physician", "heard_by", "event").last()


@transaction.atomic
@in_one_pass()
def record_outcome(
    *, authorization: PriorAuthorization, by: User, outcome: str, note: str = ""
) -> PeerToPeer:
    """What the reviewer said. The letter decides: until it is here nothing else changes.

    It is logged as a call, and followed up the same day where nobody set another. Raises Refused.
    """
    fresh = lock(authorization)
    refuse_others(fresh, by)
    rows = PeerToPeer.objects.to_call().filter(event__authorization=fresh)
    call: PeerToPeer | None = rows.select_for_update(of=("self",)).last()
    if call is None or fresh.status != AuthorizationStatus.PEER_TO_PEER:
        raise Refused("No call is arranged, or what came of it is recorded already.")
    if outcome not in CallOutcome.values:
        raise Refused("Choose what came of the call.")
    call.outcome, call.outcome_note = outcome, note.strip()[:400]
    call.heard_at, call.heard_by = timezone.now(), by
    call.save()
    label = call.get_outcome_display()
    words = f"{label}. {call.outcome_note}".strip()
    event = write_authorization_event(fresh, "hear_peer_to_peer", fresh.status, by, words[:400])
    sync_course(fresh.course_id, in_words(event))
    log_contact(
        authorization=fresh,
        by=by,
        channel=Channel.PHONE,
        person=call.reviewer,
        reference=call.reference,
        summary=f"Peer-to-peer: {words}"[:400],
    )
    fresh.who_acts = "physician" if outcome == CallOutcome.MISSED else "us"
    if fresh.next_touch_set_by_id is None:
        fresh.next_touch_on = timezone.now().astimezone(fresh.facility.tz).date()
    fresh.save(update_fields=["who_acts", "next_touch_on"])
    return call


def talking_points(
    authorization: PriorAuthorization, policy: AuthorizationPolicy | None, lost: str
) -> str:
    """What to say: what is refused and why, how the course is treated, what the policy says."""
    course = authorization.course
    motion = ", with motion management" if course.has_motion_management else ""
    points = [
        lost,
        f"{course.diagnosis}, {course.body_site}: {course.get_technique_display()}, "
        f"{course.fractions_shown} fractions{motion}.",
    ]
    if policy:
        source = f"{policy.source}, verified {shown_day(policy.verified_on)}"
        if policy.note:
            points.append(f"Policy: {policy.note.strip()} ({source})")
        if policy.documents:
            points.append(f"The policy looks at: {'; '.join(policy.documents)} ({source})")
    return "\n".join(point for point in points if point)
