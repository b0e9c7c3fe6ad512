"""What a person may see: the facilities where a role of theirs carries the permission asked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts.models import Facility, Membership, User
from accounts.roles import Permission, held_roles, roles_with


@dataclass(frozen=True)
class Places:
    """The numbers of facilities, to be asked with ``in``: a page needs no query for a button."""

    numbers: frozenset[int | None]

    def __contains__(self, facility: object) -> bool:
        return None in self.numbers or facility in self.numbers

    def __bool__(self) -> bool:
        return bool(self.numbers)


def places_of(user: User, permission: Permission, *others: Permission) -> Places:
    """Where a person holds one of these permissions."""
    carrying = roles_with(permission, *others)
    return Places(frozenset(place for role, place in held_roles(user) if role in carrying))


def facilities_of(user: User, permission: Permission, *others: Permission) -> QuerySet[Facility]:
    """The facilities in which a person holds one of these permissions; all for a role everywhere.

    A role in one facility says nothing of another: who codes at one and treats at a second one
    reads no charges at the second.
    """
    numbers = places_of(user, permission, *others).numbers
    if None in numbers:
        return Facility.objects.all()
    return Facility.objects.filter(pk__in=numbers)


def people_with(permission: Permission, facilities: Iterable[Facility]) -> QuerySet[User]:
    """The people at work who hold this permission in one of these facilities, by name."""
    there = Q(facility__in=facilities) | Q(facility__isnull=True)
    roles = Membership.objects.filter(there, role__in=roles_with(permission))
    people = User.objects.filter(is_active=True, memberships__in=roles)
    return people.distinct().order_by("last_name", "first_name")
