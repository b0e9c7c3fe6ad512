"""What a person may see: their facilities, and nothing of any other."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.models import Facility, User


def facilities_of(user: User) -> QuerySet[Facility]:
    """The facilities in which a person has a role; all of them for a role held everywhere."""
    if not user.is_authenticated or not user.is_active:
        return Facility.objects.none()
    if user.memberships.filter(facility__isnull=True).exists():
        return Facility.objects.all()
    return Facility.objects.filter(memberships__user=user).distinct()
