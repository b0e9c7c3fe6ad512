"""Two people change what a payer asks: one proposes, another publishes."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.text import shown_day
from payers.models import AuthorizationPolicy, CodingPolicy

Policy = AuthorizationPolicy | CodingPolicy


class NotPublished(Exception):
    """The policy cannot be published; the message says why and what would help."""


@transaction.atomic
def publish(*, policy: Policy, by: User) -> Policy:
    """Put a proposed policy in force. The one it follows ends the day before it begins.

    Raises NotPublished for one's own proposal, and where an earlier policy would be lost.
    """
    fresh = type(policy).objects.select_for_update(of=("self",)).get(pk=policy.pk)
    if fresh.is_published:
        return fresh
    if fresh.proposed_by_id == by.pk:
        raise NotPublished("You proposed this policy yourself: another person publishes it.")
    for earlier in followed_by(fresh):
        end_before(earlier, fresh)
    fresh.is_published, fresh.published_at, fresh.published_by = True, timezone.now(), by
    fresh.save(update_fields=["is_published", "published_at", "published_by"])
    return fresh


def followed_by(policy: Policy) -> QuerySet[Policy]:
    """The published policies of the same scope and matter whose dates this one touches."""
    same = {"payer": policy.payer, "line_of_business": policy.line_of_business}
    same |= {"plan": policy.plan, "is_published": True}
    if isinstance(policy, CodingPolicy):
        same["topic"] = policy.topic
    rows = type(policy).objects.filter(**same)
    rows = rows.filter(
        Q(effective_through__isnull=True) | Q(effective_through__gte=policy.effective_from)
    )
    if policy.effective_through:
        rows = rows.filter(effective_from__lte=policy.effective_through)
    return rows.order_by("effective_from")


def end_before(earlier: Policy, policy: Policy) -> None:
    """End the earlier policy. Raises NotPublished where that would leave days without an answer."""
    if earlier.effective_from >= policy.effective_from:
        raise NotPublished(
            f"“{earlier}” begins on or after {shown_day(policy.effective_from)}: end that one "
            "first, or let this one begin later."
        )
    outlasts = policy.effective_through and (
        earlier.effective_through is None or earlier.effective_through > policy.effective_through
    )
    if outlasts:
        raise NotPublished(
            f"“{earlier}” lasts longer than this one: after {shown_day(policy.effective_through)} "
            "nothing would be known. Leave the last day of this one empty."
        )
    earlier.effective_through = policy.effective_from - timedelta(days=1)
    earlier.save(update_fields=["effective_through"])
