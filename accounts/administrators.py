"""Who keeps the books of which facilities, and whether one administrator was ever the only one."""

from __future__ import annotations

from collections.abc import Iterable

from django.apps import apps
from django.db.models import QuerySet

from accounts.models import Facility, Membership, Role, User
from accounts.roles import Permission
from accounts.scoping import places_of

EVERYWHERE: frozenset[int | None] = frozenset({None})


def administrators() -> QuerySet[User]:
    """The people at work who hold the role, anywhere."""
    return User.objects.filter(is_active=True, memberships__role=Role.ADMINISTRATOR).distinct()


def is_only_administrator(person: User) -> bool:
    """Whether nobody else is, or ever was, an administrator.

    Who takes the role away from the second administrator does not decide alone from then on: the
    history of roles is asked. A new second one then comes by `create_administrator --also`.
    """
    if Membership.objects.filter(role=Role.ADMINISTRATOR).exclude(user=person).exists():
        return False
    history = apps.get_model("accounts", "MembershipHistory")
    return not history.objects.filter(role=Role.ADMINISTRATOR).exclude(user=person).exists()


def places_of_person(person: User | None) -> frozenset[int | None]:
    """The facilities in which a person holds a role; None stands for every facility."""
    if person is None:
        return frozenset()
    return frozenset(membership.facility_id for membership in person.memberships.all())


def keeps_books_of(by: User, places: Iterable[int | None]) -> bool:
    """Whether this administrator keeps the books of all these facilities, and of some at all.

    A role in every facility, and what is true for all of them, is kept by who keeps them all.
    """
    return is_permitted_at_all(by, places, Permission.KEEP_BOOKS)


def is_permitted_at_all(
    person: User, places: Iterable[int | None], permission: Permission, *others: Permission
) -> bool:
    """Whether somebody holds one of the permissions somewhere, and at all of these facilities."""
    held = places_of(person, permission, *others)
    asked = set(places)
    if None in asked:
        asked = {None} if None in held else {*asked, *all_facilities()} - EVERYWHERE
    return bool(held) and all(place in held for place in asked)


def all_facilities() -> frozenset[int]:
    return frozenset(Facility.objects.values_list("pk", flat=True))


def elsewhere_refusal(by: User, places: Iterable[int | None]) -> str | None:
    """Why an administrator may not: another one keeps the books there, and is named by place."""
    asked = set(places)
    if keeps_books_of(by, asked):
        return None
    kept = places_of(by, Permission.KEEP_BOOKS)
    others = Facility.objects.exclude(pk__in=[place for place in kept.numbers if place])
    if None not in asked:
        others = others.filter(pk__in=[place for place in asked if place])
    names = ", ".join(others.order_by("code").values_list("code", flat=True)) or "every facility"
    return f"An administrator who keeps the books of {names} does this."
