"""How far a policy reaches, and which of two policies reaches less far."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

GLOBAL = "global"


@dataclass(frozen=True, slots=True)
class Service:
    """The service a payer's policy is asked about. What is empty is not known."""

    code: str = ""
    component: str = ""  # 26, TC, or global for both
    state: str = ""  # where the patient is treated
    technique: str = ""
    body_site: str = ""
    diagnosis: str = ""
    facility_type: str = ""


NOTHING_KNOWN = Service()


@dataclass(frozen=True)
class Dimension:
    """One condition of a policy: when it holds, and when it holds within, or meets, another."""

    name: str
    label: str
    holds: Callable[[Any, str], bool]
    within: Callable[[Any, Any], bool]
    meets: Callable[[Any, Any], bool]
    phrase: Callable[[Any], str]
    column: str = ""

    def condition(self, row: Any) -> Any:
        """What the row asks of this fact; empty where it asks nothing."""
        return getattr(row, self.column or self.name)


def words(text: str) -> frozenset[str]:
    """The words of a treatment site, without capitals and punctuation."""
    return frozenset(re.findall(r"[a-z0-9]+", text.lower()))


def bare(diagnosis: str) -> str:
    """A diagnosis without its point, which a claim leaves out."""
    return diagnosis.replace(".", "")


def is_same(one: Any, other: Any) -> bool:
    return bool(one == other)


def code_phrase(codes: tuple[str, str]) -> str:
    first, last = codes
    return f"code {first}" if first == last else f"codes {first}–{last}"


def component_phrase(component: str) -> str:
    return "both components (global)" if component == GLOBAL else f"component {component}"


CODES = Dimension(
    "code",
    "the code",
    holds=lambda codes, code: codes[0] <= code <= codes[1],
    within=lambda mine, other: other[0] <= mine[0] and mine[1] <= other[1],
    meets=lambda mine, other: mine[0] <= other[1] and other[0] <= mine[1],
    phrase=code_phrase,
    column="codes",
)
COMPONENT = Dimension("component", "the component", is_same, is_same, is_same, component_phrase)
STATE = Dimension(
    "state",
    "the state of treatment",
    is_same,
    is_same,
    is_same,
    lambda state: f"treated in {state}",
)
TECHNIQUE = Dimension(
    "technique",
    "the technique",
    holds=lambda technique, name: bool(technique.upper() == name.upper()),
    within=is_same,
    meets=is_same,
    phrase=lambda name: f"technique {name}",
)
BODY_SITE = Dimension(
    "body_site",
    "the treatment site",
    holds=lambda site, text: words(site) <= words(text),
    within=lambda mine, other: words(other) <= words(mine),
    meets=lambda mine, other: bool(words(mine) & words(other)),
    phrase=lambda site: f"site {site}",
)
DIAGNOSIS = Dimension(
    "diagnosis",
    "the diagnosis",
    holds=lambda start, code: bare(code).startswith(bare(start)),
    within=lambda mine, other: bare(mine).startswith(bare(other)),
    meets=lambda mine, other: mine.startswith(other) or other.startswith(mine),
    phrase=lambda start: f"diagnosis {start}",
)
FACILITY_TYPE = Dimension(
    "facility_type",
    "the kind of facility",
    is_same,
    is_same,
    is_same,
    lambda kind: {"office": "in an office", "hospital": "in a hospital"}.get(
        kind, "in an ambulatory surgical center"
    ),
)
DIMENSIONS = (CODES, COMPONENT, STATE, TECHNIQUE, BODY_SITE, DIAGNOSIS, FACILITY_TYPE)


def conditions(row: Any) -> tuple[tuple[Dimension, Any], ...]:
    """What must be true of a service for the row to speak about it."""
    asked = ((dimension, dimension.condition(row)) for dimension in DIMENSIONS)
    return tuple((dimension, condition) for dimension, condition in asked if condition)


def conditions_in_words(row: Any) -> str:
    """The same, as people read it; empty where the row speaks about every service."""
    return ", ".join(dimension.phrase(condition) for dimension, condition in conditions(row))


def missing_facts(row: Any, service: Service) -> frozenset[str] | None:
    """The facts on which it depends whether the row speaks about this service; empty where it
    does, None where it does not.
    """
    missing = set()
    for dimension, condition in conditions(row):
        fact = getattr(service, dimension.name)
        if not fact:
            missing.add(dimension.label)
        elif not dimension.holds(condition, fact):
            return None
    return frozenset(missing)


def is_within(mine: Any, other: Any) -> bool:
    """Whether all that one row speaks about, plan and service, is in the scope of the other."""
    return is_plan_within(mine, other) and all(
        is_condition_within(dimension, dimension.condition(mine), condition)
        for dimension, condition in conditions(other)
    )


def is_condition_within(dimension: Dimension, mine: Any, other: Any) -> bool:
    return bool(mine) and dimension.within(mine, other)


def is_plan_within(mine: Any, other: Any) -> bool:
    """Whether the plans of one row are among those of the other; both are rows of one payer.

    A plan whose issuer nobody has entered is within each issuer's: who speaks of a plan knows more.
    """
    if other.plan_id:
        return bool(mine.plan_id == other.plan_id)
    row = mine.plan if mine.plan_id else mine
    has_issuer = other.issuer_id in (None, row.issuer_id)
    is_unknown = bool(mine.plan_id) and row.issuer_id is None
    return other.line_of_business in ("", row.line_of_business) and (has_issuer or is_unknown)


def is_narrower(mine: Any, other: Any) -> bool:
    """Whether one row speaks about less than the other."""
    return is_within(mine, other) and not is_within(other, mine)


def do_meet(mine: Any, other: Any) -> bool:
    """Whether there may be a plan and a service of which both rows speak."""
    return do_plans_meet(mine, other) and all(
        dimension.meets(condition, dimension.condition(mine))
        for dimension, condition in conditions(other)
        if dimension.condition(mine)
    )


def do_plans_meet(mine: Any, other: Any) -> bool:
    """Whether some plan may belong to both rows."""
    if mine.payer_id != other.payer_id:
        return False
    if mine.plan_id or other.plan_id:
        return is_plan_within(mine, other) or is_plan_within(other, mine)
    pairs = (
        (mine.line_of_business, other.line_of_business),
        (mine.issuer_id, other.issuer_id),
    )
    return all(not one or not two or one == two for one, two in pairs)
