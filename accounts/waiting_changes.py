"""The worklist of the second administrator, as Home, its page, the bar and the mail show it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from accounts.administrators import is_only_administrator
from accounts.models import DutySetting, ProposedChange, User
from accounts.proposals import may_decide
from accounts.proposed_change import ProposedChangeKind as Kind
from accounts.roles import Permission, is_permitted_somewhere
from accounts.separation import DUTY


@dataclass(frozen=True)
class WaitingElsewhere:
    """A proposal that has a page of its own: a policy, with what it would change."""

    sentence: str
    proposed_by: User | None
    url: str
    asks: str = "Proposed"
    then: str = "The page shows what it changes."


@dataclass
class WaitingChange:
    """A proposal with what the second administrator sees and may do."""

    change: ProposedChange
    is_own: bool
    roles: list[str] = field(default_factory=list)


# The app that keeps policies enters here which of them are proposed.
ELSEWHERE: list[Callable[[], list[WaitingElsewhere]]] = []


def waiting_changes(person: User) -> list[WaitingChange]:
    """What waits, the oldest first; the roles of a new person stand with the person."""
    rows = [
        row
        for row in ProposedChange.objects.waiting().with_names()
        if row.proposed_by_id == person.pk or may_decide(row, person)
    ]
    newcomers = {
        (row.person_id, row.proposed_by_id): WaitingChange(row, is_ones_own(row, person))
        for row in rows
        if row.kind == Kind.PERSON
    }
    found = []
    for row in rows:
        newcomer = newcomers.get((row.person_id, row.proposed_by_id))
        if newcomer and row.kind == Kind.ROLE:
            newcomer.roles.append(row.role_in_words)
        elif newcomer and row.kind == Kind.PERSON:
            found.append(newcomer)
        else:
            found.append(WaitingChange(row, is_ones_own(row, person)))
    return found


def is_ones_own(change: ProposedChange, person: User) -> bool:
    """Whether this administrator proposed it or is the person concerned, and so cannot confirm."""
    return person.pk in (change.proposed_by_id, change.person_id)


def waiting_elsewhere() -> list[WaitingElsewhere]:
    """The proposals that are confirmed on a page of their own."""
    return [row for rows in ELSEWHERE for row in rows()]


def count_waiting(person: User) -> int:
    """How many proposals of others and looks at what was done alone wait for this administrator."""
    if not is_permitted_somewhere(person, Permission.KEEP_BOOKS):
        return 0
    mine = sum(not row.is_own for row in waiting_changes(person))
    others = sum(row.proposed_by != person for row in waiting_elsewhere())
    return mine + others + sum(row.proposed_by_id != person.pk for row in done_alone(person))


def done_alone(person: User) -> list[ProposedChange]:
    """What one administrator did alone at the facilities whose books this one keeps."""
    return [row for row in ProposedChange.objects.alone().with_names() if may_decide(row, person)]


def administration_context(person: User) -> dict[str, object]:
    """All that the worklist shows."""
    settings = DutySetting.objects.select_related("by").order_by("-effective_from")
    changes, elsewhere = waiting_changes(person), waiting_elsewhere()
    return {
        "waiting_changes": changes,
        "waiting_elsewhere": elsewhere,
        "waiting_total": len(changes) + len(elsewhere),
        "alone_changes": done_alone(person),
        "duty_settings": [(row, DUTY[row.duty]) for row in settings if row.duty in DUTY],
        "is_only_administrator": is_only_administrator(person),
    }
