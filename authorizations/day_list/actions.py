"""One verb for many cases: assign, defer, follow up, one call. All of them or none, with words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from accounts.roles import Permission, has_permission
from accounts.web.text import shown_day
from authorizations.exceptions import Refused
from authorizations.models import Course, PriorAuthorization, Task
from authorizations.models.tasks import TaskQuerySet
from authorizations.prior_authorizations.actions import log_contact
from authorizations.prior_authorizations.follow_ups import (
    end_follow_ups,
    locked_requests,
    set_follow_ups,
    why_no_follow_up,
    write_note,
)
from authorizations.worklists.actions import refuse_outsider
from authorizations.worklists.sync_tasks import in_one_pass

FARTHEST_DEFERRED = timedelta(days=60)


@dataclass(frozen=True)
class Case:
    """A row of the list: a course, and the request it is about where it has one."""

    course: Course
    request: PriorAuthorization | None = None

    @property
    def key(self) -> str:
        """What a box of the list sends for the case."""
        return f"r{self.request.pk}" if self.request else f"c{self.course.pk}"

    @property
    def payer(self) -> str:
        """Whom a call about it goes to."""
        return str(self.request.plan.payer) if self.request else ""


def refuse_stranger_to(cases: Sequence[Case], by: User) -> None:
    """Raise Refused where a person does not log authorizations, or where nothing is chosen."""
    if not cases:
        raise Refused("Tick at least one case.")
    for place in {case.course.facility for case in cases}:
        if not has_permission(by, Permission.LOG_AUTHORIZATIONS, place):
            raise Refused(f"You do not log authorizations at {place}: nothing is done.")


def requests_of(cases: Sequence[Case]) -> list[PriorAuthorization]:
    """The requests of these cases. Raises Refused where one has none yet."""
    lacking = [case.course for case in cases if case.request is None]
    if lacking:
        names = ", ".join(str(course.patient) for course in lacking)
        raise Refused(
            f"Nothing is done: {names} has no request yet. Untick it, or defer it with a reason."
        )
    return [case.request for case in cases if case.request]


@transaction.atomic
def assign_cases(*, cases: Sequence[Case], to: User | None, by: User) -> int:
    """Somebody answers for every open task of these cases, or nobody. All or none: Refused."""
    refuse_stranger_to(cases, by)
    if to is not None:
        for place in {case.course.facility for case in cases}:
            refuse_outsider(to, place)
    return int(open_tasks_of(cases).update(assigned_to=to))


@transaction.atomic
def defer_cases(*, cases: Sequence[Case], until: date, reason: str, by: User) -> int:
    """Put the open tasks of these cases off until a day. Raises Refused for day and reason."""
    refuse_stranger_to(cases, by)
    refusal = why_not_deferred(until, reason, localdate())
    if refusal:
        raise Refused(refusal)
    rows = list(open_tasks_of(cases).select_for_update(of=("self",)))
    for task in rows:
        task.deferred_until, task.deferred_by = until, by
        task.deferred_because = reason.strip()[:200]
    Task.objects.bulk_update(rows, ["deferred_until", "deferred_by", "deferred_because"])
    return len(rows)


@transaction.atomic
def take_back_deferrals(*, cases: Sequence[Case], by: User, reason: str = "") -> int:
    """Show the tasks of these cases again; how many were deferred."""
    refuse_stranger_to(cases, by)
    deferred = open_tasks_of(cases).filter(deferred_until__isnull=False)
    return int(deferred.update(deferred_until=None, deferred_by=None, deferred_because=""))


def why_not_deferred(until: date, reason: str, today: date) -> str:
    """Why a case cannot be put off so; empty where it can."""
    if not reason.strip():
        return "Say why it is put off: colleagues see it."
    if until <= today:
        return f"{shown_day(until)} is not ahead: choose a later day than today."
    if until > today + FARTHEST_DEFERRED:
        return f"{shown_day(until)} is more than {FARTHEST_DEFERRED.days} days ahead: check it."
    return ""


def open_tasks_of(cases: Sequence[Case]) -> TaskQuerySet:
    """The open tasks of the courses of these cases."""
    courses = [case.course.pk for case in cases]
    return Task.objects.open().filter(course__in=courses).order_by("pk")


@transaction.atomic
def follow_up_cases(*, cases: Sequence[Case], on: date, reason: str = "", by: User) -> int:
    """The same follow-up for each of these requests. All or none: Refused."""
    refuse_stranger_to(cases, by)
    return set_follow_ups(authorizations=requests_of(cases), by=by, on=on, reason=reason)


@transaction.atomic
def finish_follow_ups(*, cases: Sequence[Case], reason: str = "", by: User) -> int:
    """The follow-ups of these requests are done; how many a person had set."""
    refuse_stranger_to(cases, by)
    return end_follow_ups(authorizations=requests_of(cases), by=by, reason=reason)


@transaction.atomic
@in_one_pass()
def log_one_call(*, cases: Sequence[Case], by: User, **said: Any) -> int:
    """One call about several patients of a payer: each request gets its own entry, or none does."""
    refuse_stranger_to(cases, by)
    requests = requests_of(cases)
    payers = sorted({case.payer for case in cases})
    if len(payers) > 1:
        raise Refused(
            f"Nothing is logged: one call is with one payer, these are of {' and '.join(payers)}. "
            "Untick the others."
        )
    follow_up = said.get("next_touch_on")
    refusal = why_no_follow_up(follow_up, localdate()) if follow_up else ""
    if refusal:
        raise Refused(f"Nothing is logged: the follow-up {refusal}")
    for request in requests:
        log_contact(authorization=request, by=by, **said)
    return len(requests)


@transaction.atomic
@in_one_pass()
def note_cases(*, cases: Sequence[Case], text: str, by: User) -> int:
    """The same note on each of these requests. All or none: Refused."""
    refuse_stranger_to(cases, by)
    requests = locked_requests(requests_of(cases))
    for request in requests:
        write_note(authorization=request, by=by, text=text)
    return len(requests)
