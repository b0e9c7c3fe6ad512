"""Recording what happened on the machine, and the physician's answer to its images."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Provider, ProviderRole, User
from authorizations.actions.charges import capture_and_judge, judge_course
from authorizations.models import (
    ChargeStatus,
    Course,
    GuidanceSession,
    ImageReview,
    ReviewDecision,
)


class NotRecorded(Exception):
    """The session or review cannot be written; the message says what would make it right."""


@transaction.atomic
def record_session(*, course: Course, by: User, **facts: Any) -> GuidanceSession:
    """One treatment of a course, with its images and shifts; its charge is captured and judged.

    Saving the same again changes nothing. Raises NotRecorded when the fraction is taken by
    something else.
    """
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
    capture_and_judge([session], by=by)
    return session


def find_recorded(course: Course, facts: dict[str, Any]) -> GuidanceSession | None:
    return (
        GuidanceSession.objects.live()
        .filter(
            course=course, fraction=facts["fraction"], session_of_day=facts.get("session_of_day", 1)
        )
        .first()
    )


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
    from authorizations.actions.release import void

    fresh = GuidanceSession.objects.select_for_update().get(pk=session.pk)
    if fresh.voided_at:
        return fresh
    if not reason:
        raise NotRecorded("Say why this session is taken back.")
    charges = list(fresh.charges.live())
    if any(charge.status == ChargeStatus.RELEASED for charge in charges):
        raise NotRecorded("Its charge is released. A coder voids the charge first.")
    for charge in charges:
        void(charge=charge, by=by, reason=reason, is_system=True)
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
    provider = reviewing_physician(by)
    moment = at or timezone.now()
    return [review_one(s, provider, by, decision, note, moment) for s in sessions]


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
def review_one(
    session: GuidanceSession,
    provider: Provider,
    by: User,
    decision: str,
    note: str,
    moment: datetime,
) -> ReviewResult:
    fresh = GuidanceSession.objects.select_for_update().get(pk=session.pk)
    if fresh.reviews.filter(decision=ReviewDecision.APPROVED).exists():
        return ReviewResult(fresh, False, "These images are already approved.")
    if decision == ReviewDecision.REJECTED and not note:
        return ReviewResult(fresh, False, "Say why the images are rejected.")
    if moment < (fresh.image_at or fresh.started_at):
        return ReviewResult(fresh, False, "Images cannot be approved before they are taken.")
    ImageReview.objects.create(
        session=fresh,
        decision=decision,
        note=note,
        reviewed_at=moment,
        reviewed_by=provider,
        recorded_by=by,
    )
    judge_course(fresh.course, by=by)
    return ReviewResult(fresh, True, "Approved." if decision == "approved" else "Rejected.")
