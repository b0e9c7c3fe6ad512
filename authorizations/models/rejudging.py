"""Facts that change after review: runs that judge again, and marks on what was released."""

from __future__ import annotations

from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q

from accounts.database.constraints import paired
from accounts.database.triggers import tracked
from accounts.models import User
from accounts.roles import Permission
from accounts.scoping import facilities_of
from authorizations.models.charges import Charge
from authorizations.models.courses import Course


def is_among(number: str, numbers: Any) -> Func:
    """Whether a number is in an array."""
    return Func(
        F(number),
        numbers,
        template="(%(expressions)s)",
        arg_joiner=") = ANY (",
        output_field=models.BooleanField(),
    )


class RejudgeRunQuerySet(models.QuerySet):
    """Runs as people ask for them."""

    def for_user(self, user: User, permission: Permission, *others: Permission) -> Self:
        """Runs of a course where the person holds one of these, their own, and empty ones."""
        mine = Course.objects.for_user(user, permission, *others)
        judged = Exists(mine.filter(is_among("pk", OuterRef("courses"))))
        return self.filter(Q(started_by=user) | Q(courses=[]) | judged)


class RejudgeRun(models.Model):
    """Judging many courses again because the books changed: why, how far, what came of it.

    ``done`` is the place in ``courses``: it moves on in the same transaction as the judgement,
    so a run that was broken off goes on where it stood.
    """

    cause = models.CharField(max_length=200)
    courses = ArrayField(models.BigIntegerField(), default=list, blank=True)
    done = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0, help_text="Open charges that moved.")
    flagged = models.PositiveIntegerField(default=0, help_text="Released charges marked.")
    started_at = models.DateTimeField(auto_now_add=True)
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = RejudgeRunQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(done__lte=models.Func(F("courses"), function="cardinality")),
                name="rejudge_run_within_its_courses",
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True)
                | Q(done=models.Func(F("courses"), function="cardinality")),
                name="rejudge_run_finished_when_all_done",
            ),
        )

    def __str__(self) -> str:
        return self.cause

    @property
    def total(self) -> int:
        return len(self.courses)

    @property
    def words(self) -> str:
        """What came of it so far, in a sentence."""
        one, other = ("" if n == 1 else "s" for n in (self.changed, self.flagged))
        said = f"{self.changed} open charge{one} moved, {self.flagged} released one{other} marked"
        left = self.total - self.done
        return f"{said}; {left} course{'' if left == 1 else 's'} left." if left else f"{said}."


class ChangedVerdictQuerySet(models.QuerySet):
    """Marks as the floor asks for them."""

    def for_user(self, user: User, permission: Permission, *others: Permission) -> Self:
        return self.filter(charge__facility__in=facilities_of(user, permission, *others))

    def open(self) -> Self:
        return self.filter(closed_at__isnull=True)


@tracked
class ChangedVerdict(models.Model):
    """A released charge that would now be judged differently: what was said, what would be, why.

    The charge itself is not touched. The mark closes when the charge is voided, when somebody
    keeps it as released with a reason, or when the facts say again what they said.
    """

    charge = models.ForeignKey(Charge, on_delete=models.PROTECT, related_name="changed_verdicts")
    said = models.CharField(max_length=200)
    would_say = models.CharField(max_length=200)
    sentence = models.CharField(max_length=400, blank=True)
    cause = models.CharField(max_length=200)
    found_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_because = models.CharField(max_length=400, blank=True)

    objects = ChangedVerdictQuerySet.as_manager()

    class Meta:
        ordering = ("found_at", "id")
        constraints = (
            paired("changed_verdict_closed_pair", "closed_at", "closed_by"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | ~Q(closed_because=""),
                name="changed_verdict_closed_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(said=F("would_say")), name="changed_verdict_differs"
            ),
            models.UniqueConstraint(
                fields=("charge",),
                condition=Q(closed_at__isnull=True),
                name="changed_verdict_open_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.said} → {self.would_say}"
