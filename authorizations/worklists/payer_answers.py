"""What is still awaited of a payer after it answered, or was asked to answer again."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from accounts.models import Role, User
from authorizations.models import PriorAuthorization
from authorizations.worklists.querysets import readable_requests


def number_to_follow(user: User | None, now: datetime) -> QuerySet[PriorAuthorization]:
    """Approved by telephone; the authorization number is not known yet."""
    return readable_requests(user).with_approval().filter(number_to_follow=True)


DESK = frozenset({Role.FRONT_DESK, Role.MANAGER})
# Key, label, hint, page, rows, what is oldest, whose work.
ROWS = (
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
