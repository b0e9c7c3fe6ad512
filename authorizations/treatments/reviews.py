"""The physician's answer to images and shifts; a resident may look first.

The moment of an answer is the moment in which it is given. Only the confirmation of what a
person's file reports takes the reported one, and the moment of confirming stays beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import Provider, ProviderRole, User
from authorizations.charges.returns import come_back
from authorizations.courses.review_deadlines import with_next_start
from authorizations.exceptions import NotRecorded
from authorizations.models import Course, GuidanceSession, ImageReview, ReviewDecision
from authorizations.verdicts.judge_course import judge_course
from authorizations.verdicts.units import lock_courses
from authorizations.worklists.sync_tasks import in_one_pass

SHORTEST_STATEMENT = 20
OWN_WORDS = 3
SAYS_NOTHING = frozenset(
    (
        *(
            "i",
            "we",
            "have",
            "has",
            "been",
            "and",
            "as",
            "the",
            "this",
            "these",
            "with",
            "by",
            "at",
        ),
        *("resident", "resident's", "his", "her", "findings", "note", "above", "images", "shifts"),
        *("reviewed", "seen", "looked", "agree", "agreed", "agrees", "approve", "approved"),
    )
)
WANTS_STATEMENT = (
    "A resident looked first: write your own statement about images and shifts in the note; "
    "“seen and agree” is not enough."
)


@dataclass(frozen=True)
class ReviewResult:
    """What became of one session in an answer to many."""

    session: GuidanceSession
    is_done: bool
    sentence: str
    is_late: bool = False


@dataclass(frozen=True)
class ReviewAnswer:
    """What a physician says about images, and when."""

    provider: Provider
    by: User
    decision: str
    note: str
    moment: datetime
    is_confirmation: bool = False

    def moment_for(self, report: ImageReview | None) -> datetime:
        """When the images were looked at: as reported, where that is what is confirmed."""
        return report.reviewed_at if self.is_confirmation and report else self.moment


@in_one_pass()
def review_images(
    *,
    sessions: Iterable[GuidanceSession],
    by: User,
    decision: str = ReviewDecision.APPROVED,
    note: str = "",
    is_confirmation: bool = False,
) -> list[ReviewResult]:
    """Answer the images and shifts of each session; each on its own, each answered.

    A confirmation approves as of the moment that a person's file reports for this physician.
    Raises NotRecorded for a login behind which nobody stands who may answer.
    """
    provider = answering_provider(by, decision)
    answer = ReviewAnswer(
        provider, by, decision, note.strip(), timezone.now(), is_confirmation=is_confirmation
    )
    by_course: dict[int, list[int]] = {}
    for session in sessions:
        by_course.setdefault(session.course_id, []).append(session.pk)
    return [
        result
        for course in sorted(by_course)
        for result in review_course(by_course[course], answer)
    ]


def answering_provider(user: User, decision: str) -> Provider:
    """The clinician behind this login. Raises NotRecorded where they may not answer so."""
    provider = getattr(user, "provider", None)
    role = provider.role if provider and provider.is_active else ""
    is_look = decision == ReviewDecision.PRELIMINARY
    if role == ProviderRole.RADIATION_ONCOLOGIST and not is_look:
        return provider
    if role == ProviderRole.RESIDENT:
        if is_look:
            return provider
        raise NotRecorded("A resident looks first; the attending approves or rejects.")
    raise NotRecorded(
        "Only a radiation oncologist approves images, under their own login. "
        "The administrator links a login to its provider."
    )


@transaction.atomic
def review_course(numbers: list[int], answer: ReviewAnswer) -> list[ReviewResult]:
    """The sessions of one course, locked, answered one by one, then judged once."""
    lock_courses(Course.objects.filter(sessions__in=numbers))
    rows = GuidanceSession.objects.select_for_update(of=("self",)).filter(pk__in=numbers)
    list(rows.order_by("pk"))
    sessions = list(
        with_next_start(GuidanceSession.objects.filter(pk__in=numbers))
        .select_related("course__facility", "facility")
        .prefetch_related("reviews__reviewed_by", "corrections")
        .order_by("pk")
    )
    results = [review_one(session, answer) for session in sessions]
    answered = [result.session for result in results if result.is_done]
    if answered:
        if answer.decision != ReviewDecision.PRELIMINARY:
            come_back(
                answered, by=answer.by, because=f"The images were reviewed: {answer.decision}."
            )
        judge_course(sessions[0].course, by=answer.by)
    return results


def review_one(session: GuidanceSession, answer: ReviewAnswer) -> ReviewResult:
    earlier = list(session.reviews.all())
    report = next((r for r in earlier if r.decision == ReviewDecision.REPORTED), None)
    refusal = report_refusal(session, answer, report) or why_review_refused(
        session, answer, earlier, report
    )
    if refusal:
        return ReviewResult(session, False, refusal)
    has_resident = any(r.decision == ReviewDecision.PRELIMINARY for r in earlier)
    is_approval = answer.decision == ReviewDecision.APPROVED
    ImageReview.objects.create(
        session=session,
        decision=answer.decision,
        note=answer.note,
        has_attending_statement=has_resident and is_approval,
        reviewed_at=answer.moment_for(report),
        reviewed_by=answer.provider,
        recorded_by=answer.by,
        confirms=report if answer.is_confirmation else None,
    )
    return review_result(session, answer, answer.moment_for(report))


def review_result(session: GuidanceSession, answer: ReviewAnswer, moment: datetime) -> ReviewResult:
    """It is written down; an approval after the next treatment began is said to be late."""
    label = ReviewDecision(answer.decision).label
    is_approval = answer.decision == ReviewDecision.APPROVED
    if is_approval and session.next_start and moment >= session.next_start:
        began = session.next_start.astimezone(session.facility.tz)
        sentence = f"Approved late: the next treatment began {began:%a %-d %b, %H:%M}."
        return ReviewResult(session, True, sentence, is_late=True)
    return ReviewResult(session, True, f"{label}.")


def report_refusal(
    session: GuidanceSession, answer: ReviewAnswer, report: ImageReview | None
) -> str:
    """Why this physician cannot confirm what a file reports; empty when they can."""
    if not answer.is_confirmation:
        return ""
    if report is None:
        return "No file reports an approval of these images: approve them now."
    if report.reviewed_by_id != answer.provider.pk:
        return f"The file names {report.reviewed_by}: they confirm it, or you approve now."
    if report.reviewed_at > answer.moment:
        return "The reported time is still to come: approve the images now."
    if any(correction.at > report.recorded_at for correction in session.corrections.all()):
        return "The session was corrected after this was reported: look again and approve now."
    return ""


def why_review_refused(
    session: GuidanceSession,
    answer: ReviewAnswer,
    earlier: list[ImageReview],
    report: ImageReview | None = None,
) -> str:
    """Why this answer cannot be taken; empty when it can."""
    decisions = {review.decision for review in earlier}
    if ReviewDecision.APPROVED in decisions:
        return "These images are already approved."
    if answer.moment_for(report) < (session.image_at or session.started_at):
        return "Images cannot be answered before they are taken."
    if answer.decision == ReviewDecision.REJECTED and not answer.note:
        return "Say why the images are rejected."
    if answer.decision == ReviewDecision.PRELIMINARY:
        has_looked = any(review.reviewed_by_id == answer.provider.pk for review in earlier)
        return "You have looked at these images already." if has_looked else ""
    needs_words = answer.decision == ReviewDecision.APPROVED
    if needs_words and ReviewDecision.PRELIMINARY in decisions and not is_statement(answer.note):
        return WANTS_STATEMENT
    return ""


def is_statement(text: str) -> bool:
    """Whether it says something of its own: more than “seen and agree”."""
    words = re.findall(r"[\w']+", text.lower())
    own = [word for word in words if word not in SAYS_NOTHING]
    return len(text) >= SHORTEST_STATEMENT and len(own) >= OWN_WORDS
