"""The published unit limits, pairings and editions of codes, read once for many charges."""

from __future__ import annotations

import re
from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from coding.models import CodeEdition, EditTable, PairEdit, UnitLimit
from coding.rules import facts as plain

QUARTER = re.compile(r"(\d{4}) Q([1-4])", re.ASCII)


@dataclass
class CodeBook:
    """The published unit limits and pairings, read once."""

    limits: list[UnitLimit] = field(
        default_factory=lambda: list(UnitLimit.objects.filter(table=EditTable.PRACTITIONER))
    )
    pairs: dict[str, list[PairEdit]] = field(default_factory=lambda: pairs_by_code())

    editions: dict[str, list[CodeEdition]] = field(default_factory=lambda: editions_by_code())
    tables: dict[date, str] = field(default_factory=dict)

    def status_of(self, code: str, on: date) -> str:
        """Whether a code is valid, deleted or unknown on a day; empty where no book is loaded."""
        if not self.editions or not code:
            return ""
        rows = self.editions.get(code, ())
        row = next((row for row in rows if row.is_in_force(on)), None)
        if row is None:
            return "deleted" if any(row.effective_from <= on for row in rows) else "unknown"
        return "deleted" if row.standing == CodeEdition.Standing.DELETED else "valid"

    def pair_table(self, on: date) -> str:
        """The release of the official pairings that covers a day; empty where none is loaded.

        A table of a quarter tells of its own days and of those before, never of later ones.
        """
        if on not in self.tables:
            rows = [r for rows in self.pairs.values() for r in rows if not r.is_provisional]
            latest = max((row.release for row in rows), key=last_day_of, default="")
            is_told = any(row.is_in_force(on) for row in rows) and on <= last_day_of(latest)
            self.tables[on] = latest if is_told else ""
        return self.tables[on]

    def unit_limit(self, code: str, on: date) -> plain.UnitLimitFacts | None:
        row = next((r for r in self.limits if r.code == code and r.is_in_force(on)), None)
        if row is None:
            return None
        return plain.UnitLimitFacts(row.units, row.adjudication, row.release)

    def pair_edits(
        self, code: str, others: Iterable[str], on: date
    ) -> tuple[plain.PairEditFacts, ...]:
        wanted = {(other, code) for other in others} | {(code, other) for other in others}
        return tuple(
            plain.PairEditFacts(
                row.column_one, row.column_two, row.indicator, row.release, row.is_provisional
            )
            for row in self.pairs.get(code, ())
            if (row.column_one, row.column_two) in wanted and row.is_in_force(on)
        )


def last_day_of(release: str) -> date:
    """The last day of the quarter that a release names; of one that names none, long ago."""
    named = QUARTER.match(release)
    if named is None:
        return date.min
    year, month = int(named[1]), int(named[2]) * 3
    return date(year, month, monthrange(year, month)[1])


def editions_by_code() -> dict[str, list[CodeEdition]]:
    """The editions of each code in the book."""
    grouped: dict[str, list[CodeEdition]] = defaultdict(list)
    for row in CodeEdition.objects.select_related("code"):
        grouped[row.code.code].append(row)
    return dict(grouped)


def pairs_by_code() -> dict[str, list[PairEdit]]:
    """The practitioner pairings under each of their two codes."""
    grouped: dict[str, list[PairEdit]] = defaultdict(list)
    for row in PairEdit.objects.filter(table=EditTable.PRACTITIONER):
        grouped[row.column_one].append(row)
        grouped[row.column_two].append(row)
    return grouped
