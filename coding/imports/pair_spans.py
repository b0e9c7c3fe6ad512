"""Where a pairing table fits: each pair brings its own dates, and they count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from coding.imports.changes import DAY, Changes, Kind, Step, Values, ending, resuming
from coding.imports.sheets import MalformedFile
from coding.models import PairEdit

Pair = tuple[str, str, str]


def fit_pairs(published: Iterable[Values], *, on: date, through: date | None, scope: Q) -> Changes:
    """Fit a pairing table into our rows: a pair ends on the day the file says, also in the past.

    A pair that the table does not list at all ends the day before the release takes effect.
    """
    last = through or date.max
    rows: dict[Pair, list[PairEdit]] = defaultdict(list)
    for row in PairEdit.objects.filter(scope, effective_from__lte=last).order_by("effective_from"):
        rows[row.table, row.column_one, row.column_two].append(row)
    spans: dict[Pair, list[Values]] = defaultdict(list)
    for values in published:
        spans[values["table"], values["column_one"], values["column_two"]].append(values)
    changes = Changes(PairEdit, on)
    for pair in dict.fromkeys([*spans, *rows]):
        in_force = any(is_in_force(row, on) for row in rows[pair])
        changes.in_force += in_force
        changes.listed += in_force and pair in spans
        if pair in spans:
            fit_pair(changes, rows[pair], spans_in_order(spans[pair]), through)
        else:
            for row in rows[pair]:
                changes.steps += unlisted(row, on, through)
    return changes


def is_in_force(row: PairEdit, on: date) -> bool:
    return row.effective_from <= on <= (row.effective_through or date.max)


def unlisted(row: PairEdit, on: date, through: date | None) -> list[Step]:
    """A row whose pair the table no longer lists: it ends, unless it had ended already."""
    if (row.effective_through or date.max) < on:
        return []
    return [ending(row, on - DAY), *resuming(row, through)]


def spans_in_order(spans: list[Values]) -> list[Values]:
    """The spans of a pair by date; one that ends as it begins was never in force.

    Raises MalformedFile where two of them are true on one day.
    """
    found: list[Values] = []
    for span in sorted(spans, key=lambda values: values["effective_from"]):
        end = span["effective_through"]
        if (end is not None and end <= span["effective_from"]) or span in found:
            continue
        if found and (found[-1]["effective_through"] or date.max) >= span["effective_from"]:
            raise MalformedFile(
                f"The file lists {span['column_one']} / {span['column_two']} twice for "
                f"{span['effective_from']}."
            )
        found.append(span)
    return found


def fit_pair(
    changes: Changes, rows: list[PairEdit], spans: list[Values], through: date | None
) -> None:
    """The rows of one pair against its spans: each span takes the rows of its days."""
    last, waiting = through or date.max, list(rows)
    for span in spans:
        start, end = span["effective_from"], span["effective_through"] or date.max
        if start > last:
            continue
        mine = [
            row
            for row in waiting
            if row.effective_from <= end and (row.effective_through or date.max) >= start
        ]
        waiting = [row for row in waiting if row not in mine]
        if mine:
            steps = corrected_spans(mine, span, changes.on, last)
        else:
            stated = min(end, last)
            steps = [Step(Kind.BEGUN, None, {**span, "effective_through": or_none(stated)})]
        changes.unchanged += not steps
        changes.steps += steps
    for row in waiting:
        changes.steps += unlisted(row, changes.on, through)


def or_none(day: date) -> date | None:
    return None if day == date.max else day


def corrected_spans(mine: list[PairEdit], span: Values, on: date, last: date) -> list[Step]:
    """What becomes of the rows of a span: its dates, and its indicator from the release on."""
    first, final = mine[0], mine[-1]
    end = span["effective_through"] or date.max
    known = final.effective_through or date.max
    if end > last:  # the file does not speak about later days: there our row stands
        end = known if known > last else last
    steps: list[Step] = []
    if first is not final and first.effective_from != span["effective_from"]:
        given = {n: getattr(first, n) for n in ("column_one", "column_two", "effective_through")}
        steps.append(
            Step(Kind.CORRECTED, first, {**given, "effective_from": span["effective_from"]})
        )
    start = span["effective_from"] if first is final else final.effective_from
    given = {**span, "effective_from": start, "effective_through": or_none(end)}
    is_new_indicator = final.indicator != span["indicator"] and not final.is_provisional
    if is_new_indicator and final.effective_from < on <= end:
        return [*steps, Step(Kind.CHANGED, final, {**given, "effective_from": on})]
    if end < known and not differs(final, {**given, "effective_through": final.effective_through}):
        return [*steps, ending(final, end)]
    return [*steps, Step(Kind.CORRECTED, final, given)] if differs(final, given) else steps


def differs(row: PairEdit, given: Values) -> bool:
    return any(getattr(row, n) != v for n, v in given.items() if n != "rationale")
