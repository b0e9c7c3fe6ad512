"""Charges that would be judged differently, and runs that judged again, as files."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from accounts.exports.column import ExportColumn
from accounts.exports.response import LazyRows, Tables
from authorizations.web.export_columns import CHARGE_REFERENCE

CHANGED = (
    *CHARGE_REFERENCE,
    ExportColumn("at release", "said"),
    ExportColumn("now", "would_say"),
    ExportColumn("sentence", "sentence"),
    ExportColumn("why", "cause"),
    ExportColumn("since", "found_at"),
    ExportColumn("batch", "charge__batch__number"),
)
RUNS = (
    ExportColumn("why", "cause"),
    ExportColumn("begun", "started_at"),
    ExportColumn("by", "started_by__username"),
    ExportColumn("finished", "finished_at"),
    ExportColumn("courses judged", "done"),
    ExportColumn("courses", "total"),
    ExportColumn("open charges moved", "changed"),
    ExportColumn("released ones marked", "flagged"),
)


def unchanged_row(row: Any) -> Any:
    return row


def changed_verdict_tables(rows: QuerySet) -> Tables:
    """Released charges that would now be judged differently."""
    return {"changed": (CHANGED, rows)}


def rejudge_run_tables(rows: QuerySet) -> Tables:
    """Runs that judged charges again."""
    return {"runs": (RUNS, LazyRows(rows, unchanged_row))}
