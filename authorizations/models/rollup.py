"""Counts kept by day, so that a long period costs its days and not its treatments."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q

from accounts.models import Facility
from payers.models import Plan


class TreatmentDay(models.Model):
    """The imaged treatments of a day, facility and plan that stand: how many, how many of them hold
    no authorized unit, and the expected dollars of those. Exact unless the day is stale.
    """

    date_of_service = models.DateField()
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, null=True, related_name="+")
    treatments = models.PositiveIntegerField()
    uncovered = models.PositiveIntegerField()
    uncovered_amount = models.DecimalField(max_digits=14, decimal_places=2)
    counted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("date_of_service", "facility", "plan"),
                name="treatment_day_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(uncovered__lte=F("treatments")), name="treatment_day_part_of_whole"
            ),
        )

    def __str__(self) -> str:
        return f"{self.treatments} treatments on {self.date_of_service:%Y-%m-%d}"


class StaleDay(models.Model):
    """A day of a facility on which something has changed since it was counted. Written by trigger,
    in the transaction that changes it: whoever sees the change sees that the count is stale.
    """

    date_of_service = models.DateField()
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = (models.Index(fields=("date_of_service",), name="stale_day_by_date"),)

    def __str__(self) -> str:
        return f"{self.date_of_service:%Y-%m-%d}"


NOTE = "INSERT INTO authorizations_staleday (date_of_service, facility_id)"


def counts_by_charge() -> pgtrigger.Trigger:
    """A charge that comes, goes or changes makes its day stale, and the day it leaves."""
    seen = "({0}.date_of_service, {0}.facility_id, {0}.plan_id, {0}.code, {0}.status, {0}.amount)"
    return pgtrigger.Trigger(
        name="charge_makes_day_stale",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=f"""
            IF TG_OP = 'UPDATE' AND {seen.format("OLD")} IS NOT DISTINCT FROM {seen.format("NEW")}
            THEN RETURN NULL; END IF;
            IF TG_OP <> 'INSERT' THEN {NOTE} VALUES (OLD.date_of_service, OLD.facility_id); END IF;
            IF TG_OP <> 'DELETE' THEN {NOTE} VALUES (NEW.date_of_service, NEW.facility_id); END IF;
            RETURN NULL;
        """,
    )


def counts_by_session() -> pgtrigger.Trigger:
    """A session whose unit, delivery or standing changes makes the days of its charges stale."""
    seen = "({0}.authorized_service_id IS NULL, {0}.is_delivered, {0}.voided_at IS NULL)"
    return pgtrigger.Trigger(
        name="session_makes_day_stale",
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        func=f"""
            IF {seen.format("OLD")} IS DISTINCT FROM {seen.format("NEW")} THEN
                {NOTE} SELECT date_of_service, facility_id FROM authorizations_charge
                WHERE session_id = NEW.id;
            END IF;
            RETURN NULL;
        """,
    )
