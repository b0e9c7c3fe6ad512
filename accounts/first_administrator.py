"""The first person with a role, made on the server; every later one is proposed and confirmed."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.administrators import administrators
from accounts.models import Facility, Membership, ProposedChange, Role, User, system_user
from accounts.proposals import ChangeRefused, propose_change
from accounts.proposed_change import ProposedChangeKind as Kind


class AdministratorRefused(Exception):
    """No administrator was made; the message says why and what to do."""


def holds_demo() -> bool:
    """Whether this database holds the demo's made-up department."""
    return Facility.objects.filter(is_made_up=True).exists()


@transaction.atomic
def create_first_administrator(*, password: str, **names: str) -> User:
    """Make a person with the administrator's role at every facility, who signs in at once.

    Raises AdministratorRefused where there is an administrator, and for a weak password.
    """
    if administrators().exists():
        names_here = ", ".join(person.username for person in administrators())
        raise AdministratorRefused(
            f"There is an administrator already: {names_here}. Sign in as one of them to add "
            "people, or run this with --also: the new one waits for a confirmation then."
        )
    person = checked_person(names)
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise AdministratorRefused(" ".join(error.messages)) from error
    person.set_password(password)
    person.save()
    Membership.objects.create(user=person, role=Role.ADMINISTRATOR)
    return person


@transaction.atomic
def propose_administrator(**names: str) -> ProposedChange:
    """Enter another administrator, who has no access until one that is here confirms.

    Raises AdministratorRefused where nobody could confirm.
    """
    if not administrators().exists():
        raise AdministratorRefused(
            "There is no administrator who could confirm: run this without --also."
        )
    person = checked_person(names)
    person.is_active = False
    person.set_unusable_password()
    person.save()
    by = system_user()
    change = propose_change(kind=Kind.PERSON, by=by, person=person)
    propose_change(kind=Kind.ROLE, by=by, person=person, role=Role.ADMINISTRATOR)
    return change


@transaction.atomic
def propose_password_link(login: str) -> ProposedChange:
    """Ask for a link from the server, for an administrator who cannot sign in.

    Another administrator confirms it. Where there is none it takes effect, listed as done alone.
    Raises AdministratorRefused for an unknown login and where it already waits.
    """
    person = User.objects.filter(username=login, is_active=True).first()
    if person is None:
        raise AdministratorRefused(f"Nobody signs in as {login}.")
    try:
        change = propose_change(kind=Kind.PASSWORD_RESET, by=system_user(), person=person)
    except ChangeRefused as refusal:
        raise AdministratorRefused(str(refusal)) from refusal
    if not administrators().exclude(pk=person.pk).exists():
        change.took_effect_alone = True
        change.save(update_fields=["took_effect_alone"])
    return change


def checked_person(names: dict[str, str]) -> User:
    """The person as typed, not saved. Raises AdministratorRefused with what is wrong."""
    person = User(**names)
    try:
        person.full_clean(exclude=["password"])
    except ValidationError as error:
        wrong = (
            f"{name.replace('_', ' ')}: {' '.join(texts)}"
            for name, texts in error.message_dict.items()
        )
        raise AdministratorRefused(" ".join(wrong)) from error
    return person
