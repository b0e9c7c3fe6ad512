"""Recording what happened on the machine, and taking it back."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from accounts.web.text import shown_day
from authorizations.charges.moves import make_charge_move
from authorizations.courses.status import course_over_refusal
from authorizations.exceptions import NotRecorded
from authorizations.models import ChargeStatus, Course, GuidanceSession
from authorizations.treatments.missed import withdraw_given
from authorizations.verdicts.judge_course import capture_and_judge, judge_course
from authorizations.verdicts.units import lock_courses


@transaction.atomic
def record_session(*, course: Course, by: User, **facts: Any) -> GuidanceSession:
    """One treatment of a course, with its images and shifts; its charge is captured and judged.

    Saving the same again changes nothing. Raises NotRecorded when the fraction is taken by
    something else.
    """
    lock_courses(Course.objects.filter(pk=course.pk))
    (fresh,) = Course.objects.filter(pk=course.pk)
    over = course_over_refusal(fresh, facts["date_of_service"])
    if over:
        raise NotRecorded(over)
    standing = find_recorded(course, facts)
    if standing:
        return same_or_refuse(standing, facts)
    try:
        with transaction.atomic():
            session = GuidanceSession.objects.create(course=course, recorded_by=by, **facts)
    except IntegrityError as error:
        standing = find_recorded(course, facts)
        if standing is None:
            raise NotRecorded(describe_integrity_error(error)) from error
        return same_or_refuse(standing, facts)
    withdraw_given([session], by=by)
    capture_and_judge([session], by=by)
    return session


def find_recorded(course: Course, facts: dict[str, Any]) -> GuidanceSession | None:
    """The session of that fraction: of that day, or the one in which it was delivered.

    Images without treatment do not use the fraction up; it is due again.
    """
    is_same = Q(date_of_service=facts["date_of_service"])
    if facts.get("is_delivered", True):
        is_same |= Q(is_delivered=True)
    rows = GuidanceSession.objects.live().filter(
        is_same,
        course=course,
        fraction=facts["fraction"],
        session_of_day=facts.get("session_of_day", 1),
    )
    return rows.first()


def same_or_refuse(standing: GuidanceSession, facts: dict[str, Any]) -> GuidanceSession:
    """A repeated save is the same session; a different one on the same fraction is refused."""
    different = [name for name, value in facts.items() if getattr(standing, name) != value]
    if not different:
        return standing
    raise NotRecorded(
        f"Fraction {standing.fraction} is already recorded on "
        f"{shown_day(standing.date_of_service)}. "
        "Correct that session instead of recording it twice."
    )


def describe_integrity_error(error: IntegrityError) -> str:
    """The guard of the database that refused, in words."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
    for constraint in GuidanceSession._meta.constraints:
        if constraint.name == name:
            return str(constraint.violation_error_message)
    return "The database refused this session. Check the numbers and try again."


@transaction.atomic
def void_session(*, session: GuidanceSession, by: User, reason: str) -> GuidanceSession:
    """Take back a session recorded by mistake: its values stay, its unit and charge do not."""
    lock_courses(Course.objects.filter(pk=session.course_id))
    fresh = GuidanceSession.objects.select_for_update().get(pk=session.pk)
    if fresh.voided_at:
        return fresh
    if not reason:
        raise NotRecorded("Say why this session is taken back.")
    charges = list(fresh.charges.live())
    if any(charge.status == ChargeStatus.RELEASED for charge in charges):
        raise NotRecorded("Its charge is released. A coder voids the charge first.")
    for charge in charges:
        make_charge_move(charge=charge, verb="void", by=by, reason=reason, is_system=True)
    fresh.voided_at, fresh.voided_by, fresh.void_reason = timezone.now(), by, reason
    fresh.save(update_fields=["voided_at", "voided_by", "void_reason"])
    judge_course(fresh.course, by=by)
    return fresh
