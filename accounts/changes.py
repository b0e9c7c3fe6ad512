"""What changed in a row and when, from the history the database itself writes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.db.models import Model

from accounts.models import User

KEPT_BACK = frozenset({"password", "last_login"})


@dataclass(frozen=True)
class Change:
    """One change: when, by whom, which values from what to what."""

    at: datetime
    by: str
    what: tuple[str, ...]


def changes_of(row: Model) -> list[Change]:
    """Every state of a row, the latest first, each with what it changed. Nothing secret is told."""
    states = list(row.history.select_related("pgh_context").order_by("pgh_id"))
    people = people_of(states)
    fields = [f for f in row._meta.concrete_fields if f.name not in KEPT_BACK]
    found = [
        Change(state.pgh_created_at, people.get(person_of(state), "the system"), ("Added",))
        for state in states[:1]
    ]
    for before, after in pairwise(states):
        what = tuple(difference(fields, before, after))
        if what:
            by = people.get(person_of(after), "the system")
            found.append(Change(after.pgh_created_at, by, what))
    return found[::-1]


def difference(fields: Iterable[Any], before: Any, after: Any) -> Iterable[str]:
    for field in fields:
        old, new = getattr(before, field.attname), getattr(after, field.attname)
        if old != new:
            yield f"{field.verbose_name}: {shown(old)} → {shown(new)}"


def shown(value: Any) -> str:
    return "empty" if value in (None, "", []) else str(value)


def person_of(state: Any) -> int | None:
    return state.pgh_context.metadata.get("user") if state.pgh_context else None


def people_of(states: Iterable[Any]) -> dict[int | None, str]:
    numbers = {person_of(state) for state in states} - {None}
    return {user.pk: str(user) for user in User.objects.filter(pk__in=numbers)}
