"""Releases of many charges that a worker does: how far each is, and an answer for each charge."""

from __future__ import annotations

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q

from accounts.database.triggers import append_only
from accounts.models import User
from accounts.roles import Permission
from authorizations.models.charges import Charge
from authorizations.models.rejudging import is_among


class ReleaseRunQuerySet(models.QuerySet["ReleaseRun"]):
    """Releases as people ask for them."""

    def for_user(self, user: User, permission: Permission, *others: Permission) -> Self:
        """One's own, and those of a charge of a facility where one holds one of these."""
        mine = Charge.objects.for_user(user, permission, *others)
        return self.filter(
            Q(asked_by=user) | Exists(mine.filter(is_among("pk", OuterRef("charges"))))
        )

    def unfinished(self) -> Self:
        """Those that are not at their end, the oldest first."""
        return self.filter(finished_at__isnull=True).order_by("pk")


class ReleaseRun(models.Model):
    """A release of many charges: which, in the order of their courses, and how many are answered.

    ``done`` is the place in ``charges``. It moves on in the transaction that releases a course and
    writes the answers, so a run that was broken off goes on where it stood.
    """

    charges = ArrayField(models.BigIntegerField())
    done = models.PositiveIntegerField(default=0)
    released = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField(auto_now_add=True)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = ReleaseRunQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(done__lte=Func(F("charges"), function="cardinality")),
                name="release_run_within_its_charges",
            ),
            models.CheckConstraint(
                condition=Q(released__lte=F("done")), name="release_run_released_are_answered"
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True)
                | Q(done=Func(F("charges"), function="cardinality")),
                name="release_run_finished_when_all_done",
            ),
        )

    def __str__(self) -> str:
        return f"Release of {self.total} charges"

    @property
    def total(self) -> int:
        return len(self.charges)

    @property
    def words(self) -> str:
        """How far it is, in a sentence."""
        kept, left = self.done - self.released, self.total - self.done
        return f"{self.released} released, {kept} kept back, {left} left."


class ReleaseAnswer(models.Model):
    """What became of one charge of a release of many, and why."""

    known_through = "run"

    run = models.ForeignKey(ReleaseRun, on_delete=models.PROTECT, related_name="answers")
    charge = models.ForeignKey(Charge, on_delete=models.PROTECT, related_name="+")
    is_done = models.BooleanField()
    sentence = models.TextField()

    class Meta:
        ordering = ("run", "id")
        triggers = (append_only("release_answer_append_only"),)
        constraints = (
            models.UniqueConstraint(fields=("run", "charge"), name="release_answer_once"),
            models.CheckConstraint(condition=~Q(sentence=""), name="release_answer_says_why"),
        )

    def __str__(self) -> str:
        return self.sentence
