"""Counts kept by day and month, so that a long period costs its months and not its rows."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.models import Facility
from payers.models import Plan


class KeptCount(models.Model):
    """What the rows of a subject come to, for one plan on one day or in one month: of a facility,
    or of all of them together (no facility). ``numbers`` are sums, dollars in cents; of rows that
    took so many days, where ``value`` says how many. Exact unless a day of it is stale.
    """

    subject = models.CharField(max_length=16)
    is_month = models.BooleanField(default=False)
    day = models.DateField(help_text="The day itself, or the first of the month.")
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, null=True, related_name="+")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, null=True, related_name="+")
    measure = models.CharField(max_length=16, blank=True)
    value = models.IntegerField(null=True)
    numbers = ArrayField(models.BigIntegerField())
    counted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("subject", "measure", "is_month", "facility", "day", "plan", "value"),
                name="kept_count_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(is_month=False) | Q(day__day=1), name="kept_count_month_begins_on_first"
            ),
        )
        indexes = (models.Index(fields=("subject", "day"), name="kept_count_by_day"),)

    def __str__(self) -> str:
        return f"{self.subject} {self.day:%Y-%m-%d}"


class OpenRow(models.Model):
    """A row of a counted day whose numbers still change with time alone: it is asked each time."""

    subject = models.CharField(max_length=16)
    day = models.DateField()
    row = models.BigIntegerField()
    counted_on = models.DateField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("subject", "day", "row"), name="open_row_once"),
        )

    def __str__(self) -> str:
        return f"{self.subject} {self.row}"


class StaleDay(models.Model):
    """A day on which something has changed since it was counted. Written by trigger, in the
    transaction that changes it: whoever sees the change sees that the count is stale.
    """

    subject = models.CharField(max_length=16)
    day = models.DateField()

    class Meta:
        indexes = (models.Index(fields=("subject", "day"), name="stale_day_by_day"),)

    def __str__(self) -> str:
        return f"{self.subject} {self.day:%Y-%m-%d}"


class CountedSubject(models.Model):
    """That all days of a subject have been counted, and by which definition of its numbers."""

    subject = models.CharField(max_length=16, unique=True)
    definition = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.subject
