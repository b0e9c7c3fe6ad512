"""What a plan that the patient joined during the course owes to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from authorizations.models import AuthorizedService, Course, Coverage, joined_on
from payers.clocks import continuity_on_joining, transition_ends_on
from payers.policies.lookup import in_force


@dataclass(frozen=True)
class Joined:
    """A plan of a day that was joined while the course was under way, and since when."""

    coverage: Coverage
    on: date

    @property
    def line_of_business(self) -> str:
        return self.coverage.plan.line_of_business


def joined_during(course: Course, coverages: list[Coverage], on: date) -> Joined | None:
    """The plan of that day, where another plan paid for the course before; None otherwise."""
    coverage = next((c for c in coverages if in_force(c, on)), None)
    first = course.first_fraction_on
    if coverage is None or first is None:
        return None
    joined = joined_on(coverage.plan, on, coverages)
    if first >= joined:
        return None
    eve = joined - timedelta(days=1)
    return Joined(coverage, joined) if any(in_force(c, eve) for c in coverages) else None


def is_in_transition(course: Course, coverages: list[Coverage], on: date) -> bool:
    """Whether a Medicare Advantage plan that day honours a course begun under another plan."""
    joined = joined_during(course, coverages, on)
    if joined is None:
        return False
    until = transition_ends_on(joined_on=joined.on, line_of_business=joined.line_of_business)
    return until is not None and on <= until


def who_makes_it_honour(
    course: Course, coverages: list[Coverage], lines: Iterable[AuthorizedService], on: date
) -> tuple[str, str]:
    """By which law, and by which commitment of the insurers, a commercial plan that day honours
    what the plan before it approved; each with its last day, empty where there is none.
    """
    joined = joined_during(course, coverages, on)
    if joined is None or not was_approved_before(joined, lines):
        return "", ""
    found = {True: "", False: ""}
    for last, row in continuity_on_joining(
        joined_on=joined.on,
        line_of_business=joined.line_of_business,
        state=joined.coverage.plan.state,
    ):
        if on <= last and not found[row.is_law]:
            sure = f"confidence {row.confidence}"
            found[row.is_law] = f"{row.source}, through {last:%-d %b %Y} ({sure})"
    return found[True], found[False]


def was_approved_before(joined: Joined, lines: Iterable[AuthorizedService]) -> bool:
    """Whether another plan approved something of the course."""
    mine = joined.coverage.plan_id
    return any(line.is_granted and line.authorization.plan_id != mine for line in lines)
