"""The life of a session as a timeline: recorded, changed, reviewed, charged, taken back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any, Protocol

from accounts.models import Facility, User
from authorizations.courses.review_deadlines import came_late, next_start_of
from authorizations.models import (
    ChargeEvent,
    ChargeStatus,
    GuidanceSession,
    ReviewDecision,
    TreatmentRecord,
)
from authorizations.models.sessions import CARRIER
from authorizations.verdicts.clinic_clock import shown_time
from authorizations.web.event_labels import done_and_now


class Treatment(Protocol):
    """A day at a facility: a session, or what a file says of one."""

    date_of_service: date
    facility: Facility


SHOWN = {
    "machine": "machine",
    "date_of_service": "date of service",
    "fraction": "fraction",
    "session_of_day": "session of the day",
    "started_at": "start",
    "ended_at": "end",
    "is_delivered": "delivered",
    "delivery_code": "delivery code",
    "modalities": "modality",
    "image_at": "image time",
    "shift_lr_mm": "left–right",
    "shift_si_mm": "superior–inferior",
    "shift_ap_mm": "anterior–posterior",
    "pitch_deg": "pitch",
    "roll_deg": "roll",
    "yaw_deg": "yaw",
    "source_record": "record number",
}


@dataclass(frozen=True)
class SessionMoment:
    """One thing that happened to a session."""

    when: datetime
    what: str
    who: str
    reason: str = ""
    tone: str = "neutral"


def session_events(session: GuidanceSession) -> list[SessionMoment]:
    """Everything that happened to the session, the latest first."""
    moments = [
        *recorded(session),
        *changes(session),
        *corrections(session),
        *reviews(session),
        *charge_moves(session),
    ]
    return sorted(moments, key=lambda moment: moment.when, reverse=True)


def sender_of(session: GuidanceSession) -> str:
    """Who sent a treatment on a course of another facility, beside the person who accepted it."""
    rows = TreatmentRecord.objects.filter(session=session, sent_by__isnull=False)
    row = rows.select_related("sent_by", "facility").first()
    return f", sent from {row.facility.code} by {row.sent_by}" if row else ""


def recorded(session: GuidanceSession) -> Iterator[SessionMoment]:
    """When it was written down, and when it was taken back."""
    source = f"Record {session.source_record}{sender_of(session)}" if session.source_record else ""
    yield SessionMoment(session.recorded_at, "Recorded", str(session.recorded_by), source, "info")
    if session.voided_at:
        by, reason = str(session.voided_by), session.void_reason
        yield SessionMoment(session.voided_at, "Taken back", by, reason, "bad")


def changes(session: GuidanceSession) -> Iterator[SessionMoment]:
    """Each change of a value, from what to what, as the database saw it."""
    rows = list(session.history.select_related("pgh_context").order_by("pgh_id"))
    people = authors(rows)
    for before, after in pairwise(rows):
        changed = [
            f"{words}: {timeline_value(getattr(before, name), session)}"
            f" → {timeline_value(getattr(after, name), session)}"
            for name, words in SHOWN.items()
            if getattr(before, name) != getattr(after, name)
        ]
        if changed:
            who = people.get(author_of(after), "")
            yield SessionMoment(after.pgh_created_at, "Changed", who, "\n".join(changed), "warn")
        if before.authorized_service_id != after.authorized_service_id:
            yield SessionMoment(
                after.pgh_created_at, unit_sentence(after), people.get(author_of(after), "")
            )


def corrections(session: GuidanceSession) -> Iterator[SessionMoment]:
    """Why it was corrected; what changed stands in the change itself."""
    for row in session.corrections.select_related("by"):
        names = ", ".join(SHOWN.get(name, name) for name, _, _ in row.changes)
        yield SessionMoment(row.at, f"Corrected: {names}", str(row.by), row.reason, "warn")


def unit_sentence(row: Any) -> str:
    if row.authorized_service_id:
        return "Holds a unit of the authorization"
    return "Gave its unit of the authorization back"


def timeline_value(value: Any, session: Treatment) -> str:
    """A value as people read it, times by the facility's clock."""
    if isinstance(value, datetime):
        return shown_time(value, session.date_of_service, session.facility.tz)
    if isinstance(value, date):
        return f"{value:%-d %b %Y}"
    if isinstance(value, list):
        return " + ".join(value) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value in (None, "") else str(value)


def author_of(row: Any) -> int | None:
    return row.pgh_context.metadata.get("user") if row.pgh_context else None


def authors(rows: list[Any]) -> dict[int, str]:
    """The people behind these rows of history, in one query."""
    numbers = {author_of(row) for row in rows} - {None}
    return {user.pk: str(user) for user in User.objects.filter(pk__in=numbers)}


def reviews(session: GuidanceSession) -> Iterator[SessionMoment]:
    """Each look at the images; an approval after the next treatment began is called late."""
    began = next_start_of(session)
    for review in session.reviews.select_related(*CARRIER):
        what = f"Images {review.get_decision_display().lower()}"
        tone = ReviewDecision(review.decision).tone
        if review.decision == ReviewDecision.APPROVED and came_late(review, began):
            what, tone = f"{what}, late", "bad"
        said = " · ".join(filter(None, (review.carrier(session.facility.tz), review.note)))
        yield SessionMoment(review.reviewed_at, what, str(review.reviewed_by), said, tone)


def charge_moves(session: GuidanceSession) -> Iterator[SessionMoment]:
    rows = ChargeEvent.objects.filter(charge__session=session).select_related("by")
    for event in rows:
        what = f"Charge: {done_and_now(event.verb, event.new_status)}"
        tone = ChargeStatus.tones().get(event.new_status, "neutral")
        yield SessionMoment(event.at, what, str(event.by), event.reason, tone)
