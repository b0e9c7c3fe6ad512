"""The queues of courses that stopped: on hold with nobody knowing until when, over with requests
still open.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils.timezone import localdate

from authorizations.models import (
    WAITING,
    AuthorizationStatus,
    AuthorizedService,
    Contact,
    Course,
    CourseEvent,
    CourseHold,
    CourseVerb,
    EndReason,
    PriorAuthorization,
)


def held_without_end() -> Q:
    """Courses on hold of which nobody knows when they go on: no fraction to come has a day."""
    holds = CourseHold.objects.running().filter(course=OuterRef("pk"), expected_on__isnull=True)
    return Q(Exists(holds))


def holds_due(rows: QuerySet[Course], now: datetime) -> QuerySet[Course]:
    """Of these courses, those on hold whose day of return is not known, or has come."""
    today = localdate(now)
    holds = CourseHold.objects.running().filter(
        Q(expected_on__isnull=True) | Q(expected_on__lte=today),
        course=OuterRef("pk"),
        held_from__lte=today,
    )
    return rows.filter(Exists(holds))


def open_after_the_course(
    rows: QuerySet[PriorAuthorization], now: datetime
) -> QuerySet[PriorAuthorization]:
    """Of these requests, those of courses cancelled or ended early, until the payer was told.

    One that waits is withdrawn, or the payer is told; an approval with units left stays until a
    contact since then is logged; a draft until it is withdrawn.
    """
    over = Course.objects.filter(ended_on__isnull=False).exclude(end_reason=EndReason.COMPLETED)
    decided = CourseEvent.objects.filter(
        course=OuterRef("course"), verb__in=(CourseVerb.CANCELLED, CourseVerb.ENDED)
    ).order_by("-at")
    found = rows.filter(course__in=over).annotate(over_at=Subquery(decided.values("at")[:1]))
    told = Contact.objects.filter(authorization=OuterRef("pk"), logged_at__gte=OuterRef("over_at"))
    with_payer = Q(status__in=WAITING) | Q(pk__in=with_units_left(localdate(now)))
    return found.filter(Q(status=AuthorizationStatus.DRAFT) | with_payer & ~Exists(told))


def with_units_left(today: date) -> QuerySet[PriorAuthorization, dict[str, Any]]:
    """Approvals that still give units on that day."""
    lines = AuthorizedService.objects.granted().not_replaced_by(today)
    usable = lines.filter(valid_through__gte=today, units_used__lt=F("units_approved"))
    return PriorAuthorization.objects.with_approval().filter(lines__in=usable).values("pk")
