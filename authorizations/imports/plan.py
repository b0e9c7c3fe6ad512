"""What an import would do, line by line, before anything is written."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from authorizations.exchange.treatments_csv import TreatmentRow
from authorizations.imports.existing_records import read_existing
from authorizations.imports.file_reader import FileReader
from authorizations.imports.latest_versions import Numbered, choose_versions
from authorizations.imports.planner import plan_changes
from authorizations.imports.record_changes import Outcome, RecordChange, RowResult
from authorizations.imports.reference_data import read_reference_data
from authorizations.models import ImportRun
from authorizations.verdicts.locks import lock_imports


@dataclass
class ImportPlan:
    """Every line of every new file with its result; files seen before are named, not read again."""

    hashes: list[str]
    positions: list[int] = field(default_factory=list)
    rows: list[RowResult] = field(default_factory=list)
    changes: list[RecordChange] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # how files were read: mapping, units
    moved: list[tuple[str, str]] = field(default_factory=list)  # records of no line, and why
    already_read: int = 0
    runs: list[ImportRun] = field(default_factory=list)

    def names(self, given: Sequence[Path]) -> list[str]:
        """The names of the files that were read, out of all that were given."""
        return [given[position].name for position in self.positions]

    def count(self, outcome: str) -> int:
        return sum(1 for row in self.rows if row.outcome == outcome)

    def of(self, *outcomes: str) -> list[RowResult]:
        return [row for row in self.rows if row.outcome in outcomes]

    @property
    def recorded(self) -> int:
        return self.count(Outcome.RECORDED)

    @property
    def repeated(self) -> int:
        return self.count(Outcome.REPEATED)

    @property
    def corrected(self) -> int:
        return self.count(Outcome.CORRECTED)

    @property
    def taken_back(self) -> int:
        return self.count(Outcome.TAKEN_BACK)

    @property
    def conflicts(self) -> list[RowResult]:
        return self.of(Outcome.CONFLICT)

    @property
    def refused(self) -> list[RowResult]:
        return self.of(Outcome.REFUSED)

    @property
    def good(self) -> int:
        """Rows that would change something."""
        return self.recorded + self.corrected + self.taken_back

    @property
    def summary(self) -> str:
        """The counts of what became of the lines; those that are nought are left out."""
        counts = (
            (self.recorded, "recorded"),
            (self.repeated, "seen again"),
            (self.corrected, "corrected"),
            (self.taken_back, "taken back"),
            (self.count(Outcome.PASSED), "passed over"),
            (len(self.conflicts), "left for a person to decide"),
            (len(self.refused), "refused"),
        )
        always = ("recorded", "seen again", "refused")
        return ", ".join(f"{n} {label}" for n, label in counts if n or label in always)


def plan_import(
    contents: Iterable[bytes],
    *,
    today: date | None = None,
    allowed: Collection[str] | None = None,
    reader: FileReader | None = None,
    is_locked: bool = False,
) -> ImportPlan:
    """Read the files and plan what each line would do. Raises FileRefused; writes nothing.

    ``allowed`` are the codes of the facilities whose rows may be imported; all unless given.
    ``is_locked`` locks the courses of these patients until the transaction ends.
    """
    if is_locked:
        lock_imports()
    plan = ImportPlan([])
    items: Numbered = []
    reader = reader or FileReader(allowed)
    for position, content in enumerate(contents):
        digest = hashlib.sha256(content).hexdigest()
        if digest in plan.hashes or already_read(digest):
            plan.already_read += 1
            continue
        plan.hashes.append(digest)
        plan.positions.append(position)
        number = len(plan.hashes) - 1
        items += [(number, item) for item in reader.read(content)]
    plan.notes = reader.notes
    rows = (item for _, item in items if isinstance(item, TreatmentRow))
    versions = choose_versions(items, read_reference_data(rows, today=today, allowed=allowed))
    existing = read_existing(versions, is_locked=is_locked)
    planned = plan_changes(versions, existing, allowed=allowed)
    plan.changes, plan.moved = planned.changes, planned.moved
    plan.rows = sorted(planned.results, key=lambda row: (row.file, row.line))
    return plan


def already_read(digest: str) -> bool:
    return ImportRun.objects.filter(kind=ImportRun.Kind.TREATMENTS, sha256=digest).exists()


__all__ = ["ImportPlan", "Outcome", "RecordChange", "RowResult", "plan_import"]
