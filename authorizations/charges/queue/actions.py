"""Giving charges to coders, marking what one has open, remembering how a list was left."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.past.clock import known_at
from accounts.roles import Permission, has_permission
from authorizations.models import Charge, ChargeAssignment, ChargeVisit, RememberedView

WORKED_FOR = timedelta(minutes=10)


@transaction.atomic
def assign_charges(*, charges: Iterable[Charge], to: User | None, by: User) -> list[Charge]:
    """Give charges to a coder, or to nobody in particular; answer those that could be given.

    Left as they are: those of a facility where the coder, or who gives, does not work charges.
    """
    given = [charge for charge in charges if may_give(charge, to, by)]
    if to is None:
        ChargeAssignment.objects.filter(charge__in=given).delete()
        return given
    now = timezone.now()
    ChargeAssignment.objects.bulk_create(
        [
            ChargeAssignment(charge=charge, assigned_to=to, assigned_at=now, assigned_by=by)
            for charge in sorted(given, key=lambda charge: charge.pk)
        ],
        update_conflicts=True,
        unique_fields=["charge"],
        update_fields=["assigned_to", "assigned_at", "assigned_by"],
    )
    return given


def may_give(charge: Charge, to: User | None, by: User) -> bool:
    people = [by] if to is None else [by, to]
    return all(has_permission(p, Permission.REVIEW_CHARGES, charge.facility) for p in people)


def visit(*, charge: Charge, by: User, at: datetime) -> None:
    """I have it open now. Never a lock: others only see it."""
    ChargeVisit.objects.bulk_create(
        [ChargeVisit(charge=charge, by=by, at=at)],
        update_conflicts=True,
        unique_fields=["charge", "by"],
        update_fields=["at"],
    )


def being_worked(now: datetime):
    """The visits that still count as work. Only the last are kept: of the past none is known."""
    rows = ChargeVisit.objects.filter(at__gt=now - WORKED_FOR)
    return rows.none() if known_at() else rows


def remember(*, owner: User, page: str, query: str) -> None:
    """How this person left a list."""
    RememberedView.objects.update_or_create(owner=owner, page=page, defaults={"query": query})
