"""Where a release fits: it is true from its first day until its end or the next edition's first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Min, Q

from coding.effective import Confidence, Effective
from coding.imports.changes import DAY, Changes, Kind, Step, Values, ending, resuming
from coding.imports.sheets import MalformedFile


def fit(
    model: type[Effective],
    key: Sequence[str],
    published: Iterable[Values],
    *,
    on: date,
    through: date | None,
    scope: Q,
) -> Changes:
    """Fit a complete table into our rows; ``scope`` says which of our rows it speaks about.

    A row the table no longer lists ends the day before. An edition that begins later stays.
    """
    mine = model.objects.filter(scope)
    through = last_day(through, mine.filter(effective_from__gt=on))
    standing = {tuple(getattr(row, name) for name in key): row for row in mine.in_force(on)}
    changes = Changes(model, on, in_force=len(standing))
    for named, values in unique(key, published).items():
        given = {**values, "effective_from": on, "effective_through": through}
        row = standing.pop(named, None)
        changes.listed += row is not None
        steps = [Step(Kind.BEGUN, None, given)] if row is None else taking_over(row, given)
        changes.unchanged += not steps
        changes.steps += steps
    for row in standing.values():
        changes.steps += [ending(row, on - DAY), *resuming(row, through)]
    return changes


def last_day(through: date | None, later: object) -> date | None:
    """The end of a release, or the day before the next edition begins, whichever is earlier."""
    begins = later.aggregate(first=Min("effective_from"))["first"]  # type: ignore[attr-defined]
    if begins is None:
        return through
    return min(begins - DAY, through or begins - DAY)


def unique(key: Sequence[str], published: Iterable[Values]) -> dict[tuple[object, ...], Values]:
    """Each listed row once. Raises MalformedFile where a file lists two different ones."""
    found: dict[tuple[object, ...], Values] = {}
    for values in published:
        named = tuple(values[name] for name in key)
        if found.setdefault(named, values) != values:
            words = " ".join(str(part) for part in named).strip()
            raise MalformedFile(f"The file lists {words} twice, with different values.")
    return found


def taking_over(row: Effective, given: Values) -> list[Step]:
    """What becomes of a row in force that the table lists: nothing, a new end, or new values."""
    on, through = given["effective_from"], given["effective_through"]
    dates = ("effective_from", "effective_through")
    is_same = all(getattr(row, n) == v for n, v in given.items() if n not in dates)
    if is_same and row.confidence == Confidence.A:
        return new_end(row, given)
    rest = resuming(row, through)
    if row.effective_from == on:
        return [Step(Kind.CORRECTED, row, given), *rest]
    return [Step(Kind.CHANGED, row, given), *rest]


def new_end(row: Effective, given: Values) -> list[Step]:
    """The same values: a row without an end gets the table's, one that ends too early goes on."""
    through = given["effective_through"]
    if row.effective_through == through:
        return []
    if row.effective_through is None:
        return [ending(row, through)]
    if through is None or row.effective_through < through:
        return [Step(Kind.CORRECTED, row, {**given, "effective_from": row.effective_from})]
    return []
