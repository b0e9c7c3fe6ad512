"""Two policies that would both answer about a service, differently, neither of them narrower."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q

from payers.policies.scope import (
    conditions,
    do_meet,
    is_condition_within,
    is_narrower,
    is_plan_within,
)


def tie_refusal(policy: Any) -> str:
    """Why the policy may not be in force beside those that are; empty where it may.

    What has exactly its scope is left out: the one follows the other, or the database refuses it.
    """
    rows = in_force_beside(policy)
    for other in rows:
        if is_tied(policy, other) and not any(is_between(r, policy, other) for r in rows):
            return (
                f"“{other}” would answer too, and differently, and neither is narrower than the "
                f"other. Narrow one of them or end it, or publish first a policy for both: "
                f"{both_in_words(policy, other)}."
            )
    return ""


def in_force_beside(policy: Any) -> list[Any]:
    """The published policies of the payer on the same matter, on some day of this one."""
    rows = type(policy).objects.filter(payer=policy.payer_id, is_published=True)
    if hasattr(policy, "topic"):
        rows = rows.filter(topic=policy.topic)
    rows = rows.filter(
        Q(effective_through__isnull=True) | Q(effective_through__gte=policy.effective_from)
    )
    if policy.effective_through:
        rows = rows.filter(effective_from__lte=policy.effective_through)
    return list(rows.exclude(pk=policy.pk).select_related("payer", "issuer", "plan"))


def is_tied(policy: Any, other: Any) -> bool:
    """Whether both answer about some service, differently, neither as the narrower one."""
    return (
        policy.decision != other.decision
        and policy.scope_key != other.scope_key
        and do_meet(policy, other)
        and not is_narrower(policy, other)
        and not is_narrower(other, policy)
    )


def is_between(row: Any, policy: Any, other: Any) -> bool:
    """Whether the row answers wherever these two meet, as the narrowest, on all their days."""
    if not (is_narrower(row, policy) and is_narrower(row, other)):
        return False
    first = max(policy.effective_from, other.effective_from)
    last = min(policy.effective_through or date.max, other.effective_through or date.max)
    is_long = row.effective_from <= first and last <= (row.effective_through or date.max)
    return is_long and asks_no_more(row, policy, other)


def asks_no_more(row: Any, policy: Any, other: Any) -> bool:
    """Whether each condition of the row is one of the two policies' conditions already."""
    is_plan_given = is_plan_within(policy, row) or is_plan_within(other, row)
    return is_plan_given and all(
        any(is_condition_within(d, d.condition(each), condition) for each in (policy, other))
        for d, condition in conditions(row)
    )


def both_in_words(policy: Any, other: Any) -> str:
    """The scope in which two policies meet."""
    whom = policy.whom if is_plan_within(policy, other) else other.whom
    narrower = {
        dimension.name: dimension.phrase(condition)
        for one, two in ((policy, other), (other, policy))
        for dimension, condition in conditions(one)
        if not is_within_condition(dimension, two, condition)
    }
    return "; only ".join(part for part in (whom, ", ".join(narrower.values())) if part)


def is_within_condition(dimension: Any, row: Any, condition: Any) -> bool:
    """Whether the other row asks for less than this condition allows."""
    mine = dimension.condition(row)
    return bool(mine) and mine != condition and bool(dimension.within(mine, condition))
