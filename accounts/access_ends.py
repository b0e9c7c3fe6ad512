"""Taking access away: by one administrator, at once, recorded and told by mail."""

from __future__ import annotations

from django.db import transaction

from accounts.models import Membership, Provider, User
from accounts.notices import notify_about_person
from accounts.proposals import ChangeRefused
from accounts.separation import DUTY


@transaction.atomic
def end_role(*, membership: Membership, by: User) -> None:
    """Take a role away at once. Raises ChangeRefused for one's own."""
    if membership.user_id == by.pk:
        raise ChangeRefused(DUTY["change-own-roles"].sentence)
    place = membership.facility or "every facility"
    sentence = (
        f"{membership.user} no longer has the role {membership.get_role_display()} at {place}"
    )
    membership.delete()
    notify_about_person(membership.user, by=by, sentence=sentence)


@transaction.atomic
def end_sign_in(*, person: User, by: User) -> None:
    """Switch a login off at once; open sessions end with it. Raises ChangeRefused for one's own."""
    if person.pk == by.pk:
        raise ChangeRefused("Another administrator switches your own login off.")
    person.is_active = False
    person.save(update_fields=["is_active"])
    notify_about_person(person, by=by, sentence=f"{person} can no longer sign in")


@transaction.atomic
def end_clinician_login(*, provider: Provider, by: User) -> None:
    """End the link of a clinician with a login, at once."""
    person = provider.user
    provider.user = None
    provider.save(update_fields=["user"])
    notify_about_person(person, by=by, sentence=f"{person} no longer signs in as {provider.name}")
