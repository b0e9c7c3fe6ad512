"""The last word on a case: what a contact said, or a note of a colleague."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from authorizations.models import AuthorizationEvent, Contact


@dataclass(frozen=True)
class LastNote:
    """What was said or noted last, by whom and when."""

    text: str
    by: str
    at: datetime


def last_notes(courses: Collection[int]) -> dict[int, LastNote]:
    """The latest contact or note of each course, in two questions."""
    found: dict[int, LastNote] = {}
    contacts = (
        Contact.objects.filter(authorization__course__in=courses)
        .select_related("authorization", "logged_by")
        .order_by("authorization__course_id", "-logged_at", "-pk")
        .distinct("authorization__course_id")
    )
    for said in contacts:
        note = LastNote(said.summary, str(said.logged_by), said.logged_at)
        found[said.authorization.course_id] = note
    events = (
        AuthorizationEvent.objects.notes()
        .filter(authorization__course__in=courses)
        .exclude(reason="")
        .select_related("authorization", "by")
        .order_by("authorization__course_id", "-at", "-pk")
        .distinct("authorization__course_id")
    )
    for event in events:
        course = event.authorization.course_id
        if course not in found or found[course].at < event.at:
            found[course] = LastNote(event.reason, str(event.by), event.at)
    return found
