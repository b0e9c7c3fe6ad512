"""What may be asked of a payer next, each in one press: more units, later dates, the new plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from accounts.web.text import shown_day
from authorizations.courses.forecast import Forecast
from authorizations.courses.units_ahead import Outlook, is_line_current
from authorizations.models import WAITING, AuthorizationStatus, PriorAuthorization, RequestType
from coding.rules.facts import GUIDANCE

Line = dict[str, Any]


@dataclass(frozen=True)
class NextStep:
    """A request that opens filled in: what it asks, of which authorization, and where it opens."""

    label: str
    detail: str
    url: str


@dataclass(frozen=True)
class FollowUp:
    """A request that follows another: its type, its lines and what it says."""

    request_type: str
    lines: list[Line] = field(default_factory=list)
    note: str = ""


def units_lacking(ahead: Forecast) -> tuple[int, int]:
    """Units to be asked for, and units that are approved but end before they are needed."""
    outside = sum(p.is_outside_dates for p in ahead.planned if not p.has_unit)
    later = min(outside, ahead.units_unused)
    return ahead.units_short - later, later


def more_units(found: Outlook) -> FollowUp:
    """The units that each approved code of the course lacks, whatever the dates."""
    return FollowUp(RequestType.EXTENSION, lines_lacking(found, 0))


def later_end(found: Outlook) -> FollowUp:
    """The approved units that end before the last fraction, to be valid until then."""
    end = found.guidance.last_fraction_on
    note = f"Later end date: the last fraction falls on {shown_day(end)}." if end else ""
    return FollowUp(RequestType.EXTENSION, lines_lacking(found, 1), note)


def lines_lacking(found: Outlook, which: int) -> list[Line]:
    modifiers = {line.code: line.modifier for line in found.lines}
    counts = {code: units_lacking(ahead)[which] for code, ahead in found.forecasts.items()}
    return [
        {"code": code, "modifier": modifiers[code], "units_requested": units}
        for code, units in counts.items()
        if units and code in modifiers
    ]


def new_plan(found: Outlook) -> FollowUp:
    """What is still to be given, as the course is treated now: it replaces what it follows."""
    course, units = found.course, len(found.guidance.planned)
    modifier = next((line.modifier for line in found.lines if line.code == GUIDANCE), "26")
    lines = [
        {"code": course.delivery_code, "modifier": "", "units_requested": units},
        {"code": GUIDANCE, "modifier": modifier, "units_requested": units},
    ]
    return FollowUp(RequestType.REVISION, lines if units else [])


FOLLOW_UPS = {"extend": more_units, "later": later_end, "revise": new_plan}


def follow_up(kind: str, found: Outlook) -> FollowUp:
    """The request of one press; an extension without lack asks for what ends too early."""
    asked = FOLLOW_UPS[kind](found)
    return asked if asked.lines or kind != "extend" else later_end(found)


def next_steps(found: Outlook, authorization: PriorAuthorization) -> list[NextStep]:
    """What may be asked in the wake of an authorization that is in force, the most wanted first."""
    mine = [line for line in found.lines if line.authorization_id == authorization.pk]
    if not mine or not all(is_line_current(line) for line in mine):
        return []
    steps = []
    for kind, label in () if is_extension_open(authorization) else EXTENSIONS:
        lines = FOLLOW_UPS[kind](found).lines
        if lines:
            label = label.format(units=max(line["units_requested"] for line in lines))
            steps.append(step(kind, label, lines, authorization))
    lines = new_plan(found).lines
    if lines:
        steps.append(step("revise", "Revise for the new plan", lines, authorization))
    return steps


EXTENSIONS = (("extend", "Ask for {units} more units"), ("later", "Ask for a later end date"))


def is_extension_open(authorization: PriorAuthorization) -> bool:
    """Whether more was asked already, and not answered."""
    open_ones = (*WAITING, AuthorizationStatus.DRAFT)
    rows = authorization.successors.filter(request_type=RequestType.EXTENSION)
    return rows.filter(status__in=open_ones).exists()


def step(kind: str, label: str, lines: list[Line], authorization: PriorAuthorization) -> NextStep:
    """Its words, and the address of its form."""
    words = ", ".join(f"{line['units_requested']} × {name_of_line(line)}" for line in lines)
    what = "Replaces" if kind == "revise" else "Extension of"
    url = reverse("authorization_new", args=[authorization.course_id])
    return NextStep(label, f"{what} {authorization}: {words}", f"{url}?{kind}={authorization.pk}")


def name_of_line(line: Mapping[str, Any]) -> str:
    return f"{line['code']}-{line['modifier']}" if line["modifier"] else str(line["code"])
