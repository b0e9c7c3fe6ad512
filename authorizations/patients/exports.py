"""The tables of a patient's page as files."""

from __future__ import annotations

from accounts.exports.column import ExportColumn, label
from accounts.exports.response import Tables
from authorizations.models import Course, Coverage, Document, Patient, Relationship
from authorizations.models.documents import DocumentKind

COVERAGES = (
    ExportColumn("order", "rank", label(Coverage.Rank)),
    ExportColumn("payer", "plan__payer__name"),
    ExportColumn("plan", "plan__code"),
    ExportColumn("member ID", "member_id"),
    ExportColumn("group", "group_number"),
    ExportColumn("patient is the subscriber's", "relationship", label(Relationship)),
    ExportColumn("subscriber", "subscriber"),
    ExportColumn("since", "effective_from"),
    ExportColumn("through", "effective_through"),
)
DOCUMENTS = (
    ExportColumn("document", "kind", label(DocumentKind)),
    ExportColumn("authorization", "authorization__number"),
    ExportColumn("course", "authorization__course__code"),
    ExportColumn("added", "added_at"),
    ExportColumn("bytes", "size"),
)


def patient_tables(patient: Patient, courses: list[Course]) -> Tables:
    """Coverages of the patient, documents of the courses the reader may see."""
    documents = Document.objects.filter(authorization__course__in=courses)
    return {
        "coverages": (COVERAGES, patient.coverages.all()),
        "documents": (DOCUMENTS, documents),
    }
