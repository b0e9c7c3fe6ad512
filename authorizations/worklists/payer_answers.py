"""What is still awaited of a payer after it answered, or was asked to answer again."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.timezone import localdate

from accounts.models import Role, User
from authorizations.models import InformationRequest, PriorAuthorization
from authorizations.worklists.querysets import readable_requests


def number_to_follow(user: User | None, now: datetime) -> QuerySet[PriorAuthorization]:
    """Approved by telephone; the authorization number is not known yet."""
    return readable_requests(user).with_approval().filter(number_to_follow=True)


def information_due(user: User | None, now: datetime) -> QuerySet[PriorAuthorization]:
    """The payer waits for something that is to be sent by tomorrow, or should have been."""
    soon = localdate(now) + INFORMATION_WITHIN
    asked = InformationRequest.objects.awaited().filter(due_on__lte=soon)
    return readable_requests(user).filter(pk__in=asked.values("event__authorization"))


INFORMATION_WITHIN = timedelta(days=2)
DESK = frozenset({Role.FRONT_DESK, Role.MANAGER})
# Key, label, hint, page, rows, what is oldest, whose work.
ROWS = (
    (
        "information",
        "Information due within 2 days",
        "The payer closes the request without it: send it, or ask for more time.",
        "authorization_list",
        information_due,
        "due_at",
        DESK,
        "bad",
    ),
    (
        "number",
        "Number to follow",
        "Approved by telephone: ask for the authorization number.",
        "authorization_list",
        number_to_follow,
        "decided_on",
        DESK,
    ),
)
