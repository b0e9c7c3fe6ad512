"""Rows of the day sheet that wait for nothing but the physician: whom, and by when."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from authorizations.courses.review_deadlines import deadline_of, with_next_start
from authorizations.models import GuidanceSession
from authorizations.verdicts.status import SessionVerdict


def with_whom_they_wait_for(
    verdicts: dict[int, SessionVerdict], now: datetime
) -> dict[int, SessionVerdict]:
    """The verdicts; where only the approval of the images is missing, they say who gives it by
    when, and stop once that moment has passed.
    """
    waiting = [number for number, verdict in verdicts.items() if verdict.waits_for_review]
    rows = with_next_start(GuidanceSession.objects.filter(pk__in=waiting))
    found = rows.select_related("course__physician", "course__facility", "facility")
    told = {row.pk: told_of(verdicts[row.pk], row, now) for row in found}
    return verdicts | told


def told_of(verdict: SessionVerdict, session: GuidanceSession, now: datetime) -> SessionVerdict:
    """Waits for Ines Alder, by Mon 30 Nov, 08:30; late once the next treatment was given."""
    deadline, who = deadline_of(session), session.course.physician.name
    moment = deadline.before.astimezone(session.facility.tz)
    when = f"{moment:%a} {moment.day} {moment:%b, %H:%M}"
    if deadline.before > now:
        return replace(verdict, sentence=f"Waits for {who}, by {when}.")
    if deadline.is_expected:
        sentence = f"{who} was to approve the images by {when}: remind them."
        return replace(verdict, label="Due", tone="warn", sentence=sentence)
    sentence = f"{who} had not approved the images when the next treatment began ({when})."
    return replace(verdict, label="Late", tone="bad", sentence=sentence)
