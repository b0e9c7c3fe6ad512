"""Everything that happened to a patient, over all courses the reader may see."""

from __future__ import annotations

from django.urls import reverse

from authorizations.courses.events import CourseMoment, course_events
from authorizations.models import Course, Document

MOST_MOMENTS = 60


def patient_events(courses: list[Course]) -> list[CourseMoment]:
    """The latest first. What is true of all courses is listed once."""
    found: dict[CourseMoment, None] = {}
    for course in courses:
        found |= dict.fromkeys(course_events(course, limit=MOST_MOMENTS))
    found |= dict.fromkeys(document_moments(courses))
    moments = sorted(found, key=lambda moment: moment.when, reverse=True)
    return moments[:MOST_MOMENTS]


def document_moments(courses: list[Course]) -> list[CourseMoment]:
    """The documents that were attached."""
    rows = Document.objects.filter(authorization__course__in=courses)
    return [
        CourseMoment(
            row.added_at,
            f"Document attached: {row.get_kind_display().lower()}",
            str(row.added_by),
            href=reverse("authorization_detail", args=[row.authorization_id]),
        )
        for row in rows.select_related("added_by")
    ]
