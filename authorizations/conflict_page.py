"""What the page of conflicts shows: what stands beside what the record-and-verify system says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from authorizations.actions.claims import waiting_row
from authorizations.actions.said import DELETED, placed_values, said_values, value_of
from authorizations.models import TreatmentRecord
from authorizations.session_history import SHOWN, shown


@dataclass(frozen=True)
class ConflictRow:
    """One record: the values that differ, as (name, ours, theirs)."""

    record: TreatmentRecord
    is_deletion: bool
    differences: list[tuple[str, str, str]] = field(default_factory=list)


def conflict_rows(records: Iterable[TreatmentRecord]) -> list[ConflictRow]:
    return [conflict_row(record) for record in records]


def conflict_row(record: TreatmentRecord) -> ConflictRow:
    if record.wanted is None or DELETED in record.wanted or record.session is None:
        return ConflictRow(record, is_deletion=bool(record.wanted and DELETED in record.wanted))
    session, row = record.session, waiting_row(record)
    said: dict[str, Any] = placed_values(row, record.course, record.facility)
    said |= said_values(row, record.facility)
    differences = []
    for name, value in said.items():
        ours = value_of(session, name)
        if ours != value:
            label = SHOWN.get(name, name.replace("_", " "))
            differences.append((label, shown(ours, session), shown(value, session)))
    return ConflictRow(record, is_deletion=False, differences=differences)
