"""Charges that would be judged differently, and runs that judged again, as files."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from accounts.exports.column import Exported
from accounts.exports.response import Made, Tables
from authorizations.web.export_columns import CHARGE_REFERENCE

CHANGED = (
    *CHARGE_REFERENCE,
    Exported("at release", "said"),
    Exported("now", "would_say"),
    Exported("sentence", "sentence"),
    Exported("why", "cause"),
    Exported("since", "found_at"),
    Exported("batch", "charge__batch__number"),
)
RUNS = (
    Exported("why", "cause"),
    Exported("begun", "started_at"),
    Exported("by", "started_by__username"),
    Exported("finished", "finished_at"),
    Exported("courses judged", "done"),
    Exported("courses", "total"),
    Exported("open charges moved", "changed"),
    Exported("released ones marked", "flagged"),
)


def same(row: Any) -> Any:
    return row


def changed_verdict_tables(rows: QuerySet) -> Tables:
    """Released charges that would now be judged differently."""
    return {"changed": (CHANGED, rows)}


def rejudge_run_tables(rows: QuerySet) -> Tables:
    """Runs that judged charges again."""
    return {"runs": (RUNS, Made(rows, same))}
