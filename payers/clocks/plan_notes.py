"""What a plan owes a course under way and an approval, in words, for where a plan is chosen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from payers.clocks.decisions import decision_rule
from payers.clocks.windows import (
    continuity_on_joining,
    transition_ends_on,
    validity_floor,
)


class PlanKind(Protocol):
    """What a clock asks about a plan."""

    @property
    def line_of_business(self) -> str: ...

    @property
    def state(self) -> str: ...


@dataclass(frozen=True, slots=True)
class PlanNote:
    """One sentence about a plan, who says so, and how sure it is."""

    words: str
    source: str
    confidence: str


def notes_on_plan(plan: PlanKind | None, on: date) -> list[PlanNote]:
    """How long the plan has to answer, must honour a course it takes over, and lets approvals last.

    ``on`` is the day on which it is joined or asked.
    """
    if plan is None:
        return []
    rule = decision_rule(line_of_business=plan.line_of_business, state=plan.state, received_on=on)
    if rule is None:
        return promises_of_plan(plan, on)
    words = f"Must answer within {rule.standard}, expedited {rule.expedited}, from {rule.start}."
    return [PlanNote(words, rule.source, rule.confidence), *promises_of_plan(plan, on)]


def promises_of_plan(plan: PlanKind, on: date) -> list[PlanNote]:
    """What the plan owes a course under way, and the least an approval lasts."""
    line, state = plan.line_of_business, plan.state
    found = []
    until = transition_ends_on(joined_on=on, line_of_business=line)
    if until:
        words = (
            f"Honours a course under way when joined on {in_short(on)} through {in_short(until)}."
        )
        found.append(PlanNote(words, "42 CFR 422.112(b)(8)", "A"))
    for last, row in continuity_on_joining(joined_on=on, line_of_business=line, state=state):
        how = "Must honour" if row.is_law else "Has undertaken to honour (no law: an argument)"
        words = f"{how} a course under way when joined on {in_short(on)} through {in_short(last)}."
        found.append(PlanNote(words, row.source, row.confidence))
    floor = validity_floor(line_of_business=line, state=state, on=on)
    if floor:
        words = f"An approval lasts at least {floor.months} months in {floor.state}."
        found.append(PlanNote(words, floor.source, floor.confidence))
    return found


def notes_on_plans(plans: Iterable[PlanKind], on: date) -> list[tuple[PlanKind, list[PlanNote]]]:
    """The same for each of several plans, for a form that offers them."""
    return [(plan, notes_on_plan(plan, on)) for plan in plans]


def in_short(day: date) -> str:
    return f"{day:%-d %b %Y}"
