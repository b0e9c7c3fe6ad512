"""The narrowest policy that speaks of a plan and a service; in doubt no answer, but the reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from payers.models import AuthorizationPolicy, CodingPolicy, Plan
from payers.policies.scope import Service, is_narrower, missing_facts

ISSUER = "the issuer of the plan"
Policy = AuthorizationPolicy | CodingPolicy
Row = TypeVar("Row", AuthorizationPolicy, CodingPolicy)


@dataclass(frozen=True)
class Found(Generic[Row]):
    """The policy that answers, or why none can be named: silence has neither."""

    row: Row | None = None
    doubt: str = ""
    depends_on: str = ""  # the facts that are missing for an answer
    candidates: tuple[Row, ...] = ()  # in doubt: the policies of which one or none answers


@dataclass(frozen=True)
class Candidate(Generic[Row]):
    """A policy that speaks of the service, or may: the facts on which that depends."""

    row: Row
    missing: frozenset[str]


def missing_for(row: Policy, plan: Plan, on: date, service: Service) -> frozenset[str] | None:
    """What must be known to say whether this row speaks of the service; None if it does not."""
    if row.effective_from > on or (row.effective_through and row.effective_through < on):
        return None
    if row.payer_id != plan.payer_id or row.plan_id not in (None, plan.pk):
        return None
    if row.line_of_business not in ("", plan.line_of_business):
        return None
    if row.issuer_id and plan.issuer_id not in (None, row.issuer_id):
        return None
    missing = missing_facts(row, service)
    is_issuer_missing = row.issuer_id is not None and plan.issuer_id is None
    return missing if missing is None or not is_issuer_missing else missing | {ISSUER}


def narrowest(
    rows: Iterable[Row], plan: Plan, on: date, service: Service, answer: Callable[[Row], object]
) -> Found[Row]:
    """The policy within whose scope no other lies, where all such policies answer alike.

    A policy that depends on what is not known answers nothing, and leaves no wider one to answer.
    """
    found = [
        Candidate(row, missing)
        for row in rows
        if (missing := missing_for(row, plan, on, service)) is not None
    ]
    sure = [candidate.row for candidate in found if not candidate.missing]
    left = [c for c in found if not any(is_narrower(row, c.row) for row in sure)]
    settled = [candidate.row for candidate in left if not candidate.missing]
    answers = {answer(candidate.row) for candidate in left}
    if settled and len(answers) == 1:
        return Found(settled[0])
    if len({answer(row) for row in settled}) > 1:
        return Found(doubt=tie_in_words(settled), candidates=tuple(c.row for c in left))
    unknown = sorted({label for candidate in left for label in candidate.missing})
    if not unknown:
        return Found()
    facts = " and ".join(unknown)
    return Found(
        doubt=f"depends on {facts}, not known here",
        depends_on=facts,
        candidates=tuple(candidate.row for candidate in left),
    )


def tie_in_words(rows: Sequence[Policy]) -> str:
    """Which policies answer differently, none of them narrower than another."""
    named = " and ".join(f"“{row}”" for row in rows)
    return f"has different answers from policies that are equally narrow: {named}"
