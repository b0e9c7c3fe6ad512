"""Tasks open when a case enters a worklist and close when it leaves it, each with its reason."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Facility
from authorizations.models import AuthorizationEvent, Course, Task
from authorizations.web.event_labels import done_label
from authorizations.worklists import WORKLISTS, Worklist

Key = tuple[int, int | None]  # course, authorization
PAGES = ("authorization_list", "course_list")
TASKS = tuple(w for w in WORKLISTS if w.page in PAGES)


@transaction.atomic
def sync_tasks(
    now: datetime | None = None, facilities: QuerySet[Facility] | None = None
) -> tuple[int, int]:
    """Bring tasks in step with the worklists; how many opened and how many closed.

    ``facilities``: only those of these facilities; all where none are named, as each night.
    """
    now = now or timezone.now()
    among = None if facilities is None else Course.objects.filter(facility__in=facilities)
    counts = [sync_queue(worklist, now, among) for worklist in TASKS]
    return sum(opened for opened, _ in counts), sum(closed for _, closed in counts)


@transaction.atomic
def sync_course(course: Course, now: datetime | None = None) -> None:
    """Bring the tasks of one course in step with the worklists, at once after a decision."""
    now = now or timezone.now()
    for worklist in TASKS:
        sync_queue(worklist, now, Course.objects.filter(pk=course.pk))


def sync_queue(
    worklist: Worklist, now: datetime, among: QuerySet[Course] | None
) -> tuple[int, int]:
    """Open and close the tasks of a worklist, of all courses or of some."""
    rows = Task.objects.open().filter(queue=worklist.key)
    if among is not None:
        rows = rows.filter(course__in=among)
    standing = {
        (task.course_id, task.authorization_id): task
        for task in rows.select_for_update(of=("self",))
    }
    wanted = set(keys_in(worklist, now, among))
    new = [key for key in wanted if key not in standing]
    Task.objects.bulk_create(
        (
            Task(
                queue=worklist.key,
                course_id=course,
                authorization_id=authorization,
                opened_because=worklist.hint,
            )
            for course, authorization in new
        ),
        ignore_conflicts=True,
    )
    gone = [task for key, task in standing.items() if key not in wanted]
    close_tasks(gone, now)
    return len(new), len(gone)


def keys_in(worklist: Worklist, now: datetime, among: QuerySet[Course] | None) -> Iterable[Key]:
    """The cases in a worklist, of all courses or of some."""
    rows, is_of_requests = worklist.rows(None, now), worklist.page == "authorization_list"
    if among is not None:
        rows = rows.filter(**{"course__in" if is_of_requests else "pk__in": among})
    if is_of_requests:
        return rows.values_list("course_id", "pk").distinct()
    return ((pk, None) for pk in rows.values_list("pk", flat=True).distinct())


def close_tasks(tasks: list[Task], now: datetime) -> None:
    """Close them, each with what happened to its course since it opened."""
    events = last_events({task.course_id for task in tasks})
    for task in tasks:
        task.closed_at = now
        task.closed_because = why_closed(task, events.get(task.course_id))
        task.worked_at = task.worked_by = None
    Task.objects.bulk_update(tasks, ["closed_at", "closed_because", "worked_at", "worked_by"])


def last_events(courses: set[int]) -> dict[int, AuthorizationEvent]:
    """The latest event of each course's requests."""
    rows = (
        AuthorizationEvent.objects.filter(authorization__course__in=courses)
        .select_related("by", "authorization")
        .order_by("authorization__course_id", "-at", "-id")
        .distinct("authorization__course_id")
    )
    return {event.authorization.course_id: event for event in rows}


def why_closed(task: Task, event: AuthorizationEvent | None) -> str:
    if event and event.at >= task.opened_at:
        return f"{event.authorization}: {done_label(event.verb).lower()} by {event.by}"[:200]
    return "It left the worklist by itself: time, treatment or coverage changed it."
