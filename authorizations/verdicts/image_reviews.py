"""The answers to the images of many sessions at once, in one query."""

from __future__ import annotations

from collections.abc import Iterable

from authorizations.models import GuidanceSession, ImageReview, ReviewDecision


def approvals(sessions: Iterable[GuidanceSession]) -> dict[int, ImageReview]:
    """The approval of each session's images, if there is one."""
    rows = ImageReview.objects.filter(
        session__in=list(sessions), decision=ReviewDecision.APPROVED
    ).select_related("reviewed_by")
    return {review.session_id: review for review in rows}


def by_decision(sessions: Iterable[GuidanceSession]) -> dict[str, dict[int, ImageReview]]:
    """The reviews of each session's images, one of each decision."""
    rows = ImageReview.objects.filter(session__in=list(sessions))
    found: dict[str, dict[int, ImageReview]] = {choice: {} for choice in ReviewDecision.values}
    for review in rows.select_related("reviewed_by", "recorded_by"):
        found[review.decision][review.session_id] = review
    return found
