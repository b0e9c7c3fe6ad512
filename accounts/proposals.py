"""One administrator proposes, another confirms or declines: each one transaction, one record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.administrators import (
    EVERYWHERE,
    elsewhere_refusal,
    is_only_administrator,
    keeps_books_of,
    places_of_person,
)
from accounts.models import (
    SYSTEM_USERNAME,
    DutySetting,
    Facility,
    Membership,
    ProposedChange,
    User,
)
from accounts.notices import notify_about_person, notify_of_proposal
from accounts.proposed_change import ProposedChangeKind as Kind
from accounts.roles import Permission, is_permitted_somewhere
from accounts.separation import DUTY, is_switched_off, separation_refusal

DUTY_OF = {
    Kind.PERSON: "confirm-own-person",
    Kind.ROLE: "confirm-own-person",
    Kind.PASSWORD_RESET: "confirm-own-password-reset",
    Kind.CLINICIAN_LOGIN: "confirm-own-physician-link",
    Kind.POLICY: "publish-own-policy",
    Kind.BOOK_ROW: "confirm-own-book-row",
    Kind.DUTY_SETTING: "confirm-own-duty-setting",
}
SAME = ("person_id", "role", "facility_id", "provider_id", "book", "row", "values")


class ChangeRefused(Exception):
    """The change cannot be proposed, confirmed or declined; the message says what would help."""


@transaction.atomic
def propose_change(*, kind: str, by: User, **what: Any) -> ProposedChange:
    """Enter a change. Alone, or where the rule is switched off, it takes effect at once.

    Raises ChangeRefused for one's own roles, for what another facility's administrators keep,
    and for what is already proposed.
    """
    change = ProposedChange(kind=kind, proposed_by=by, **what)
    if by.username != SYSTEM_USERNAME:  # who works at the server keeps all books
        require_place(places_of_change(change), by)
    if kind == Kind.ROLE and change.person_id == by.pk:
        raise ChangeRefused(DUTY["change-own-roles"].sentence)
    if is_already_waiting(change):
        raise ChangeRefused("This is already proposed and waits for a second administrator.")
    change.took_effect_alone = may_take_effect_alone(change, by)
    change.save()
    if change.took_effect_alone:
        take_effect(change, by)
    else:
        notify_of_proposal(by=by, sentence=change.sentence)
    return change


def places_of_change(change: ProposedChange) -> frozenset[int | None]:
    """The facilities whose administrators decide it; None stands for every facility."""
    if change.kind == Kind.ROLE:
        return frozenset({change.facility_id})
    if change.kind == Kind.DUTY_SETTING:
        return EVERYWHERE
    if change.book == Facility._meta.label_lower:
        return frozenset({change.row})
    return places_of_person(change.person) if change.person else frozenset()


def may_decide(change: ProposedChange, by: User) -> bool:
    """Whether this administrator keeps the books of the facilities that the change concerns."""
    return keeps_books_of(by, places_of_change(change))


def require_place(places: frozenset[int | None], by: User) -> None:
    """Raises ChangeRefused where another facility's administrators keep the books."""
    refusal = elsewhere_refusal(by, places)
    if refusal:
        raise ChangeRefused(refusal)


def is_already_waiting(change: ProposedChange) -> bool:
    rows = ProposedChange.objects.waiting().filter(kind=change.kind).values(*SAME)
    return {name: getattr(change, name) for name in SAME} in list(rows)


def may_take_effect_alone(change: ProposedChange, by: User) -> bool:
    """Without a second administrator, or where a dated setting says so; never about oneself."""
    if change.person_id == by.pk or not is_permitted_somewhere(by, Permission.KEEP_BOOKS):
        return False
    return works_alone(DUTY_OF[change.kind], by)


def works_alone(duty: str, by: User) -> bool:
    """Whether this administrator needs no second one for a row of the table of two people."""
    return is_only_administrator(by) or is_switched_off(duty, timezone.localdate())


@transaction.atomic
def confirm_change(*, change: ProposedChange, by: User) -> ProposedChange:
    """Put a proposed change in effect; of a new person also the roles proposed with it.

    Raises ChangeRefused for one's own proposal, about oneself, and for what is already decided.
    """
    fresh = locked(change, by)
    with_it = roles_proposed_with(fresh)
    for row in (fresh, *with_it):
        require_place(places_of_change(row), by)
    for refusal in (
        separation_refusal(
            "confirm-about-oneself", by=by, doers=[fresh.person_id], on=timezone.localdate()
        ),
        separation_refusal(
            DUTY_OF[fresh.kind], by=by, doers=[fresh.proposed_by_id], on=timezone.localdate()
        ),
    ):
        if refusal:
            raise ChangeRefused(refusal)
    for row in (fresh, *with_it):
        if row.proposed_by_id == by.pk:
            row.took_effect_alone = True
        else:
            row.confirmed_by, row.confirmed_at = by, timezone.now()
        row.save()
        take_effect(row, by)
    return fresh


@transaction.atomic
def decline_change(*, change: ProposedChange, by: User, reason: str) -> ProposedChange:
    """End a proposal without effect; its proposer takes it back so. Raises ChangeRefused."""
    fresh = locked(change, by)
    if by.pk != fresh.proposed_by_id:
        require_place(places_of_change(fresh), by)
    if not reason.strip():
        raise ChangeRefused("Say why, so that the proposer can do something about it.")
    for row in (fresh, *roles_proposed_with(fresh)):
        row.declined_by, row.declined_at, row.decline_reason = by, timezone.now(), reason[:500]
        row.save()
    sentence = f"Declined: {fresh.sentence}. Reason: {fresh.decline_reason}"
    notify_about_person(fresh.proposed_by, by=by, sentence=sentence)
    return fresh


@transaction.atomic
def mark_change_seen(*, change: ProposedChange, by: User) -> ProposedChange:
    """A second administrator has looked through what the first did alone. Raises ChangeRefused."""
    require_bookkeeper(by)
    fresh = ProposedChange.objects.select_for_update().get(pk=change.pk)
    if not fresh.took_effect_alone or fresh.seen_at:
        raise ChangeRefused("There is nothing to look through here any more.")
    if by.pk == fresh.proposed_by_id:
        raise ChangeRefused("You did this yourself: another administrator looks it through.")
    require_place(places_of_change(fresh), by)
    fresh.seen_by, fresh.seen_at = by, timezone.now()
    fresh.save(update_fields=["seen_by", "seen_at"])
    return fresh


def locked(change: ProposedChange, by: User) -> ProposedChange:
    """The row for a decision. Raises PermissionDenied, and ChangeRefused where it is decided."""
    require_bookkeeper(by)
    fresh = ProposedChange.objects.select_for_update().get(pk=change.pk)
    if fresh.is_waiting:
        return fresh
    if fresh.took_effect_alone:
        raise ChangeRefused(f"This took effect by {fresh.proposed_by} alone.")
    person = fresh.confirmed_by or fresh.declined_by
    word = "confirmed" if fresh.confirmed_at else "declined"
    raise ChangeRefused(f"{person} has already {word} this.")


def require_bookkeeper(by: User) -> None:
    if not is_permitted_somewhere(by, Permission.KEEP_BOOKS):
        raise PermissionDenied(f"Your role does not include: {Permission.KEEP_BOOKS}.")


def roles_proposed_with(change: ProposedChange) -> list[ProposedChange]:
    """The roles that wait with a new person: they are decided in the same press."""
    if change.kind != Kind.PERSON:
        return []
    rows = ProposedChange.objects.waiting().filter(
        kind=Kind.ROLE, person=change.person_id, proposed_by=change.proposed_by_id
    )
    return list(rows.select_for_update())


def take_effect(change: ProposedChange, by: User) -> None:
    """Do what the change says. Raises ChangeRefused where the books have moved on meanwhile."""
    try:
        EFFECTS[change.kind](change, by)
    except ValidationError as error:
        raise ChangeRefused(" ".join(error.messages)) from error
    alone = ", by one administrator alone" if change.took_effect_alone else ""
    notify_about_person(change.person, by=by, sentence=f"{change.sentence}{alone}")


def let_sign_in(change: ProposedChange, by: User) -> None:
    change.person.is_active = True
    change.person.save(update_fields=["is_active"])


def give_role(change: ProposedChange, by: User) -> None:
    Membership.objects.get_or_create(user=change.person, role=change.role, facility=change.facility)


def link_clinician(change: ProposedChange, by: User) -> None:
    other = getattr(change.person, "provider", None)
    if other and other.pk != change.provider_id:
        raise ValidationError(f"This login belongs to {other}: end that link first.")
    change.provider.user = change.person
    change.provider.save(update_fields=["user"])


def switch_duty_off(change: ProposedChange, by: User) -> None:
    setting = DutySetting(
        duty=change.values["duty"],
        effective_from=change.values["effective_from"],
        effective_through=change.values["effective_through"] or None,
        reason=change.values["reason"],
        by=change.proposed_by,
    )
    setting.full_clean()
    setting.save()


def change_book_row(change: ProposedChange, by: User) -> None:
    """Give a plan or a facility its new values; charges that rest on them are judged again."""
    book = apps.get_model(change.book)
    row = book._base_manager.select_for_update().get(pk=change.row)
    for name, value in change.values.items():
        field = book._meta.get_field(name)
        is_emptied = value == "" and field.null
        setattr(row, field.attname, None if is_emptied else field.to_python(value))
    row.full_clean()
    row.save(update_fields=list(change.values))
    AFTER_BOOK_ROW.get(change.book, no_charges)(row, by)


def no_charges(row: Any, by: User) -> None:
    """Nothing rests on the row until the app that keeps charges says so."""


def give_link(change: ProposedChange, by: User) -> None:
    """The page of whoever confirmed hands the link over; the change itself alters nothing."""


Effect = Callable[[ProposedChange, User], None]
# The app that keeps policies enters here how one of them is ended or gets another source.
EFFECTS: dict[str, Effect] = {
    Kind.PERSON: let_sign_in,
    Kind.ROLE: give_role,
    Kind.PASSWORD_RESET: give_link,
    Kind.CLINICIAN_LOGIN: link_clinician,
    Kind.DUTY_SETTING: switch_duty_off,
    Kind.BOOK_ROW: change_book_row,
}
# The app that keeps charges enters here what follows from the new values of a row.
AFTER_BOOK_ROW: dict[str, Callable[[Any, User], None]] = {}
