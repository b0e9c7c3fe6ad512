"""The lines of a request and the units ledger as files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from accounts.exports.column import ExportColumn
from accounts.exports.response import Tables
from authorizations.web.export_columns import LINE, SESSION

PLANNED_DAYS = (
    ExportColumn("fraction", "fraction"),
    ExportColumn("day", "on"),
    ExportColumn("has a unit", "has_unit", {True: "yes", False: "no"}.get),
)


def request_tables(lines: QuerySet) -> Tables:
    """The lines of a request."""
    return {"lines": (LINE, lines)}


def ledger_tables(sessions: Any, planned: Iterable[Any]) -> Tables:
    """The sessions or the planned days behind a figure of the units ledger."""
    days = list(planned)
    return {"ledger": (PLANNED_DAYS, days) if days else (SESSION, sessions)}
