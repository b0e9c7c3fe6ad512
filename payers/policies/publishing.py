"""Two people change what a payer asks: one proposes, another publishes.

So does the end of a published policy, or another source for it.
"""

from __future__ import annotations

from copy import copy
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.models import ProposedChange, User
from accounts.proposals import ChangeRefused, propose_change, works_alone
from accounts.proposed_change import ProposedChangeKind
from accounts.separation import separation_refusal
from accounts.waiting_changes import WaitingElsewhere
from accounts.web.text import shown_day
from payers.extension_points import HOOKS
from payers.models import AuthorizationPolicy, CodingPolicy, Payer
from payers.models.scopes import SCOPE_COLUMNS
from payers.policies.ties import tie_refusal

Policy = AuthorizationPolicy | CodingPolicy
POLICIES: tuple[type[Policy], ...] = (AuthorizationPolicy, CodingPolicy)


class NotPublished(Exception):
    """The policy cannot be published; the message says why and what would help."""


@transaction.atomic
def publish(*, policy: Policy, by: User) -> Policy:
    """Put a proposed policy in force. The one it follows ends the day before it begins.

    Raises NotPublished for one's own proposal, where an earlier policy would be lost, and where
    another in force would answer differently and just as narrowly.
    """
    fresh = type(policy).objects.select_for_update(of=("self",)).get(pk=policy.pk)
    if fresh.is_published:
        return fresh
    Payer.objects.select_for_update().get(pk=fresh.payer_id)  # one publication at a time
    refusal = publishing_refusal(fresh, by) or tie_refusal(fresh)
    if refusal:
        raise NotPublished(refusal)
    fresh.published_alone = fresh.proposed_by_id == by.pk
    for earlier in followed_by(fresh):
        end_before(earlier, fresh)
    fresh.is_published, fresh.published_at, fresh.published_by = True, timezone.now(), by
    fresh.save(update_fields=["is_published", "published_at", "published_by", "published_alone"])
    if fresh.published_alone:
        list_as_done_alone(fresh, by)
    return fresh


def publishing_refusal(policy: Policy, by: User) -> str | None:
    """Why this person may not publish the policy; the only administrator may, marked as alone."""
    if works_alone("publish-own-policy", by):
        return None
    return separation_refusal(
        "publish-own-policy", by=by, doers=[policy.proposed_by_id], on=timezone.localdate()
    )


def list_as_done_alone(policy: Policy, by: User) -> None:
    """Enter what one administrator published alone among what the second looks through."""
    ProposedChange.objects.create(
        kind=ProposedChangeKind.POLICY,
        book=policy._meta.label_lower,
        row=policy.pk,
        subject=str(policy)[:300],
        values={"is_published": "yes"},
        proposed_by=by,
        took_effect_alone=True,
    )


def propose_policy_change(*, policy: Policy, values: dict[str, str], by: User) -> ProposedChange:
    """Ask a second administrator to end a published policy, or to give it another source.

    Raises ChangeRefused where the values do not fit the policy.
    """
    check_change(policy, values)
    return propose_change(
        kind=ProposedChangeKind.POLICY,
        by=by,
        book=policy._meta.label_lower,
        row=policy.pk,
        subject=str(policy)[:300],
        values=values,
    )


def check_change(policy: Policy, values: dict[str, str]) -> Policy:
    """The policy as it would be, not saved. Raises ChangeRefused."""
    changed = copy(policy)
    for name, value in values.items():
        setattr(changed, name, value or (None if changed._meta.get_field(name).null else ""))
    try:
        changed.full_clean()
    except ValidationError as error:
        raise ChangeRefused(" ".join(error.messages)) from error
    return changed


def change_policy(change: ProposedChange, by: User) -> None:
    """Put a confirmed change of a published policy in effect; what it covers is judged anew."""
    book = next(model for model in POLICIES if model._meta.label_lower == change.book)
    policy = book.objects.select_for_update(of=("self",)).get(pk=change.row)
    Payer.objects.select_for_update().get(pk=policy.payer_id)
    changed = check_change(policy, change.values)
    changed.save(update_fields=list(change.values))
    HOOKS.apply(changed, by)


def proposed_policies() -> list[WaitingElsewhere]:
    """The policies that wait to be published, each with the page that shows what it changes."""
    return [
        WaitingElsewhere(
            sentence=f"New policy: {row}",
            proposed_by=row.proposed_by,
            url=reverse(f"admin:payers_{book._meta.model_name}_publish", args=[row.pk]),
        )
        for book in POLICIES
        for row in book.objects.filter(is_published=False).select_related(
            "payer", "issuer", "plan__payer", "proposed_by"
        )
    ]


def followed_by(policy: Policy) -> QuerySet[Policy]:
    """The published policies of the same scope and matter whose dates this one touches."""
    same = {name: getattr(policy, name) for name in SCOPE_COLUMNS} | {"is_published": True}
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
