"""The steps of a course in one line, from referral to follow-up, each with its day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from authorizations.courses.units_ahead import Outlook
from authorizations.models import Course, CourseMilestone, MilestoneKind

BEFORE = (
    MilestoneKind.REFERRAL,
    MilestoneKind.CONSULT,
    MilestoneKind.SIMULATION,
    MilestoneKind.PLAN,
)


@dataclass(frozen=True)
class Step:
    """One step: its day, and whether it is done, planned, not to come any more, or has no day."""

    label: str
    on: date | None
    state: str
    who: str = ""


def milestone_line(course: Course, found: Outlook) -> list[Step]:
    """Referral, consult, simulation, plan, first and last treatment, follow-up."""
    rows = course.milestones.live().select_related("recorded_by")
    known = {row.kind: row for row in rows}
    days = list(
        course.sessions.delivered().order_by("date_of_service").values_list(
            "date_of_service", flat=True
        )
    )  # fmt: skip
    return [
        *(entered_step(course, kind, known.get(kind), found.today) for kind in BEFORE),
        first_step(course, days),
        last_step(course, days, found),
        entered_step(course, MilestoneKind.FOLLOW_UP, known.get(MilestoneKind.FOLLOW_UP),
                     found.today),
    ]  # fmt: skip


def entered_step(
    course: Course, kind: MilestoneKind, row: CourseMilestone | None, today: date
) -> Step:
    if row is None:
        return Step(kind.label, None, "over" if course.is_cancelled else "open")
    state = "done" if row.on <= today else "planned"
    return Step(kind.label, row.on, state, str(row.recorded_by))


def first_step(course: Course, days: list[date]) -> Step:
    """The day on which treatment began, or is planned to begin."""
    if days:
        return Step("First treatment", days[0], "done")
    if course.is_cancelled:
        return Step("First treatment", None, "over")
    state = "planned" if course.first_fraction_on else "open"
    return Step("First treatment", course.first_fraction_on, state)


def last_step(course: Course, days: list[date], found: Outlook) -> Step:
    """The day of the last treatment, by the sessions or by the calendar of those to come."""
    planned = found.guidance.last_fraction_on
    if planned and not course.ended_on:
        is_whole = found.guidance.planned[-1].fraction == course.fractions_planned
        return Step("Last treatment", planned if is_whole else None, "planned" if is_whole else
                    "open")  # fmt: skip
    is_given = bool(days) and found.fractions_done >= (course.fractions_planned or 61)
    if course.ended_on or is_given:
        return Step("Last treatment", days[-1] if days else None, "done" if days else "over")
    return Step("Last treatment", None, "open")
