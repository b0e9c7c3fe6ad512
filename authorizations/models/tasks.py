"""Work that waits: a task opens when a case enters a worklist and closes when it leaves it."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from accounts.database.constraints import paired
from accounts.database.triggers import tracked
from accounts.models import Facility, User
from accounts.roles import Permission
from accounts.scoping import facilities_of
from authorizations.models.courses import Course
from authorizations.models.prior_authorizations import PriorAuthorization

SAVED_PAGES: dict[str, tuple[Permission, ...]] = {
    "authorization_list": (Permission.READ_CASES,),
    "course_list": (Permission.READ_CASES,),
    "charge_list": (Permission.REVIEW_CHARGES, Permission.READ_AUDIT),
}


class TaskQuerySet(models.QuerySet):
    """Tasks as the floor asks for them."""

    def for_user(self, user: User, permission: Permission, *others: Permission) -> Self:
        return self.filter(course__facility__in=facilities_of(user, permission, *others))

    def open(self) -> Self:
        return self.filter(closed_at__isnull=True)


@tracked
class Task(models.Model):
    """A case in a worklist: whose it is, who is on it now, why it opened and why it closed."""

    queue = models.CharField(max_length=16)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="tasks")
    authorization = models.ForeignKey(
        PriorAuthorization, on_delete=models.PROTECT, null=True, blank=True, related_name="tasks"
    )
    opened_at = models.DateTimeField(auto_now_add=True)
    opened_because = models.CharField(max_length=200)
    assigned_to = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="tasks"
    )
    worked_at = models.DateTimeField(null=True, blank=True)
    worked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    deferred_until = models.DateField(null=True, blank=True)
    deferred_because = models.CharField(max_length=200, blank=True)
    deferred_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_because = models.CharField(max_length=200, blank=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ("opened_at", "id")
        constraints = (
            paired("task_worked_pair", "worked_at", "worked_by"),
            models.CheckConstraint(
                condition=Q(
                    deferred_until__isnull=True, deferred_by__isnull=True, deferred_because=""
                )
                | Q(deferred_until__isnull=False, deferred_by__isnull=False)
                & ~Q(deferred_because=""),
                name="task_deferred_until_a_day_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | ~Q(closed_because=""),
                name="task_closed_has_reason",
            ),
            models.UniqueConstraint(
                fields=("queue", "course", "authorization"),
                condition=Q(closed_at__isnull=True),
                nulls_distinct=False,
                name="task_open_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.queue} {self.pk}"


class SavedViewQuerySet(models.QuerySet):
    """Saved views as lists and Home ask for them."""

    def seen_by(self, user: User) -> Self:
        """One's own, and those shared in facilities whose list one reads."""
        shared = Q()
        for page, permissions in SAVED_PAGES.items():
            shared |= Q(page=page, facility__in=facilities_of(user, *permissions))
        return self.filter(Q(owner=user) | shared)


@tracked
class SavedView(models.Model):
    """A worklist with its filters under a name, for its owner or for the people of a facility."""

    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="saved_views")
    name = models.CharField(max_length=60)
    page = models.CharField(max_length=40)
    query = models.CharField(max_length=400, blank=True)
    facility = models.ForeignKey(
        Facility,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Whose people see it as well; empty for its owner alone.",
    )

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(
                fields=("owner", "name"),
                name="saved_view_once",
                violation_error_message="You already have a view of this name.",
            ),
            models.CheckConstraint(
                condition=Q(page__in=tuple(SAVED_PAGES)),
                name="saved_view_page_known",
            ),
        )

    def __str__(self) -> str:
        return self.name
