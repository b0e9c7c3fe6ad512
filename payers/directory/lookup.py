"""Whom to call about a plan on a day: the one who decides first, then the narrowest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from payers.directory.directory_entry import DirectoryEntry
from payers.models.payers import Plan
from payers.models.policies import AuthorizationPolicy


@dataclass(frozen=True)
class WhomToCall:
    """The entries about a plan, the best one first, and the number of the policy beside them."""

    entries: tuple[DirectoryEntry, ...]
    policy_phone: str = ""
    manager: str = ""

    def __bool__(self) -> bool:
        return bool(self.entries or self.policy_phone)

    @property
    def phone(self) -> str:
        """The number to dial: the first entry that gives one, else what the policy says."""
        return self.first("phone") or self.policy_phone

    @property
    def hours(self) -> str:
        """The hours of the entry whose number it is, with their zone."""
        found = next((entry for entry in self.entries if entry.phone), None)
        return hours_of(found.hours, found.time_zone) if found else ""

    @property
    def peer_to_peer_phone(self) -> str:
        """The line for physicians; never another number in its place."""
        return self.first("peer_to_peer_phone")

    def first(self, name: str) -> str:
        """The narrowest entry's value that is given."""
        values: Iterable[str] = (getattr(entry, name) for entry in self.entries)
        return next((value for value in values if value), "")


def hours_of(hours: str, time_zone: str) -> str:
    return f"{hours} ({time_zone.split('/')[-1].replace('_', ' ')} time)" if hours else ""


class DirectoryBook:
    """The directory of a day, read once for any number of plans."""

    def __init__(self, on: date) -> None:
        rows = DirectoryEntry.objects.in_force(on)
        self.entries = list(rows.select_related("plan", "issuer", "payer").order_by("pk"))

    def whom_to_call(self, plan: Plan | None, policy: AuthorizationPolicy | None) -> WhomToCall:
        """The entries about this plan; those of a manager only where the policy names it."""
        if plan is None:
            return WhomToCall(())
        manager, phone = (policy.manager, policy.phone) if policy else ("", "")
        fitting = [entry for entry in self.entries if is_about(entry, plan, manager)]
        fitting.sort(key=breadth)
        return WhomToCall(tuple(fitting), phone, manager)


def is_about(entry: DirectoryEntry, plan: Plan, manager: str) -> bool:
    if entry.manager and entry.manager.casefold() != manager.casefold():
        return False
    pairs = (
        (entry.plan_id, plan.pk),
        (entry.issuer_id, plan.issuer_id),
        (entry.payer_id, plan.payer_id),
    )
    return all(mine is None or mine == theirs for mine, theirs in pairs)


def breadth(entry: DirectoryEntry) -> tuple[bool, int]:
    """Who decides comes before who pays; a plan before its issuer before its payer."""
    narrow = (entry.plan_id, entry.issuer_id, entry.payer_id)
    return (not entry.manager, next((at for at, row in enumerate(narrow) if row), len(narrow)))
