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


def notes_on_plan(
    plan: PlanKind | None, on: date, *, joined_on: date | None = None
) -> list[PlanNote]:
    """How long the plan has to answer, must honour a course it takes over, and lets approvals last.

    ``on``: the day on which it is asked; ``joined_on``: the first day of the patient's coverage, or
    None where it is joined on the day on which it is asked.
    """
    if plan is None:
        return []
    promises = promises_of_plan(plan, on, joined_on=joined_on)
    rule = decision_rule(line_of_business=plan.line_of_business, state=plan.state, received_on=on)
    if rule is None:
        return promises
    words = f"Must answer within {rule.standard}, expedited {rule.expedited}, from {rule.start}."
    return [PlanNote(words, rule.source, rule.confidence), *promises]


def promises_of_plan(plan: PlanKind, on: date, *, joined_on: date | None = None) -> list[PlanNote]:
    """What the plan still owes that day to a course it took over, and the least an approval lasts.

    ``joined_on``: as for ``notes_on_plan``.
    """
    line, state, joined = plan.line_of_business, plan.state, joined_on or on
    honours = []
    until = transition_ends_on(joined_on=joined, line_of_business=line)
    if until:
        honours.append((until, "Honours", "42 CFR 422.112(b)(8)", "A"))
    for last, row in continuity_on_joining(joined_on=joined, line_of_business=line, state=state):
        how = "Must honour" if row.is_law else "Has undertaken to honour (no law: an argument)"
        honours.append((last, how, row.source, row.confidence))
    found = [
        PlanNote(
            f"{how} a course under way when joined on {in_short(joined)} through {in_short(last)}.",
            source,
            confidence,
        )
        for last, how, source, confidence in honours
        if last >= on
    ]
    floor = validity_floor(line_of_business=line, state=state, on=on)
    if floor:
        words = f"An approval lasts at least {floor.months} months in {floor.state}."
        found.append(PlanNote(words, floor.source, floor.confidence))
    return found


def notes_on_plans(
    plans: Iterable[tuple[PlanKind, date]], on: date
) -> list[tuple[PlanKind, list[PlanNote]]]:
    """The same for each plan that a form offers with the day on which the patient joined it."""
    return [(plan, notes_on_plan(plan, on, joined_on=joined)) for plan, joined in plans]


def in_short(day: date) -> str:
    return f"{day:%-d %b %Y}"
