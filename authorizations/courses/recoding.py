"""Recoding: what to amend where an authorization or course is written in codes of before 2026."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from authorizations.models import AuthorizedService, Course, PriorAuthorization
from coding.models import CodeEdition
from coding.rules.common import LEGACY_DELIVERY, LEGACY_GUIDANCE
from coding.rules.facts import GUIDANCE
from payers.models import CodingPolicy
from payers.policies.lookup import PolicyBook

OLD = LEGACY_GUIDANCE | LEGACY_DELIVERY
IMRT_OR_3D, WITH_MOTION = "77407", "77412"


@dataclass(frozen=True)
class Amendment:
    """One line in an old code: until when it serves, and what it becomes."""

    line: AuthorizedService
    old: str
    last_day: date | None
    new_code: str
    new_modifier: str
    units_left: int
    why: str

    @property
    def new(self) -> str:
        return f"{self.new_code}-{self.new_modifier}" if self.new_modifier else self.new_code


@dataclass(frozen=True)
class Recoding:
    """All amendments of a request, and how this payer wants to hear of them."""

    amendments: tuple[Amendment, ...]
    is_recoded_by_payer: bool
    source: str

    @property
    def sentence(self) -> str:
        if self.is_recoded_by_payer:
            return (
                "This payer said it writes the new codes itself: have it confirmed on this number."
            )
        return "Ask for a revision: treatments since the change need a line in the new code."


def recoding(authorization: PriorAuthorization, on: date) -> Recoding | None:
    """What to amend for services from that day on; None where every code is valid then."""
    policies = PolicyBook()
    lines = [line for line in authorization.lines.all() if is_deleted(line.code, on)]
    if not lines:
        return None
    topic = CodingPolicy.Topic.OLD_AUTHORIZATIONS
    plan, service = authorization.plan, authorization.course.guidance_on(on)
    policy = policies.coding_policy(plan, topic, on, service)
    takes_26 = policies.answer(plan, CodingPolicy.Topic.MODIFIER_26, on, service) != "rejected"
    return Recoding(
        tuple(amendment(line, authorization.course, takes_26) for line in lines),
        is_recoded_by_payer=bool(policy and policy.value == "recoded_by_payer"),
        source=policy.source if policy else "No policy of this payer on file: the general rule",
    )


def is_deleted(code: str, on: date) -> bool:
    edition = CodeEdition.objects.in_force(on).filter(code__code=code).first()
    if edition is None:
        return code in OLD and on.year >= 2026
    return edition.standing == CodeEdition.Standing.DELETED


def amendment(line: AuthorizedService, course: Course, takes_26: bool) -> Amendment:
    last = CodeEdition.objects.filter(code__code=line.code, standing="valid").order_by(
        "-effective_through"
    )
    edition = last.first()
    new_code, modifier, why = successor(line.code, course, takes_26)
    return Amendment(
        line=line,
        old=str(line),
        last_day=edition.effective_through if edition else date(2025, 12, 31),
        new_code=new_code,
        new_modifier=modifier,
        units_left=line.units_remaining if line.units_approved else line.units_requested,
        why=why,
    )


def successor(code: str, course: Course, takes_26: bool) -> tuple[str, str, str]:
    """The code, its modifier, and why it is this one."""
    if code in LEGACY_GUIDANCE:
        modifier = "26" if takes_26 else ""
        why = "one code for all guidance, whatever the technique"
        return GUIDANCE, modifier, why if takes_26 else f"{why}; this payer rejects 26"
    if course.delivery_code not in OLD:
        return course.delivery_code, "", "the delivery code of the course"
    if course.has_motion_management:
        return WITH_MOTION, "", "active motion management makes it level 3"
    return IMRT_OR_3D, "", "one isocenter, IMRT or 3D, is level 2"


def revision_lines(found: Recoding) -> list[dict[str, Any]]:
    """The lines of a revision that asks for the new codes."""
    return [
        {
            "code": amendment.new_code,
            "modifier": amendment.new_modifier,
            "units_requested": max(amendment.units_left, 1),
        }
        for amendment in found.amendments
    ]
