"""What an import writes – ends, corrections, changes, beginnings – in words and in the database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import IntEnum
from typing import Any

from django.db import transaction

from coding.effective import Effective

Values = dict[str, Any]
CODE_COLUMNS = ("code", "column_one", "column_two", "locality")
ABOUT = ("effective_from", "effective_through", "source", "source_url", "verified_on", "release")
DAY = timedelta(days=1)
FEW_ENDS = 3
SHARE_OF_ENDS = 0.2


class Kind(IntEnum):
    """What happens to a row, in the order in which it is shown and written."""

    WITHDRAWN = 1
    ENDED = 2
    CORRECTED = 3
    CHANGED = 4
    RESUMED = 5
    BEGUN = 6


@dataclass(frozen=True)
class Step:
    """One row: what happens to it, and the columns it or its successor gets."""

    kind: Kind
    row: Effective | None
    values: Values

    @property
    def first_day(self) -> date:
        """The first day on which this makes a difference."""
        if self.kind == Kind.ENDED:
            return self.values["effective_through"] + DAY
        if self.kind in (Kind.CORRECTED, Kind.WITHDRAWN) and self.row is not None:
            return min(self.row.effective_from, self.values.get("effective_from", date.max))
        return self.values["effective_from"]

    def line(self, on: date) -> str:
        """What happens, in words."""
        texts = {
            Kind.WITHDRAWN: lambda: f"- {self.row}: withdrawn, never in force",
            Kind.ENDED: lambda: f"- {self.row}: ends {self.values['effective_through']}",
            Kind.CORRECTED: lambda: f"~ {self.row}: corrected to {described(self.values)}",
            Kind.CHANGED: lambda: f"~ {self.row}: becomes {described(self.values)}",
            Kind.RESUMED: lambda: f"~ {self.row}: goes on {days_of(self.values)}",
            Kind.BEGUN: lambda: f"+ {described(self.values)}",
        }
        retroactive = " (RETROACTIVE)" if self.first_day < on else ""
        return texts[self.kind]() + retroactive


@dataclass
class Changes:
    """The difference between a published table and our rows: exactly what is written.

    ``keys_in_force`` are the rows in force before it, ``listed`` how many of them the file names.
    """

    model: type[Effective]
    on: date
    steps: list[Step] = field(default_factory=list)
    unchanged: int = 0
    in_force: int = 0
    listed: int = 0

    @property
    def is_empty(self) -> bool:
        return not self.steps

    @property
    def ends_too_many(self) -> bool:
        """Whether so much ends that half a file is likelier than a new table."""
        ends = self.in_force - self.listed
        return ends > FEW_ENDS and ends > SHARE_OF_ENDS * self.in_force

    def count(self, *kinds: Kind) -> int:
        return sum(step.kind in kinds for step in self.steps)

    def codes(self) -> list[str]:
        """The codes whose published values are no longer what they were."""
        found: set[str] = set()
        for step in self.steps:
            found.update(str(step.values[n]) for n in CODE_COLUMNS if n in step.values)
            found.update(codes_of(step.row) if step.row else ())
        return sorted(found)

    def lines(self) -> Iterable[str]:
        """The difference in words: what reaches into the past first, then ends, then beginnings."""
        for step in sorted(self.steps, key=lambda s: (s.first_day >= self.on, s.kind)):
            yield step.line(self.on)


def codes_of(row: Effective) -> list[str]:
    return [str(getattr(row, name)) for name in CODE_COLUMNS if hasattr(row, name)]


def described(values: Values) -> str:
    parts = [f"{name} {value}" for name, value in values.items() if name not in ABOUT]
    return f"{', '.join(parts)}, {days_of(values)}"


def days_of(values: Values) -> str:
    through = values.get("effective_through")
    return f"from {values['effective_from']}" + (f" through {through}" if through else "")


def ending(row: Effective, through: date) -> Step:
    """The step that ends a row on a day, or withdraws one that begins later than that."""
    if through < row.effective_from:
        return Step(Kind.WITHDRAWN, row, {})
    return Step(Kind.ENDED, row, {"effective_through": through})


def resuming(row: Effective, after: date | None) -> list[Step]:
    """A row that says itself until when it is true goes on after the days the file speaks about."""
    if after is None or row.effective_through is None or row.effective_through <= after:
        return []
    fields = (f.attname for f in row._meta.concrete_fields if not f.primary_key)
    copy = {name: getattr(row, name) for name in fields}
    return [Step(Kind.RESUMED, row, {**copy, "effective_from": after + DAY})]


@transaction.atomic
def apply(changes: Changes, *, about: Values) -> None:
    """Write every step. ``about`` is source and release. What ends makes room first."""
    for step in sorted(changes.steps, key=makes_room_first):
        write(step, changes.model, about)


def makes_room_first(step: Step) -> tuple[int, bool]:
    through = step.values.get("effective_through")
    is_longer = through is None or (
        step.row is not None
        and step.row.effective_through is not None
        and through > step.row.effective_through
    )
    return step.kind, is_longer


def write(step: Step, model: type[Effective], about: Values) -> None:
    row = step.row
    if row is not None and step.kind == Kind.WITHDRAWN:
        row.delete()
    elif row is not None and step.kind == Kind.ENDED:
        keep(row, step.values)
    elif row is not None and step.kind == Kind.CORRECTED:
        keep(row, {**about, **step.values})
    elif row is not None and step.kind == Kind.CHANGED:
        keep(row, {"effective_through": step.values["effective_from"] - DAY})
        model.objects.create(**{**about, **step.values})
    else:
        given = step.values if step.kind == Kind.RESUMED else {**about, **step.values}
        model.objects.create(**given)


def keep(row: Effective, values: Values) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
