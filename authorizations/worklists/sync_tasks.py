"""Tasks open when a case enters a worklist and close when it leaves it, each with its reason.

Every action that changes a case brings the tasks of its course in step, in its own transaction.
What only time changes is found by ``run_due`` every few minutes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import Membership, User
from accounts.roles import Permission, roles_with
from authorizations.models import AuthorizationEvent, Task
from authorizations.web.event_labels import done_label
from authorizations.worklists.cases import TASKS, Case, all_cases, cases_among

HINTS = {w.key: w.hint for w in TASKS}
BY_TIME = "It left the worklist by itself: a day passed, or a policy of the payer changed."

noted: ContextVar[dict[int, str] | None] = ContextVar("noted", default=None)


@contextmanager
def in_one_pass() -> Iterator[None]:
    """Inside it, courses that change are noted with the first reason; its end syncs all at once."""
    if noted.get() is not None:
        yield
        return
    courses: dict[int, str] = {}
    token = noted.set(courses)
    try:
        yield
    finally:
        noted.reset(token)
    sync_noted(courses)


@transaction.atomic
def sync_noted(courses: dict[int, str]) -> None:
    """Bring the tasks of these courses in step, each with the reason noted for it."""
    if courses:
        sync_among(list(courses), timezone.now(), courses)


def sync_course(course: int, because: str) -> None:
    """Bring the tasks of a course in step, after what ``because`` says in words."""
    sync_courses([course], because)


def sync_courses(courses: Iterable[int], because: str) -> None:
    """Bring the tasks of these courses in step, or note them where one pass at the end does it."""
    found = dict.fromkeys(courses, because)
    waiting = noted.get()
    if waiting is None:
        sync_noted(found)
    else:
        waiting |= found | waiting


@transaction.atomic
def sync_tasks(now: datetime | None = None) -> tuple[int, int]:
    """Bring all tasks in step with the worklists; how many opened and how many closed."""
    return sync_among(None, now or timezone.now(), {})


def sync_among(
    among: Sequence[int] | None, now: datetime, because: dict[int, str]
) -> tuple[int, int]:
    """Open and close the tasks of some courses, or of all; days turn by the schedule's clock."""
    with timezone.override(settings.SCHEDULE_TIME_ZONE):
        return open_and_close(among, now, because)


def open_and_close(
    among: Sequence[int] | None, now: datetime, because: dict[int, str]
) -> tuple[int, int]:
    """Compare the open tasks with the worklists of this moment; how many opened and closed."""
    rows = Task.objects.open().filter(queue__in=HINTS)
    if among is not None:
        rows = rows.filter(course__in=among)
    locked = rows.order_by("course_id", "pk").select_for_update(of=("self",))
    are_open = {(task.queue, task.course_id, task.authorization_id): task for task in locked}
    wanted = all_cases(now) if among is None else cases_among(among, now)
    opened = open_tasks(sorted(wanted - set(are_open), key=str))
    gone = [task for case, task in are_open.items() if case not in wanted]
    close_tasks(gone, now, because)
    return opened, len(gone)


def open_tasks(cases: list[Case]) -> int:
    """Open a task for each case; who answers for a course answers for its next task."""
    owners = owners_of({course for _, course, _ in cases}) if cases else {}
    Task.objects.bulk_create(
        (
            Task(
                queue=queue,
                course_id=course,
                authorization_id=authorization,
                opened_because=HINTS[queue],
                assigned_to_id=owners.get(course),
            )
            for queue, course, authorization in cases
        ),
        ignore_conflicts=True,
    )
    return len(cases)


def owners_of(courses: set[int]) -> dict[int, int]:
    """Who answers for the newest task of each course, where they still work at its facility."""
    rows = Task.objects.filter(course__in=courses).order_by("course_id", "-opened_at", "-pk")
    newest = rows.distinct("course_id").values("pk")
    here = Q(facility=OuterRef("course__facility")) | Q(facility__isnull=True)
    logging = Membership.objects.filter(here, role__in=roles_with(Permission.LOG_AUTHORIZATIONS))
    works_there = Exists(logging.filter(user=OuterRef("assigned_to"), user__is_active=True))
    found = Task.objects.filter(works_there, pk__in=newest)
    return dict(found.values_list("course_id", "assigned_to_id"))


def close_tasks(tasks: list[Task], now: datetime, because: dict[int, str]) -> None:
    """Close them, each with what was done to its course."""
    for task in tasks:
        task.closed_at = now
        task.closed_because = because.get(task.course_id, BY_TIME)[:200]
        task.worked_at = task.worked_by = None
    Task.objects.bulk_update(tasks, ["closed_at", "closed_because", "worked_at", "worked_by"])


def in_words(event: AuthorizationEvent) -> str:
    """What was done to a request and by whom, as the reason of a task that closes."""
    return f"{event.authorization}: {done_label(event.verb).lower()} by {event.by}"


def with_name(cause: str, by: User) -> str:
    """A cause and who brought it about: the session was recorded (by Theo Ray)."""
    return f"{cause.rstrip('.')} (by {by})."
