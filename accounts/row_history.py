"""What changed in a row and when, from the history the database itself writes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.db.models import Model, Q

from accounts.models import Membership, ProposedChange, Provider, User
from accounts.proposed_change import person_name

KEPT_BACK = frozenset({"last_login"})
WITHOUT_VALUES = frozenset({"password"})


@dataclass(frozen=True)
class Change:
    """One change: when, by whom, which values from what to what."""

    at: datetime
    by: str
    what: tuple[str, ...]


def changes_of(row: Model) -> list[Change]:
    """Every change of a row, the latest first; of a person also what they may do. No secret."""
    found = [*changed_values(row), *proposal_changes(row)]
    if isinstance(row, User):
        found += [*role_changes(row), *login_changes(row)]
    return sorted(found, key=lambda change: change.at, reverse=True)


def changed_values(row: Model) -> list[Change]:
    """The changes of the row's own columns, the latest first."""
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


def role_changes(person: User) -> list[Change]:
    """Roles given and taken away, by the history of memberships."""
    history = Membership.history.rel.related_model
    states = list(history.objects.filter(user=person).select_related("pgh_context", "facility"))
    people = people_of(states)
    words = {"insert": "Role given", "delete": "Role taken away", "update": "Role changed"}
    return [
        Change(
            state.pgh_created_at,
            people.get(person_of(state), "the system"),
            (
                f"{words[state.pgh_label]}: {state.get_role_display()} at "
                f"{state.facility or 'every facility'}",
            ),
        )
        for state in states
    ]


def login_changes(person: User) -> list[Change]:
    """Since when the login is a clinician's, and until when."""
    history = Provider.history.rel.related_model
    linked = history.objects.filter(user=person).values("pgh_obj")
    rows = history.objects.filter(pgh_obj__in=linked).select_related("pgh_context")
    states = list(rows.order_by("pgh_obj", "pgh_id"))
    people = people_of(states)
    found = []
    for before, after in pairwise([None, *states]):
        is_same_row = before is not None and before.pgh_obj_id == after.pgh_obj_id
        was, now = is_same_row and before.user_id == person.pk, after.user_id == person.pk
        if was != now:
            what = f"Signs in as {after.name}" if now else f"No longer signs in as {after.name}"
            by = people.get(person_of(after), "the system")
            found.append(Change(after.pgh_created_at, by, (what,)))
    return found


def proposal_changes(row: Model) -> list[Change]:
    """What administrators proposed about the row, and how it was decided."""
    found = []
    for proposal in ProposedChange.objects.filter(proposals_about(row)).with_names():
        what = proposal.sentence
        if isinstance(row, User):
            what = what.removeprefix(f"{person_name(row)} ")
        for verb, at, by in steps_of(proposal):
            why = f". Reason: {proposal.decline_reason}" if verb == "Declined" else ""
            found.append(Change(at, str(by), (f"{verb}: {what}{why}",)))
    return found


def proposals_about(row: Model) -> Q:
    """The proposals that concern a person, a clinician or a row of a book."""
    if isinstance(row, User):
        return Q(person=row)
    if isinstance(row, Provider):
        return Q(provider=row)
    return Q(book=row._meta.label_lower, row=row.pk)


def steps_of(proposal: ProposedChange) -> list[tuple[str, datetime, User]]:
    """What was done about a proposal, when and by whom."""
    first = "Done alone" if proposal.took_effect_alone else "Proposed"
    steps = (
        (first, proposal.proposed_at, proposal.proposed_by),
        ("Confirmed", proposal.confirmed_at, proposal.confirmed_by),
        ("Declined", proposal.declined_at, proposal.declined_by),
        ("Looked through", proposal.seen_at, proposal.seen_by),
    )
    return [(verb, at, by) for verb, at, by in steps if at]


def difference(fields: Iterable[Any], before: Any, after: Any) -> Iterable[str]:
    for field in fields:
        old, new = getattr(before, field.attname), getattr(after, field.attname)
        if old != new and field.name in WITHOUT_VALUES:
            yield f"{field.verbose_name} changed"
        elif old != new:
            yield f"{field.verbose_name}: {shown(old)} → {shown(new)}"


def shown(value: Any) -> str:
    return "empty" if value in (None, "", []) else str(value)


def person_of(state: Any) -> int | None:
    return state.pgh_context.metadata.get("user") if state.pgh_context else None


def people_of(states: Iterable[Any]) -> dict[int | None, str]:
    numbers = {person_of(state) for state in states} - {None}
    return {user.pk: str(user) for user in User.objects.filter(pk__in=numbers)}
