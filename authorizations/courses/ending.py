"""Courses that have come to their end: nobody has to say so of each."""

from __future__ import annotations

from datetime import datetime, timedelta

import pghistory
from django.db import transaction
from django.db.models import Count, F, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Greatest
from django.utils.timezone import localdate

from accounts.models import system_user
from authorizations.models import Course, GuidanceSession
from authorizations.worklists.sync_tasks import sync_courses

QUIET_DAYS = 30  # so long a boost or a late correction may still follow the last fraction


def end_finished_courses(now: datetime) -> int:
    """End each course whose planned fractions were all given and that was quiet since; how many.

    It ends with its last treatment. What is under way stays few, however many courses there were.
    """
    numbers = list(finished(now).values_list("pk", flat=True))
    with transaction.atomic(), pghistory.context(user=system_user().pk):
        rows = Course.objects.filter(pk__in=numbers, ended_on__isnull=True)
        ended = rows.update(
            ended_on=Greatest(sum_of_given(Max("date_of_service")), "first_fraction_on")
        )
        sync_courses(numbers, "The course ended: every fraction was given.")
        return ended


def finished(now: datetime) -> QuerySet[Course]:
    """Courses that nobody has ended, with every fraction given, the last some time ago."""
    quiet_since = localdate(now) - timedelta(days=QUIET_DAYS)
    return (
        Course.objects.filter(ended_on__isnull=True, first_fraction_on__lte=quiet_since)
        .annotate(done=sum_of_given(Count("pk")), last=sum_of_given(Max("date_of_service")))
        .filter(done__gte=F("fractions_planned"), last__lte=quiet_since)
    )


def sum_of_given(what: Count | Max) -> Subquery:
    """A sum over the treatments given in a course."""
    rows = GuidanceSession.objects.delivered().filter(course=OuterRef("pk")).order_by()
    return Subquery(rows.values("course").annotate(found=what).values("found"))
