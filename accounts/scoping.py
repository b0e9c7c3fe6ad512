"""What a person may see: their facilities, and nothing of any other."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.models import Facility, User
from accounts.roles import held_roles


def facilities_of(user: User) -> QuerySet[Facility]:
    """The facilities in which a person has a role; all of them for a role held everywhere."""
    places = {facility_id for _, facility_id in held_roles(user)}
    if None in places:
        return Facility.objects.all()
    return Facility.objects.filter(pk__in=places)
