"""Noting what did not happen, and taking that back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.models import Facility, User
from authorizations.exceptions import NotRecorded
from authorizations.models import Course, GuidanceSession, MissedTreatment


@transaction.atomic
def record_missed(
    *,
    course: Course,
    facility: Facility,
    date_of_service: date,
    session_of_day: int,
    reason: str,
    by: User,
) -> MissedTreatment:
    """A treatment that was due and not given. Noting the same twice changes nothing.

    Raises NotRecorded where that treatment is recorded, or missed for another reason.
    """
    Course.objects.select_for_update().get(pk=course.pk)
    here = {"course": course, "date_of_service": date_of_service, "session_of_day": session_of_day}
    if GuidanceSession.objects.live().filter(**here).exists():
        raise NotRecorded("This treatment is recorded. Take the session back first.")
    standing = MissedTreatment.objects.live().filter(**here).first()
    if standing is None:
        return MissedTreatment.objects.create(
            **here, facility=facility, reason=reason, recorded_by=by
        )
    if standing.reason != reason:
        raise NotRecorded(f"Already noted: {standing.get_reason_display().lower()}. Undo it first.")
    return standing


def withdraw_missed(missed: MissedTreatment, *, by: User) -> None:
    """It was treated after all, or another day was meant. Twice is once."""
    MissedTreatment.objects.live().filter(pk=missed.pk).update(
        withdrawn_at=timezone.now(), withdrawn_by=by
    )


def withdraw_given(sessions: Iterable[GuidanceSession], *, by: User) -> None:
    """What was recorded as given was not missed."""
    given = {(s.course_id, s.date_of_service, s.session_of_day) for s in sessions}
    noted = MissedTreatment.objects.live().filter(course__in={course for course, _, _ in given})
    for missed in noted:
        if (missed.course_id, missed.date_of_service, missed.session_of_day) in given:
            withdraw_missed(missed, by=by)
