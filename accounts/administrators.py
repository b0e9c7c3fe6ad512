"""Who keeps the books, and whether one administrator is still the only one there ever was."""

from __future__ import annotations

from django.apps import apps
from django.db.models import QuerySet

from accounts.models import Membership, Role, User


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
