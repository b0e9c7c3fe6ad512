"""Courses that have come to their end: nobody has to say so of each."""

from __future__ import annotations

from datetime import datetime, timedelta

import pghistory
from django.db import transaction
from django.db.models import Count, Exists, F, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Greatest
from django.utils.timezone import localdate

from accounts.models import system_user
from accounts.web.text import shown_day
from authorizations.models import Course, CourseEvent, CourseVerb, EndReason, GuidanceSession
from authorizations.worklists.sync_tasks import sync_courses

QUIET_DAYS = 30  # so long a boost or a late correction may still follow the last fraction


def end_finished_courses(now: datetime) -> int:
    """End each course whose planned fractions were all given and that was quiet since; how many.

    It ends with its last treatment. What is under way stays few, however many courses there were.
    """
    numbers, system = list(finished(now).values_list("pk", flat=True)), system_user()
    with transaction.atomic(), pghistory.context(user=system.pk):
        rows = Course.objects.filter(pk__in=numbers, ended_on__isnull=True)
        ended = list(rows.select_for_update(of=("self",)).values_list("pk", flat=True))
        Course.objects.filter(pk__in=ended).update(
            ended_on=Greatest(sum_of_given(Max("date_of_service")), "first_fraction_on"),
            end_reason=EndReason.COMPLETED,
        )
        CourseEvent.objects.bulk_create(
            CourseEvent(
                course=course,
                verb=CourseVerb.ENDED,
                on=course.ended_on,
                what=f"on {shown_day(course.ended_on)}: completed",
                reason=f"All planned fractions were given, the last {QUIET_DAYS} days ago or more.",
                by=system,
            )
            for course in Course.objects.filter(pk__in=ended)
        )
        sync_courses(ended, "The course ended: every fraction was given.")
    return len(ended)


def finished(now: datetime) -> QuerySet[Course]:
    """Courses that nobody has ended, with every fraction given, the last some time ago; none that
    somebody reopened since.
    """
    quiet_since = localdate(now) - timedelta(days=QUIET_DAYS)
    reopened = CourseEvent.objects.filter(
        course=OuterRef("pk"), verb=CourseVerb.REOPENED, at__gte=now - timedelta(days=QUIET_DAYS)
    )
    return (
        Course.objects.filter(ended_on__isnull=True, first_fraction_on__lte=quiet_since)
        .filter(~Exists(reopened))
        .annotate(done=sum_of_given(Count("pk")), last=sum_of_given(Max("date_of_service")))
        .filter(done__gte=F("fractions_planned"), last__lte=quiet_since)
    )


def sum_of_given(what: Count | Max) -> Subquery:
    """A sum over the treatments given in a course."""
    rows = GuidanceSession.objects.delivered().filter(course=OuterRef("pk")).order_by()
    return Subquery(rows.values("course").annotate(found=what).values("found"))
