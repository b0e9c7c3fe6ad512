"""The queues about who pays: coverages that end, approvals of a plan that pays no more."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.timezone import localdate

from accounts.models import User
from authorizations.models import Coverage
from authorizations.worklists.counts import has_fractions_to_come
from authorizations.worklists.querysets import EXPIRING_DAYS, courses, readable_requests


def coverage_ending(user: User | None, now: datetime) -> QuerySet:
    """The coverage ends before the course does, and no other follows."""
    today = localdate(now)
    soon = today + timedelta(days=EXPIRING_DAYS)
    ends = Coverage.objects.filter(
        patient=OuterRef("patient"),
        rank=Coverage.Rank.PRIMARY,
        effective_through__range=(today - timedelta(days=30), soon),
    )
    follows = Coverage.objects.filter(rank=Coverage.Rank.PRIMARY, effective_from__gt=today).values(
        "patient"
    )
    open_ended = Coverage.objects.filter(
        rank=Coverage.Rank.PRIMARY, effective_through__isnull=True
    ).values("patient")
    return (
        courses(user, now)
        .filter(has_fractions_to_come())
        .filter(patient__in=ends.values("patient"))
        .exclude(Q(patient__in=follows) | Q(patient__in=open_ended))
    )


def other_plan(user: User | None, now: datetime) -> QuerySet:
    """Approvals of a plan that pays no more, where another does and fractions are to come."""
    today = localdate(now)
    coverages = Coverage.objects.filter(patient=OuterRef("course__patient"))
    pays = coverages.in_force(today).filter(rank=Coverage.Rank.PRIMARY)
    goes_on = Q(effective_through__isnull=True) | Q(effective_through__gte=today)
    own = coverages.filter(goes_on, plan=OuterRef("plan"))
    goes_on_with = courses(user, now).filter(has_fractions_to_come())
    approved = readable_requests(user).with_approval().filter(course__in=goes_on_with)
    return approved.filter(Exists(pays), ~Exists(own))
