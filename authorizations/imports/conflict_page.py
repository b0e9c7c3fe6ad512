"""What the page of conflicts shows: what is recorded and what the other system sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db.models import QuerySet

from accounts.exports.column import ExportColumn
from accounts.exports.response import LazyRows, Tables
from accounts.models import Facility, User
from authorizations.charges.session_timeline import SHOWN, timeline_value
from authorizations.imports.conflicts import may_decide_conflict
from authorizations.imports.record_versions import (
    DELETED,
    placed_values,
    session_values,
    value_of,
    waiting_row,
)
from authorizations.models import TreatmentRecord
from authorizations.models.treatment_records import COURSE_ELSEWHERE
from authorizations.web.export_columns import patient_columns


@dataclass(frozen=True)
class ConflictRow:
    """One record: the values that differ, as (name, ours, theirs)."""

    record: TreatmentRecord
    is_deletion: bool
    may_decide: bool = False
    differences: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class SentTreatment:
    """The day and place of a treatment that a file brought and that is not recorded."""

    date_of_service: date
    facility: Facility


def conflict_rows(records: Iterable[TreatmentRecord], by: User) -> list[ConflictRow]:
    """What this person sees of each, and whether it is for them to decide."""
    return [
        replace(conflict_row(record), may_decide=may_decide_conflict(record, by))
        for record in records
    ]


def conflict_row(record: TreatmentRecord) -> ConflictRow:
    is_sent = record.kind == COURSE_ELSEWHERE
    if not record.wanted or DELETED in record.wanted or not (record.session or is_sent):
        return ConflictRow(record, is_deletion=bool(record.wanted and DELETED in record.wanted))
    session, row = record.session, waiting_row(record)
    sent: dict[str, Any] = placed_values(row, record.course, record.facility)
    sent |= session_values(row, record.facility)
    treatment = session or SentTreatment(sent["date_of_service"], record.facility)
    differences = []
    for name, value in sent.items():
        ours = value_of(session, name) if session else None
        if ours != value:
            label = SHOWN.get(name, name.replace("_", " "))
            before = timeline_value(ours, session) if session else ""
            differences.append((label, before, timeline_value(value, treatment)))
    return ConflictRow(record, is_deletion=False, differences=differences)


CONFLICTS = (
    ExportColumn("record", "record__record"),
    ExportColumn("said", "record__said_at"),
    ExportColumn("facility", "record__facility__code"),
    ExportColumn("course", "record__course__code"),
    *patient_columns("record__course__patient__"),
    ExportColumn("date of service", "record__session__date_of_service"),
    ExportColumn("fraction", "record__session__fraction"),
    ExportColumn("why a person decides", "record__sentence"),
    ExportColumn("taken back by the system", "is_deletion", {True: "yes", False: "no"}.get),
    ExportColumn(
        "here and there",
        "differences",
        lambda rows: "; ".join(
            f"{name}: {ours} here, {theirs} there" for name, ours, theirs in rows
        ),
    ),
)


def conflict_table(rows: QuerySet) -> Tables:
    """The conflicts with the record-and-verify system, with what differs."""
    return {"conflicts": (CONFLICTS, LazyRows(rows, conflict_row))}
