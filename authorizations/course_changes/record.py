"""What every change of a course does: lock it, ask who may, write it down, judge what follows."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from accounts.models import User
from accounts.roles import Permission, has_permission
from authorizations.exceptions import Refused
from authorizations.models import WAITING, Course, CourseEvent, CourseVerb, PriorAuthorization
from authorizations.prior_authorizations.actions import write_authorization_event
from authorizations.prior_authorizations.coverage_changes import version_of
from authorizations.verdicts.judge_course import judge_course

LONGEST_REASON = 200


def lock_for_change(course: Course, by: User, reason: str, version: int | None) -> Course:
    """The course as it is now, for who registers at its facility and gives a reason.

    ``version`` is that of the course as it was shown; None where nothing was shown. Raises Refused.
    """
    rows = Course.objects.select_for_update(of=("self",)).select_related("facility", "patient")
    fresh: Course = rows.get(pk=course.pk)
    if not has_permission(by, Permission.REGISTER, fresh.facility):
        raise Refused(f"The course is changed by somebody who registers at {fresh.facility}.")
    if not reason.strip():
        raise Refused("Say why: it is shown with the change.")
    if version is not None and version != version_of(fresh):
        raise Refused("Somebody changed this course meanwhile. Look at it again, and save again.")
    return fresh


def finish_change(
    course: Course, verb: CourseVerb, *, on: date, what: str, reason: str, by: User
) -> CourseEvent:
    """Write the change down, on the pages of its requests as well; judge charges, refresh tasks."""
    event = CourseEvent.objects.create(
        course=course,
        verb=verb,
        on=on,
        what=what[:200],
        reason=reason.strip()[:LONGEST_REASON],
        by=by,
    )
    said = f"{event.get_verb_display()} {event.what}: {event.reason}".replace(" :", ":")
    for request in requests_concerned(course):
        write_authorization_event(
            request, "course_changed", request.status, by, said[:400], course_event=event.pk
        )
    judge_course(course, by=by, cause=f"{event.get_verb_display()}.")
    return event


def requests_concerned(course: Course) -> list[PriorAuthorization]:
    """Its requests that are with the payer or give units: what changes is of interest to them."""
    approved = course.authorizations.with_approval()
    rows = course.authorizations.filter(Q(status__in=WAITING) | Q(pk__in=approved))
    return list(rows.select_related("plan__payer").order_by("pk"))
