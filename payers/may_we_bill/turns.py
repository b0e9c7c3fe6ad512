"""What would turn the answer, and when it next changes: the same rulebook on other facts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from coding.effective import Effective
from coding.rules import all_rules
from payers.may_we_bill.answer import TONES, Answer, answered
from payers.may_we_bill.reasons import Asked
from payers.may_we_bill.scenario_facts import Books, Values
from payers.models import CodingPolicy

STEPS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("beside 77373, stereotactic delivery", {"delivery": "77373"}),
    ("on 31 December 2025, before the codes of 2026", {"day": date(2025, 12, 31)}),
    ("with the images approved after the next treatment began", {"reviewed": "after"}),
    ("without an approval of the images", {"reviewed": "no"}),
    ("approved before the next treatment", {"reviewed": "before"}),
    ("without authorization", {"authorization": "none"}),
    ("with an authorized unit", {"authorization": "unit"}),
    ("in an office, place 11", {"place": "11"}),
    ("in a hospital, place 22", {"place": "22"}),
    ("with a port image only", {"modality": ("port_film",)}),
    ("with surface guidance only", {"modality": ("surface",)}),
    ("for a second session of the day, one a day ordered", {"earlier": 1, "hours": 7}),
    ("where no treatment was given", {"delivered": "no"}),
    ("with a resident and no statement of the attending", {"resident": "yes", "statement": "no"}),
    ("with Z51.0 as the only diagnosis", {"diagnoses": ("Z51.0",)}),
)


@dataclass(frozen=True)
class Turn:
    """One fact changed, the answer it would bring, and why."""

    word: str
    tone: str
    change: str
    why: str


@dataclass(frozen=True)
class NextChange:
    """The next day on which something that was asked changes: what, and whether the answer does."""

    on: date
    what: tuple[str, ...]
    word: str


def turns_of(answer: Answer, books: Books) -> list[Turn]:
    """The single facts that would bring another answer."""
    found = []
    for change, values in steps_from(answer.values):
        other = answered(answer.values | values, books)
        if other.word != answer.word:
            found.append(Turn(other.word, other.tone, change, other.why))
    return sorted(found, key=lambda turn: list(TONES).index(turn.word))


def steps_from(values: Values) -> list[tuple[str, dict[str, Any]]]:
    """The facts to try: 26 there and not there, and each step that is one."""
    modifiers = values["modifiers"]
    others = tuple(m for m in modifiers if m != "26")
    turned = (
        ("without modifier 26", {"modifiers": others})
        if "26" in modifiers
        else ("with modifier 26", {"modifiers": ("26", *others)})
    )
    rest = [s for s in STEPS if any(values[name] != value for name, value in s[1].items())]
    return [turned, *rest]


def next_change(asked: Asked) -> NextChange | None:
    """The first day after this one on which a rule, policy or published row changes."""
    marks: dict[date, list[str]] = {}
    for on, what in changes_after(asked):
        marks.setdefault(on, []).append(what)
    if not marks:
        return None
    on = min(marks)
    later = answered(asked.answer.values | {"day": on}, asked.published.books)
    return NextChange(on, tuple(dict.fromkeys(marks[on])), later.word)


def changes_after(asked: Asked) -> Iterable[tuple[date, str]]:
    """Every day after the scenario's on which something it rests on begins or ends."""
    books, code, plan = asked.published.books, asked.code, asked.plan
    fees = asked.published.fees
    yield from boundaries(books.codes.editions.get(code, ()), "the code", asked.on)
    yield from boundaries(fees.fees(code), "relative values", asked.on)
    yield from boundaries(fees.factors, "conversion factor", asked.on)
    yield from boundaries(
        [row for row in books.codes.limits if row.code == code], "unit limits", asked.on
    )
    others = {line.code for line in asked.answer.facts.day.other_lines}
    pairs = [
        row
        for row in books.codes.pairs.get(code, ())
        if {row.column_one, row.column_two} - {code} <= others
    ]
    yield from boundaries(pairs, "pairings", asked.on)
    if plan:
        by_topic: dict[str, list[Any]] = {}
        for row in books.policies.coding_of(plan):
            topic = CodingPolicy.Topic(row.topic).label
            by_topic.setdefault(str(topic), []).append(row)
        for topic, rows in by_topic.items():
            yield from boundaries(rows, f"{plan.payer}, “{topic}”", asked.on)
        asks = books.policies.authorization_of(plan)
        yield from boundaries(asks, f"{plan.payer}, authorization", asked.on)
    for rule in all_rules():
        yield from boundaries([rule], f"rule {rule.number}", asked.on)


def boundaries(rows: Iterable[Any], what: str, on: date) -> Iterable[tuple[date, str]]:
    """The days after a day on which rows begin, or are over with nothing known after them."""
    rows = list(rows)
    for row in rows:
        if row.effective_from > on:
            yield row.effective_from, begun(row, what)
        end = row.effective_through
        if end and end >= on:
            after = end + timedelta(days=1)
            if not any(other.effective_from == after for other in rows):
                yield after, ended(row, what)


def begun(row: Any, what: str) -> str:
    """What is so from a first day on."""
    return f"{what}: other values begin" if isinstance(row, Effective) else f"{what} begins"


def ended(row: Any, what: str) -> str:
    """What is so after the last day: our books hold nothing, or the rule is over."""
    if isinstance(row, Effective):
        return f"{what}: nothing is loaded from then on"
    return f"{what} ends"
