"""What an import would change, shown before it is done: rows that begin, change, end or stay."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from coding.effective import Effective

Values = dict[str, Any]
CODE_COLUMNS = ("code", "column_one", "column_two")
ABOUT = ("effective_from", "effective_through", "source", "source_url", "verified_on", "release")


@dataclass
class Changes:
    """The difference between a published table and our rows, on the day it takes effect."""

    model: type[Effective]
    on: date
    added: list[Values] = field(default_factory=list)
    changed: list[tuple[Effective, Values]] = field(default_factory=list)
    ended: list[Effective] = field(default_factory=list)
    unchanged: int = 0

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.changed or self.ended)

    def codes(self) -> list[str]:
        """The codes whose published values are no longer what they were."""
        rows = [*self.added, *(values for _, values in self.changed)]
        found = {str(values[name]) for values in rows for name in CODE_COLUMNS if name in values}
        return sorted(found | {c for row in self.ended for c in codes_of(row)})

    def lines(self) -> Iterable[str]:
        """The difference in words, one line for each row."""
        for values in self.added:
            yield f"+ {describe(values)}"
        for row, values in self.changed:
            yield f"~ {row}: becomes {describe(values)} from {self.on}"
        for row in self.ended:
            yield f"- {row}: ends {self.on - timedelta(days=1)}"


def codes_of(row: Effective) -> list[str]:
    return [str(getattr(row, name)) for name in CODE_COLUMNS if hasattr(row, name)]


def describe(values: Values) -> str:
    return ", ".join(f"{name} {value}" for name, value in values.items() if name not in ABOUT)


def compare(
    model: type[Effective],
    key: Sequence[str],
    published: Iterable[Values],
    *,
    on: date,
    scope: Q,
    is_complete: bool,
) -> Changes:
    """Hold a published table against the rows in force on its first day.

    ``scope`` says which of our rows the table speaks about; where it is complete, a row it no
    longer lists has ended.
    """
    changes = Changes(model, on)
    standing = {
        tuple(getattr(row, name) for name in key): row
        for row in model.objects.filter(scope).in_force(on)
    }
    for values in published:
        row = standing.pop(tuple(values[name] for name in key), None)
        if row is None:
            changes.added.append(values)
        elif differs(row, values):
            changes.changed.append((row, values))
        else:
            changes.unchanged += 1
    if is_complete:
        changes.ended = list(standing.values())
    return changes


def differs(row: Effective, values: Values) -> bool:
    return any(
        getattr(row, name) != value for name, value in values.items() if name != "effective_from"
    )


@transaction.atomic
def apply(changes: Changes, *, about: Values) -> None:
    """Close what ends on the day before and open what begins. ``about`` is source and release."""
    eve = changes.on - timedelta(days=1)
    for row in changes.ended:
        close(row, eve)
    for row, values in changes.changed:
        if row.effective_from >= changes.on or getattr(row, "is_provisional", False):
            replace_values(row, values, about)  # a corrected edition, or no longer assumed
        else:
            close(row, eve)
            changes.model.objects.create(**{**about, **values, "effective_from": changes.on})
    changes.model.objects.bulk_create(
        changes.model(**{"effective_from": changes.on, **about, **values})
        for values in changes.added
    )


def close(row: Effective, on: date) -> None:
    """End a row on a day; one that begins later never came into force and ends as it begins."""
    row.effective_through = max(on, row.effective_from)
    row.save(update_fields=["effective_through"])


def replace_values(row: Effective, values: Values, about: Values) -> None:
    for name, value in {**about, **values}.items():
        setattr(row, name, value)
    row.save()
