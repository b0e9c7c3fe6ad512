"""The follow-up that a person sets, and the notes that people leave on a request."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from django.db import transaction

from accounts.models import User
from accounts.web.text import shown_day
from authorizations.exceptions import Refused
from authorizations.models import AuthorizationEvent, PriorAuthorization
from authorizations.prior_authorizations.actions import (
    computed_follow_up,
    first_day_replaced,
    write_authorization_event,
)
from authorizations.worklists.sync_tasks import in_one_pass, in_words, sync_course

FARTHEST = timedelta(days=366)


def set_follow_up(
    *, authorization: PriorAuthorization, by: User, on: date, reason: str = ""
) -> None:
    """Look after it on that day: it stays until a person changes it. Raises Refused for the day."""
    set_follow_ups(authorizations=[authorization], by=by, on=on, reason=reason)


@transaction.atomic
@in_one_pass()
def set_follow_ups(
    *, authorizations: Collection[PriorAuthorization], by: User, on: date, reason: str = ""
) -> int:
    """The same follow-up for each of them, or for none: raises Refused for the day."""
    rows = locked_requests(authorizations)
    for fresh in rows:
        refusal = why_no_follow_up(on, first_day_replaced(fresh))
        if refusal:
            raise Refused(refusal)
        fresh.next_touch_on, fresh.next_touch_set_by = on, by
        fresh.save(update_fields=["next_touch_on", "next_touch_set_by"])
        words = f"{shown_day(on)}: {reason}" if reason else shown_day(on)
        written_down(fresh, "follow_up", by, words)
    return len(rows)


@transaction.atomic
@in_one_pass()
def end_follow_ups(
    *, authorizations: Collection[PriorAuthorization], by: User, reason: str = ""
) -> int:
    """Their follow-ups are done: computed days count again. How many a person had set."""
    rows = [row for row in locked_requests(authorizations) if row.next_touch_set_by_id]
    for fresh in rows:
        fresh.next_touch_set_by, fresh.next_touch_on = None, computed_follow_up(fresh)
        fresh.save(update_fields=["next_touch_on", "next_touch_set_by"])
        written_down(fresh, "follow_up_done", by, reason)
    return len(rows)


def locked_requests(authorizations: Collection[PriorAuthorization]) -> list[PriorAuthorization]:
    """These requests as they are now; nobody else changes them meanwhile."""
    rows = PriorAuthorization.objects.select_for_update(of=("self",)).order_by("pk")
    numbers = [row.pk for row in authorizations]
    return list(rows.filter(pk__in=numbers).select_related("course__facility"))


@transaction.atomic
def write_note(*, authorization: PriorAuthorization, by: User, text: str) -> AuthorizationEvent:
    """A note for colleagues under “What happened”. Raises Refused for an empty one."""
    if not text.strip():
        raise Refused("Write the note: it is empty.")
    return written_down(authorization, "note", by, text.strip()[:400])


def written_down(
    authorization: PriorAuthorization, verb: str, by: User, reason: str
) -> AuthorizationEvent:
    """What was done, under “What happened”; the tasks of its course are in step with it."""
    event = write_authorization_event(authorization, verb, authorization.status, by, reason)
    sync_course(authorization.course_id, in_words(event))
    return event


def why_no_follow_up(on: date, today: date) -> str:
    """Why that day is none for a follow-up; empty where it is one."""
    if on < today:
        return f"{shown_day(on)} is past: choose today or a later day."
    if on > today + FARTHEST:
        return f"{shown_day(on)} is more than a year ahead: check the year."
    return ""
