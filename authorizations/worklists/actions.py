"""Who is on a task, and who answers for it."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from accounts.models import Facility, User
from accounts.roles import Permission
from accounts.scoping import people_with
from authorizations.exceptions import Refused
from authorizations.models import Course, PriorAuthorization, Task
from authorizations.models.tasks import TaskQuerySet

SHOWN_CLOSED = 8


@transaction.atomic
def take(*, task: Task, by: User) -> Task:
    """I am on it: others see who works on it now."""
    fresh = Task.objects.select_for_update(of=("self",)).get(pk=task.pk)
    fresh.worked_by, fresh.worked_at = by, timezone.now()
    fresh.save(update_fields=["worked_by", "worked_at"])
    return fresh


@transaction.atomic
def put_back(*, task: Task) -> Task:
    """Nobody works on it now."""
    fresh = Task.objects.select_for_update(of=("self",)).get(pk=task.pk)
    fresh.worked_by = fresh.worked_at = None
    fresh.save(update_fields=["worked_by", "worked_at"])
    return fresh


@transaction.atomic
def assign_task(*, task: Task, to: User | None, by: User) -> Task:
    """Somebody answers for it, or nobody in particular.

    Raises Refused where one of the two does not log authorizations at the task's facility.
    """
    rows = Task.objects.select_related("course__facility").select_for_update(of=("self",))
    fresh = rows.get(pk=task.pk)
    for person in filter(None, (by, to)):
        refuse_outsider(person, fresh.course.facility)
    fresh.assigned_to = to
    fresh.save(update_fields=["assigned_to"])
    return fresh


def refuse_outsider(person: User, facility: Facility) -> None:
    """Raise Refused for who does not log authorizations at that facility."""
    if not people_with(Permission.LOG_AUTHORIZATIONS, [facility]).filter(pk=person.pk).exists():
        raise Refused(
            f"Not assigned: {person} does not log authorizations at {facility}. "
            "Choose somebody of its front desk or a manager."
        )


def tasks_of(course: Course, authorization: PriorAuthorization | None = None) -> list[Task]:
    """The open tasks of a course, or of one of its requests."""
    return list(tasks_about(course, authorization).open())


def tasks_closed(course: Course, authorization: PriorAuthorization | None = None) -> list[Task]:
    """The tasks of a course or request that closed last, the latest first, each with its reason."""
    rows = tasks_about(course, authorization).filter(closed_at__isnull=False)
    return list(rows.order_by("-closed_at", "-pk")[:SHOWN_CLOSED])


def tasks_about(course: Course, authorization: PriorAuthorization | None) -> TaskQuerySet:
    """All tasks of a course, or of one of its requests."""
    rows = course.tasks.select_related("assigned_to", "worked_by", "authorization", "deferred_by")
    return rows.filter(authorization=authorization) if authorization else rows
