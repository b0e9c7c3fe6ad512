"""The lines of a file and the column mappings of facilities, as files."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from accounts.exports.column import Exported, Label
from accounts.exports.response import Tables
from authorizations.models import ImportedRow

REFUSED = (
    Exported("line", "line"),
    Exported("record", "record"),
    Exported("what is wrong", "sentence"),
)
KEPT = (
    Exported("line", "line"),
    Exported("record", "record"),
    Exported("outcome", "outcome", Label(ImportedRow.Outcome)),
    Exported("session", "session__pk"),
    Exported("date of service", "session__date_of_service"),
    Exported("fraction", "session__fraction"),
    Exported("what, and why", "sentence"),
)
MAPPINGS = (
    Exported("facility", "facility__code"),
    Exported("dates", "get_date_format_display"),
    Exported("shifts", "get_shift_unit_display"),
    Exported("saved", "saved_at"),
    Exported("by", "saved_by__username"),
)


def import_line_tables(refused: QuerySet, kept: QuerySet) -> Tables:
    """What became of each line of a file."""
    return {"kept": (KEPT, kept), "refused": (REFUSED, refused)}


def column_mapping_tables(rows: Any) -> Tables:
    """How the files of each facility are read."""
    return {"mappings": (MAPPINGS, list(rows))}
