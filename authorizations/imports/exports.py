"""The lines of a file and the column mappings of facilities, as files."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from accounts.exports.column import ExportColumn, Label
from accounts.exports.response import Tables
from authorizations.models import ImportedRow

REFUSED = (
    ExportColumn("line", "line"),
    ExportColumn("record", "record"),
    ExportColumn("what is wrong", "sentence"),
)
KEPT = (
    ExportColumn("line", "line"),
    ExportColumn("record", "record"),
    ExportColumn("outcome", "outcome", Label(ImportedRow.Outcome)),
    ExportColumn("session", "session__pk"),
    ExportColumn("date of service", "session__date_of_service"),
    ExportColumn("fraction", "session__fraction"),
    ExportColumn("what, and why", "sentence"),
)
MAPPINGS = (
    ExportColumn("facility", "facility__code"),
    ExportColumn("dates", "get_date_format_display"),
    ExportColumn("shifts", "get_shift_unit_display"),
    ExportColumn("saved", "saved_at"),
    ExportColumn("by", "saved_by__username"),
)


def import_line_tables(refused: QuerySet, kept: QuerySet) -> Tables:
    """What became of each line of a file."""
    return {"kept": (KEPT, kept), "refused": (REFUSED, refused)}


def column_mapping_tables(rows: Any) -> Tables:
    """How the files of each facility are read."""
    return {"mappings": (MAPPINGS, list(rows))}
