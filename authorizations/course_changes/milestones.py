"""Entering the days of referral, consult, simulation, plan and follow-up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.roles import Permission, has_permission
from accounts.web.text import shown_day
from authorizations.courses.page import today_at
from authorizations.courses.registration import FURTHEST_START
from authorizations.exceptions import Refused
from authorizations.models import Course, CourseMilestone, MilestoneKind


@transaction.atomic
def record_milestones(*, course: Course, days: Mapping[str, date | None], by: User) -> int:
    """Give each of these steps its day, or none; how many differ from before.

    What was recorded before stays in the history. Raises Refused for who may not, and for days
    that cannot be.
    """
    rows = Course.objects.select_for_update(of=("self",)).select_related("facility")
    fresh = rows.get(pk=course.pk)
    if not has_permission(by, Permission.REGISTER, fresh.facility):
        raise Refused(f"The days are entered by somebody who registers at {fresh.facility}.")
    known = {row.kind: row for row in fresh.milestones.live()}
    changed = {
        kind: day
        for kind, day in days.items()
        if day != ((kind in known and known[kind].on) or None)
    }
    for kind, day in changed.items():
        refuse_impossible_day(fresh, kind, day)
        if kind in known:
            known[kind].withdrawn_at, known[kind].withdrawn_by = timezone.now(), by
            known[kind].save(update_fields=["withdrawn_at", "withdrawn_by"])
        if day:
            CourseMilestone.objects.create(course=fresh, kind=kind, on=day, recorded_by=by)
    return len(changed)


def refuse_impossible_day(course: Course, kind: str, day: date | None) -> None:
    """Raise Refused for a step that is not one, or a day that no step of this course can have."""
    if kind not in MilestoneKind:
        raise Refused("There is no such step.")
    if day is None:
        return
    label, today = MilestoneKind(kind).label, today_at(course)
    if abs(day - today) > FURTHEST_START:
        raise Refused(f"{label}: {shown_day(day)} is more than a year away. Check the year.")
    if kind == MilestoneKind.REFERRAL and day > today:
        raise Refused(f"{label}: {shown_day(day)} is still to come.")
