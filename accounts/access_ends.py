"""Taking access away: by one administrator, at once, recorded and told by mail."""

from __future__ import annotations

from django.db import transaction

from accounts.administrators import places_of_person
from accounts.models import Membership, Provider, User
from accounts.notices import notify_about_person
from accounts.proposals import ChangeRefused, require_place
from accounts.separation import DUTY


@transaction.atomic
def end_role(*, membership: Membership, by: User) -> None:
    """Take a role away at once. Raises ChangeRefused for one's own, and for another facility's."""
    if membership.user_id == by.pk:
        raise ChangeRefused(DUTY["change-own-roles"].sentence)
    require_place(frozenset({membership.facility_id}), by)
    place = membership.facility or "every facility"
    sentence = (
        f"{membership.user} no longer has the role {membership.get_role_display()} at {place}"
    )
    membership.delete()
    notify_about_person(membership.user, by=by, sentence=sentence)


@transaction.atomic
def end_sign_in(*, person: User, by: User) -> None:
    """Switch a login off at once; open sessions end with it.

    Raises ChangeRefused for one's own, and for a person of another facility.
    """
    if person.pk == by.pk:
        raise ChangeRefused("Another administrator switches your own login off.")
    require_place(places_of_person(person), by)
    person.is_active = False
    person.save(update_fields=["is_active"])
    notify_about_person(person, by=by, sentence=f"{person} can no longer sign in")


@transaction.atomic
def end_clinician_login(*, provider: Provider, by: User) -> None:
    """End the link of a clinician with a login, at once. Raises ChangeRefused elsewhere."""
    person = provider.user
    require_place(places_of_person(person), by)
    provider.user = None
    provider.save(update_fields=["user"])
    notify_about_person(person, by=by, sentence=f"{person} no longer signs in as {provider.name}")
