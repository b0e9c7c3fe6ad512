"""Which plan pays for a patient, from when through when, and in which order."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from operator import attrgetter
from typing import Any, Self

from django.db import models
from django.db.models import Q

from accounts.database.constraints import in_order, never_overlapping, one_of
from accounts.database.triggers import tracked
from authorizations.models.patients import Patient
from authorizations.models.searchable import NumberToSearch, searched_by
from payers.models import Plan


class CoverageQuerySet(models.QuerySet[Any]):
    """Questions about a day."""

    def in_force(self, on: date) -> Self:
        """Coverage that pays for services of that day."""
        return self.filter(
            Q(effective_through__isnull=True) | Q(effective_through__gte=on), effective_from__lte=on
        )


class CoverageRank(models.TextChoices):
    """Who pays first."""

    PRIMARY = "primary", "Primary"
    SECONDARY = "secondary", "Secondary"
    TERTIARY = "tertiary", "Tertiary"


class Relationship(models.TextChoices):
    """What the patient is to the person who holds the insurance."""

    SELF = "self", "Self"
    SPOUSE = "spouse", "Spouse"
    CHILD = "child", "Child"
    OTHER = "other", "Other"


@tracked
class Coverage(models.Model):
    """This patient on that plan, for a span of dates."""

    Rank = CoverageRank

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="coverages")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="coverages")
    member_id = models.CharField("member ID", max_length=30)
    rank = models.CharField(max_length=9, choices=Rank, default=Rank.PRIMARY)
    group_number = models.CharField(max_length=30, blank=True, default="", db_default="")
    relationship = models.CharField(
        "the patient is the subscriber’s",
        max_length=6,
        choices=Relationship,
        default=Relationship.SELF,
        db_default=Relationship.SELF,
    )
    subscriber = models.CharField(
        max_length=120,
        blank=True,
        default="",
        db_default="",
        help_text="Empty where it is the patient.",
    )
    effective_from = models.DateField()
    effective_through = models.DateField(null=True, blank=True)

    objects = CoverageQuerySet.as_manager()

    class Meta:
        ordering = ("patient", "rank", "effective_from")
        constraints = (
            one_of("coverage_rank_known", "rank", CoverageRank),
            one_of("coverage_relationship_known", "relationship", Relationship),
            models.CheckConstraint(
                condition=Q(relationship=Relationship.SELF, subscriber="")
                | ~Q(relationship=Relationship.SELF) & ~Q(subscriber=""),
                name="coverage_names_another_subscriber",
                violation_error_message="Name the subscriber where it is not the patient, and "
                "nobody where the patient is the subscriber.",
            ),
            in_order("coverage_dates_in_order", "effective_from", "effective_through"),
            never_overlapping(
                "coverage_never_overlaps",
                "patient",
                "rank",
                message="This patient already has a coverage of that rank on some of these dates.",
            ),
        )
        indexes = (searched_by("coverage_search", NumberToSearch("member_id")),)

    def __str__(self) -> str:
        return f"{self.plan.code} ({self.get_rank_display().lower()})"


def joined_on(plan: Plan, on: date, coverages: Iterable[Coverage]) -> date:
    """The first day of the unbroken time on this plan, among a patient's coverages, up to a day.

    A coverage that is numbered anew, or goes on in another year, joins nothing.
    """
    first = on
    for earlier in sorted(coverages, key=attrgetter("effective_from"), reverse=True):
        is_before = earlier.plan_id == plan.pk and earlier.effective_from < first
        last = earlier.effective_through
        if is_before and (last is None or last >= first - timedelta(days=1)):
            first = earlier.effective_from
    return first
