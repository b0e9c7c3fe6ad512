"""Recording what happened on the machine, and the physician's answer to its images."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import Provider, ProviderRole, User
from authorizations.actions.charges import capture_and_judge, judge_course
from authorizations.actions.errors import NotRecorded
from authorizations.actions.locks import lock_course
from authorizations.actions.missed import withdraw_given
from authorizations.models import (
    ChargeStatus,
    Course,
    GuidanceSession,
    ImageReview,
    ReviewDecision,
)


@transaction.atomic
def record_session(*, course: Course, by: User, **facts: Any) -> GuidanceSession:
    """One treatment of a course, with its images and shifts; its charge is captured and judged.

    Saving the same again changes nothing. Raises NotRecorded when the fraction is taken by
    something else.
    """
    lock_course(course.pk)
    standing = find_recorded(course, facts)
    if standing:
        return same_or_refuse(standing, facts)
    try:
        with transaction.atomic():
            session = GuidanceSession.objects.create(course=course, recorded_by=by, **facts)
    except IntegrityError as error:
        standing = find_recorded(course, facts)
        if standing is None:
            raise NotRecorded(sentence_of(error)) from error
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
        f"Fraction {standing.fraction} is already recorded on {standing.date_of_service}. "
        "Correct that session instead of recording it twice."
    )


def sentence_of(error: IntegrityError) -> str:
    """The guard of the database that refused, in words."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
    for constraint in GuidanceSession._meta.constraints:
        if constraint.name == name:
            return str(constraint.violation_error_message)
    return "The database refused this session. Check the numbers and try again."


@transaction.atomic
def void_session(*, session: GuidanceSession, by: User, reason: str) -> GuidanceSession:
    """Take back a session recorded by mistake: its values stay, its unit and charge do not."""
    from authorizations.actions.release import move

    lock_course(session.course_id)
    fresh = GuidanceSession.objects.select_for_update().get(pk=session.pk)
    if fresh.voided_at:
        return fresh
    if not reason:
        raise NotRecorded("Say why this session is taken back.")
    charges = list(fresh.charges.live())
    if any(charge.status == ChargeStatus.RELEASED for charge in charges):
        raise NotRecorded("Its charge is released. A coder voids the charge first.")
    for charge in charges:
        move(charge=charge, verb="void", by=by, reason=reason, is_system=True)
    fresh.voided_at, fresh.voided_by, fresh.void_reason = timezone.now(), by, reason
    fresh.save(update_fields=["voided_at", "voided_by", "void_reason"])
    judge_course(fresh.course, by=by)
    return fresh


@dataclass(frozen=True)
class ReviewResult:
    """What became of one session in an approval of many."""

    session: GuidanceSession
    is_done: bool
    sentence: str


def review_images(
    *,
    sessions: Iterable[GuidanceSession],
    by: User,
    decision: str = ReviewDecision.APPROVED,
    note: str = "",
    at: datetime | None = None,
) -> list[ReviewResult]:
    """Approve or reject the images and shifts of each session; each on its own, each answered."""
    answer = ReviewAnswer(reviewing_physician(by), by, decision, note, at or timezone.now())
    by_course: dict[int, list[int]] = {}
    for session in sessions:
        by_course.setdefault(session.course_id, []).append(session.pk)
    return [
        result
        for course in sorted(by_course)
        for result in review_course(by_course[course], answer)
    ]


@dataclass(frozen=True)
class ReviewAnswer:
    """What a physician says about images, and when."""

    provider: Provider
    by: User
    decision: str
    note: str
    moment: datetime


def reviewing_physician(user: User) -> Provider:
    """The radiation oncologist behind this login. Raises NotRecorded where there is none."""
    provider = getattr(user, "provider", None)
    if provider is None or provider.role != ProviderRole.RADIATION_ONCOLOGIST:
        raise NotRecorded(
            "Only a radiation oncologist approves images, under their own login. "
            "The administrator links a login to its provider."
        )
    return provider


@transaction.atomic
def review_course(numbers: list[int], answer: ReviewAnswer) -> list[ReviewResult]:
    """The sessions of one course, locked, answered one by one, then judged once."""
    lock_course(GuidanceSession.objects.values_list("course_id", flat=True).get(pk=numbers[0]))
    rows = GuidanceSession.objects.select_for_update(of=("self",)).filter(pk__in=numbers)
    sessions = list(rows.select_related("course__facility").order_by("pk"))
    approved = set(
        ImageReview.objects.filter(
            session__in=sessions, decision=ReviewDecision.APPROVED
        ).values_list("session_id", flat=True)
    )
    results = [review_one(session, answer, session.pk in approved) for session in sessions]
    if any(result.is_done for result in results):
        judge_course(sessions[0].course, by=answer.by)
    return results


def review_one(session: GuidanceSession, answer: ReviewAnswer, is_approved: bool) -> ReviewResult:
    if is_approved:
        return ReviewResult(session, False, "These images are already approved.")
    if answer.decision == ReviewDecision.REJECTED and not answer.note:
        return ReviewResult(session, False, "Say why the images are rejected.")
    if answer.moment < (session.image_at or session.started_at):
        return ReviewResult(session, False, "Images cannot be approved before they are taken.")
    ImageReview.objects.create(
        session=session,
        decision=answer.decision,
        note=answer.note,
        reviewed_at=answer.moment,
        reviewed_by=answer.provider,
        recorded_by=answer.by,
    )
    done = "Approved." if answer.decision == ReviewDecision.APPROVED else "Rejected."
    return ReviewResult(session, True, done)
