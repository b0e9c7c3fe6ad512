"""Rows that are true for a span of days, both ends inclusive, each with the source that says so."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q

from accounts.database.constraints import in_order


class EffectiveQuerySet(models.QuerySet):
    """Questions about a day."""

    def in_force(self, on: date) -> Self:
        """The rows that are true on that day."""
        return self.filter(
            Q(effective_through__isnull=True) | Q(effective_through__gte=on), effective_from__lte=on
        )


class Effective(models.Model):
    """True from a day through a day (or until further notice). Rows end; they are not rewritten."""

    effective_from = models.DateField()
    effective_through = models.DateField(
        null=True,
        blank=True,
        help_text="Last day on which this is true. Empty: until further notice.",
    )

    objects = EffectiveQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def span(self) -> str:
        """The dates as people read them."""
        if self.effective_through is None:
            return f"from {self.effective_from:%-d %b %Y}"
        return f"{self.effective_from:%-d %b %Y} – {self.effective_through:%-d %b %Y}"

    def is_in_force(self, on: date) -> bool:
        """Whether the row is true on that day."""
        return self.effective_from <= on and (
            self.effective_through is None or on <= self.effective_through
        )


class Confidence(models.TextChoices):
    """How well a fact is known."""

    A = "A", "A – read in an official table"
    B = "B", "B – specialty society, payer or contractor page"
    C = "C", "C – trade press or secondary source"
    D = "D", "D – field knowledge, not yet verified"


class Sourced(models.Model):
    """Somebody looked this up: where, when, and how sure we are."""

    source = models.CharField(max_length=240, help_text="Who says so: document, table, page.")
    source_url = models.URLField(max_length=400, blank=True)
    verified_on = models.DateField(help_text="The day somebody last looked.")
    confidence = models.CharField(max_length=1, choices=Confidence, default=Confidence.D)

    class Meta:
        abstract = True


def sourced(table: str) -> tuple[models.CheckConstraint, ...]:
    """A row without a source, or with a confidence nobody declared, is refused."""
    return (
        models.CheckConstraint(
            condition=~Q(source=""),
            name=f"{table}_has_source",
            violation_error_message="Say where this comes from: document, table or page.",
        ),
        models.CheckConstraint(
            condition=Q(confidence__in=Confidence.values), name=f"{table}_confidence_known"
        ),
    )


def dated(table: str) -> models.CheckConstraint:
    """The last day of a row is not before its first."""
    return in_order(f"{table}_dates_in_order", "effective_from", "effective_through")
