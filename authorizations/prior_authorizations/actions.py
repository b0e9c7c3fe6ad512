"""What a coordinator does with a request: open it, send it, log the calls, write down the
answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import SYSTEM_USERNAME, User
from accounts.roles import roles_of
from authorizations import workflow
from authorizations.courses.registration import clock
from authorizations.exceptions import Refused
from authorizations.models import (
    LINE_IN_FORCE,
    AuthorizationEvent,
    AuthorizationStatus,
    AuthorizedService,
    Contact,
    Course,
    Evidence,
    PriorAuthorization,
)
from authorizations.prior_authorizations.silence import consent_by_silence
from authorizations.verdicts.judge_course import judge_course
from authorizations.worklists.open_days import ONE_DAY, open_day_from
from authorizations.worklists.sync_tasks import in_one_pass, in_words, sync_course


@transaction.atomic
def open_request(
    *, course: Course, lines: Sequence[Mapping[str, Any]], by: User, **given: Any
) -> PriorAuthorization:
    """Start a request as a draft. ``lines``: code, modifier, units_requested. Raises Refused."""
    if not lines:
        raise Refused("A request has at least one line: a code and its units.")
    twin = same_request(course, lines)
    if twin and not given.pop("is_second_on_purpose", False):
        raise Refused(
            f"This course already has a request for the same code ({twin}, "
            f"{twin.get_status_display().lower()}). Open that one, or say it is on purpose."
        )
    given.pop("is_second_on_purpose", None)
    request = PriorAuthorization.objects.create(course=course, created_by=by, **given)
    AuthorizedService.objects.bulk_create(
        AuthorizedService(authorization=request, **line) for line in lines
    )
    opened = write_authorization_event(request, "open", "", by)
    sync_course(course.pk, in_words(opened))
    return request


def same_request(
    course: Course, lines: Sequence[Mapping[str, Any]], besides: PriorAuthorization | None = None
) -> PriorAuthorization | None:
    """A living request of the course, besides one, that already asks for one of these codes."""
    codes = {line["code"] for line in lines}
    dead = ("withdrawn", "cancelled", "superseded", "denied", "upheld", "closed_no_info")
    return (
        PriorAuthorization.objects.filter(course=course, lines__code__in=codes)
        .exclude(status__in=dead)
        .exclude(pk=besides.pk if besides else None)
        .first()
    )


LOST_CONTESTS = ("uphold", "uphold_after_peer_to_peer", "uphold_cut")
CONTEST_OF_STATUS = {
    AuthorizationStatus.APPEALED: workflow.APPEAL,
    AuthorizationStatus.PEER_TO_PEER: workflow.PEER_TO_PEER,
}


@transaction.atomic
def make_authorization_move(
    *,
    authorization: PriorAuthorization,
    verb: str,
    by: User,
    reason: str = "",
    given: Mapping[str, Any] | None = None,
    details: Mapping[str, Any] | None = None,
    undoes: AuthorizationEvent | None = None,
    **changes: Any,
) -> PriorAuthorization:
    """Make one move of the workflow table. Raises workflow.IllegalMove with the sentence."""
    fresh = PriorAuthorization.objects.select_for_update().get(pk=authorization.pk)
    is_system = by.username == SYSTEM_USERNAME  # it brings in what a front desk kept
    roles = workflow.FRONT_OFFICE if is_system else roles_of(by, fresh.course.facility)
    if verb == "supersede":
        changes.setdefault("superseded_from", first_day_replaced(fresh))
    elif fresh.status == AuthorizationStatus.SUPERSEDED:
        changes.setdefault("superseded_from", None)
    facts = {**facts_of_lines(fresh), **changes, **(given or {}), "reason": reason}
    table = workflow.UNDO_MOVES if undoes else workflow.AUTHORIZATION_MOVES
    step = workflow.check(table, verb, fresh.status, roles, facts)
    old, before = fresh.status, values_by_name(fresh)
    fresh.status, fresh.who_acts = step.to_state, step.who_acts_next
    if fresh.next_touch_set_by_id is None:
        fresh.next_touch_on = computed_follow_up(fresh)
    else:
        changes.pop("next_touch_on", None)  # the follow-up that a person set stands
    if verb == "appeal":
        fresh.appeal_level += 1
    for name, value in changes.items():
        setattr(fresh, name, value)
    fresh.save()
    told = {"was": what_changed(fresh, before), **(details or lost_contest(verb, old))}
    event = write_authorization_event(fresh, verb, old, by, reason=reason, undoes=undoes, **told)
    sync_course(fresh.course_id, in_words(event))
    return fresh


UNCHANGED_BY_MOVES = (
    "id",
    "course",
    "status",
    "answer_corrections",
    "moves_undone",
    "first_answer",
    "created_at",
)


def values_by_name(authorization: PriorAuthorization) -> dict[str, Any]:
    """The values of a request as an event can hold them."""
    return {
        field.attname: None if value is None else field.value_to_string(authorization)
        for field in authorization._meta.concrete_fields
        if field.name not in UNCHANGED_BY_MOVES
        for value in [getattr(authorization, field.attname)]
    }


def what_changed(authorization: PriorAuthorization, before: dict[str, Any]) -> dict[str, Any]:
    """The values that a move changed, as they were before it; who was to act, and when, always."""
    after, always = values_by_name(authorization), ("who_acts", "next_touch_on")
    return {name: was for name, was in before.items() if after[name] != was or name in always}


@transaction.atomic
@in_one_pass()
def move_and_judge(*, authorization: PriorAuthorization, **given: Any) -> PriorAuthorization:
    """A move by its button; where it takes approved lines out of force or brings them back, the
    course is judged anew. Raises workflow.IllegalMove.
    """
    changed = make_authorization_move(authorization=authorization, **given)
    if given["verb"] in CHANGES_WHAT_IS_IN_FORCE:
        judge_course(changed.course, by=given["by"])
    return changed


CHANGES_WHAT_IS_IN_FORCE = ("cancel", "withdraw", "supersede", "reinstate", "reinstate_partially")


def facts_of_lines(authorization: PriorAuthorization) -> dict[str, Any]:
    """What some moves ask of the request and its lines; nothing where it is not so."""
    decisions = list(authorization.lines.values_list("decision", flat=True))
    approved = [decision for decision in decisions if decision in LINE_IN_FORCE]
    status = workflow.header_status(decisions)
    return {
        "decided_on": authorization.decided_on,
        "silence_is_consent": consent_by_silence(authorization),
        "approved_lines": approved,
        "nothing_approved": not approved or None,
        "all_approved": status == AuthorizationStatus.APPROVED or None,
        "part_approved": status == AuthorizationStatus.PARTIALLY_APPROVED or None,
    }


def lost_contest(verb: str, status: str) -> dict[str, Any]:
    """An answer to a contest says so, and whether it allows more than the answer before it."""
    return {"contest": CONTEST_OF_STATUS[status], "gained": False} if verb in LOST_CONTESTS else {}


def first_day_replaced(authorization: PriorAuthorization) -> date:
    """Today where the course is treated, for a replacement of which nobody gave the day."""
    return timezone.now().astimezone(authorization.course.facility.tz).date()


def computed_follow_up(authorization: PriorAuthorization) -> date | None:
    """The next open day where it is ours to act, halfway to the deadline where it is the payer's.

    It falls on a day on which the facility is open. Where nobody acts there is none.
    """
    if authorization.who_acts == "nobody":
        return None
    facility, today = authorization.course.facility, first_day_replaced(authorization)
    due = None if authorization.first_answer else authorization.due_at
    if authorization.who_acts != "payer" or due is None:
        return open_day_from(today + ONE_DAY, facility)
    days_left = (due.astimezone(facility.tz).date() - today).days
    return open_day_from(today + ONE_DAY * max(days_left // 2, 1), facility)


def write_authorization_event(
    authorization: PriorAuthorization,
    verb: str,
    old: str,
    by: User,
    reason: str = "",
    undoes: AuthorizationEvent | None = None,
    **details: Any,
) -> AuthorizationEvent:
    return AuthorizationEvent.objects.create(
        authorization=authorization,
        verb=verb,
        old_status=old,
        new_status=authorization.status,
        reason=reason,
        details=details,
        undoes=undoes,
        by=by,
    )


@transaction.atomic
def submit(
    *,
    authorization: PriorAuthorization,
    by: User,
    channel: str,
    received_on: datetime,
    reference: str = "",
) -> PriorAuthorization:
    """The request has gone out; the payer's clock starts when they received it."""
    deadline = clock(
        authorization.plan,
        received_on,
        authorization.facility.time_zone,
        authorization.urgency,
        channel,
    )
    return make_authorization_move(
        authorization=authorization,
        verb="submit",
        by=by,
        given={"received_at": received_on, "lines": authorization.lines.count()},
        channel=channel,
        received_on=received_on,
        reference=reference,
        submitted_at=timezone.now(),
        submitted_by=by,
        due_at=deadline.due_at if deadline else None,
        clock_rule=deadline.rule if deadline else "",
    )


@transaction.atomic
def log_contact(*, authorization: PriorAuthorization, by: User, **said: Any) -> Contact:
    """A call or message: with whom, its reference, what was promised, and the follow-up, if any.

    Without a follow-up the one before stays.
    """
    contact = Contact.objects.create(authorization=authorization, logged_by=by, **said)
    if contact.next_touch_on:
        PriorAuthorization.objects.filter(pk=authorization.pk).update(
            next_touch_on=contact.next_touch_on, next_touch_set_by=by
        )
    sync_course(authorization.course_id, f"{authorization}: {contact_in_words(contact)}")
    return contact


def contact_in_words(contact: Contact) -> str:
    """Who spoke or wrote by what means, as the reason of a task that closes."""
    return f"{contact.get_channel_display().lower()} contact logged by {contact.logged_by}"


@transaction.atomic
@in_one_pass()
def prove(*, authorization: PriorAuthorization, by: User, evidence: str) -> PriorAuthorization:
    """A letter or portal proof has arrived for a decision known only by telephone."""
    fresh = PriorAuthorization.objects.select_for_update().get(pk=authorization.pk)
    if evidence not in (Evidence.LETTER, Evidence.PORTAL):
        raise Refused("Proof is a letter or a page of the payer's portal.")
    fresh.evidence = evidence
    fresh.save(update_fields=["evidence"])
    proof = fresh.get_evidence_display()
    event = write_authorization_event(fresh, "prove", fresh.status, by, reason=proof)
    sync_course(fresh.course_id, in_words(event))
    judge_course(fresh.course, by=by)
    return fresh
