"""What is still awaited of a payer after it answered, or was asked to answer again."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from accounts.models import Role, User
from accounts.roles import Permission
from accounts.scoping import facilities_of
from authorizations.models import CallOutcome, InformationRequest, PeerToPeer, PriorAuthorization
from authorizations.worklists.querysets import readable_requests


def number_to_follow(user: User | None, now: datetime) -> QuerySet[PriorAuthorization]:
    """Approved by telephone; the authorization number is not known yet."""
    approved = PriorAuthorization.objects.with_approval().values("pk")
    return readable_requests(user).filter(number_to_follow=True, pk__in=approved)


def information_due(user: User | None, now: datetime) -> QuerySet[PriorAuthorization]:
    """The payer waits for something that is to be sent by tomorrow, or should have been."""
    soon = localdate(now) + INFORMATION_WITHIN
    asked = InformationRequest.objects.awaited().filter(due_on__lte=soon, items__sent_at=None)
    return readable_requests(user).filter(pk__in=asked.values("event__authorization"))


def calls_to_make(user: User | None, now: datetime) -> QuerySet[PeerToPeer]:
    """The peer-to-peers still to be held: a physician's own, or all of those who log requests."""
    rows = PeerToPeer.objects.to_call()
    if user is None:
        return rows
    desks = facilities_of(user, Permission.LOG_AUTHORIZATIONS)
    here = facilities_of(user, Permission.READ_CASES)
    mine = Q(event__authorization__course__facility__in=desks) | Q(physician__user=user)
    return rows.filter(mine, event__authorization__course__facility__in=here)


def peer_to_peers(user: User | None, now: datetime) -> QuerySet[PriorAuthorization]:
    """The requests of these calls."""
    calls = calls_to_make(user, now).values("event__authorization")
    return readable_requests(user).filter(pk__in=calls)


def outcomes_heard(user: User | None, now: datetime) -> QuerySet[PriorAuthorization]:
    """The call was held, and the payer's letter is awaited."""
    heard = PeerToPeer.objects.running().exclude(outcome__in=("", CallOutcome.MISSED))
    return readable_requests(user).filter(pk__in=heard.values("event__authorization"))


INFORMATION_WITHIN = timedelta(days=2)
DESK = frozenset({Role.FRONT_DESK, Role.MANAGER})
# Key, label, hint, page, rows, what is oldest, whose work.
ROWS = (
    (
        "peer-to-peer",
        "Peer-to-peer calls",
        "A physician calls the payer's reviewer: prepare, call, record the outcome.",
        "authorization_list",
        peer_to_peers,
        "decided_on",
        DESK | {Role.PHYSICIAN},
        "bad",
    ),
    (
        "outcome",
        "Peer-to-peer held, letter awaited",
        "Record the decision once the letter is here, or that the refusal stands.",
        "authorization_list",
        outcomes_heard,
        "decided_on",
        DESK,
    ),
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
