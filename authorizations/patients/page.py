"""What the page of a patient lists: coverages in order of payment, documents as often opened."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Count

from accounts.models import AccessEvent
from authorizations.models import Course, Coverage, Document, Patient

RANKS = list(Coverage.Rank.values)


def coverages_in_order(patient: Patient, today: date) -> list[Coverage]:
    """Who pays first, second and third; what has ended comes last."""
    rows = list(patient.coverages.select_related("plan__payer"))
    for row in rows:
        row.is_past = row.effective_through is not None and row.effective_through < today
        row.place = RANKS.index(row.rank) + 1
    return sorted(rows, key=lambda row: (row.is_past, row.place, -row.effective_from.toordinal()))


def documents_opened(courses: Iterable[Course], logs_at: set[int]) -> list[Document]:
    """The documents of the courses' requests, how often each was opened, and whether the reader
    may correct it.
    """
    rows = Document.objects.filter(authorization__course__in=courses)
    documents = list(rows.select_related("authorization__course", "added_by"))
    counted = AccessEvent.objects.filter(
        page="document_download", row_number__in=[document.pk for document in documents]
    )
    times = counted.order_by().values("row_number").annotate(n=Count("*"))
    opened = dict(times.values_list("row_number", "n"))
    for document in documents:
        document.times_opened = opened.get(document.pk, 0)
        document.may_correct = document.authorization.course.facility_id in logs_at
    return documents
