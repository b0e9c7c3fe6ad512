"""Waiting for a second administrator: the list, and its two presses."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.models import ProposedChange, User
from accounts.password_links import mail_password_link, make_password_link
from accounts.permissions import permit, signed_in_person
from accounts.proposals import (
    ChangeRefused,
    confirm_change,
    decline_change,
    mark_change_seen,
    may_decide,
)
from accounts.proposed_change import ProposedChangeKind as Kind
from accounts.roles import Permission
from accounts.waiting_changes import administration_context

MOST_DECIDED = 100


@permit(Permission.KEEP_BOOKS)
def proposed_change_list(request: HttpRequest) -> HttpResponse:
    """What waits for a second administrator, what one did alone, rules that are off, the past."""
    decided = [
        row
        for row in ProposedChange.objects.decided().with_names()[:MOST_DECIDED]
        if row.proposed_by_id == request.user.pk or may_decide(row, signed_in_person(request))
    ]
    context = {**administration_context(request.user), "decided_changes": decided}
    return render(request, "accounts/proposed_change_list.html", context)


@require_POST
@permit(Permission.KEEP_BOOKS)
def proposed_change_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm with one press; a new person's or a reset's link is mailed or shown once."""
    change = get_object_or_404(ProposedChange, pk=pk)
    try:
        confirmed = confirm_change(change=change, by=request.user)
    except ChangeRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("proposed_change_list")
    messages.success(request, f"Confirmed: {confirmed.sentence}.")
    if needs_link(confirmed):
        return hand_over_link(request, confirmed.person)
    return redirect("proposed_change_list")


def needs_link(change: ProposedChange) -> bool:
    """Whether somebody has to set a password now."""
    is_new = change.kind == Kind.PERSON and not change.person.has_usable_password()
    return is_new or change.kind == Kind.PASSWORD_RESET


def hand_over_link(request: HttpRequest, person: User) -> HttpResponse:
    """Mail the one-time link; where no mail can go, show it once, to be handed over."""
    is_mailed = mail_password_link(person)
    link = "" if is_mailed else request.build_absolute_uri(make_password_link(person))
    context = {"person": person, "link": link, "is_mailed": is_mailed}
    return render(request, "accounts/password_link.html", context)


@require_POST
@permit(Permission.KEEP_BOOKS)
def proposed_change_decline(request: HttpRequest, pk: int) -> HttpResponse:
    """Decline with a reason; the proposer takes a proposal back in the same way."""
    reason = request.POST.get("reason", "")
    return decided(
        request, pk, lambda row: decline_change(change=row, by=request.user, reason=reason)
    )


@require_POST
@permit(Permission.KEEP_BOOKS)
def proposed_change_seen(request: HttpRequest, pk: int) -> HttpResponse:
    """Take what the first administrator did alone off the list."""
    return decided(request, pk, lambda row: mark_change_seen(change=row, by=request.user))


def decided(
    request: HttpRequest, pk: int, decide: Callable[[ProposedChange], ProposedChange]
) -> HttpResponse:
    change = get_object_or_404(ProposedChange, pk=pk)
    try:
        messages.success(request, f"Done: {decide(change).sentence}.")
    except ChangeRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("proposed_change_list")
