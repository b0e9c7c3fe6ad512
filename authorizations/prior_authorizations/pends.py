"""Pended: what the payer asks for, by when, and what was sent of it, how."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.roles import Permission, has_permission
from accounts.web.text import shown_day
from authorizations.exceptions import Refused
from authorizations.models import (
    AskedItem,
    AuthorizationStatus,
    InformationRequest,
    PriorAuthorization,
)
from authorizations.prior_authorizations.actions import (
    make_authorization_move,
    write_authorization_event,
)
from authorizations.prior_authorizations.decisions import lock
from authorizations.worklists.open_days import is_open_day
from authorizations.worklists.sync_tasks import in_one_pass, in_words, sync_course

ONE_DAY = timedelta(days=1)
LONGEST = timedelta(days=366)


@transaction.atomic
@in_one_pass()
def pend(
    *,
    authorization: PriorAuthorization,
    by: User,
    items: Sequence[str],
    due_on: date | None = None,
    reason: str = "",
) -> PriorAuthorization:
    """The payer wants to see something first: each thing, and the day by which it is to be sent.

    The follow-up falls on the working day before. Raises Refused and workflow.IllegalMove.
    """
    wanted = list(dict.fromkeys(" ".join(item.split())[:120] for item in items if item.strip()))
    if not wanted:
        raise Refused("Name at least one thing that the payer asks for.")
    fresh = lock(authorization)
    today = timezone.now().astimezone(fresh.facility.tz).date()
    refuse_unlikely(fresh, due_on, today)
    touch: dict[str, Any] = {"next_touch_on": eve(due_on, today, fresh)} if due_on else {}
    changed = make_authorization_move(
        authorization=fresh,
        verb="pend",
        by=by,
        reason=f"To be sent by {shown_day(due_on)}" if due_on else "No day was named",
        pend_reason=(reason.strip() or "; ".join(wanted))[:200],
        **touch,
    )
    asked = InformationRequest.objects.create(
        event=changed.events.order_by("-id")[:1].get(), due_on=due_on
    )
    AskedItem.objects.bulk_create(AskedItem(request=asked, what=what) for what in wanted)
    return changed


def refuse_unlikely(authorization: PriorAuthorization, due_on: date | None, today: date) -> None:
    """A day before the request was there, or more than a year away, is typed wrongly."""
    received = authorization.received_on
    first = received.astimezone(authorization.facility.tz).date() if received else today
    if due_on and not first <= due_on <= today + LONGEST:
        raise Refused("The day to send it by is before the payer had the request, or a year away.")


def eve(due_on: date, today: date, authorization: PriorAuthorization) -> date:
    """The last day on which the clinic works before it is due; today where that is past."""
    day = due_on - ONE_DAY
    while not is_open_day(day, authorization.facility):
        day -= ONE_DAY
    return max(day, today)


def information_awaited(authorization: PriorAuthorization) -> InformationRequest | None:
    """What the payer waits for now; nothing where it does not."""
    rows = InformationRequest.objects.awaited().filter(event__authorization=authorization)
    return rows.select_related("event__by").first()


@transaction.atomic
def send_information(
    *,
    authorization: PriorAuthorization,
    by: User,
    items: Iterable[int],
    channel: str,
    sent_at: datetime,
    confirmation: str = "",
) -> PriorAuthorization:
    """What was sent, by which way, with what confirmation; with the last of it the payer decides.

    Raises Refused for what was sent already or is not asked for.
    """
    fresh = lock(authorization)
    if not has_permission(by, Permission.LOG_AUTHORIZATIONS, fresh.course.facility):
        raise Refused("Only who logs authorizations where the course is treated records this.")
    asked, numbers = information_awaited(fresh), set(items)
    open_items = list(asked.items.filter(sent_at=None)) if asked else []
    sent = [item for item in open_items if item.pk in numbers]
    if not sent or len(sent) < len(numbers):
        raise Refused("Tick what was sent: of it nothing may have been sent before.")
    if sent_at > timezone.now():
        raise Refused("This moment is still to come.")
    for item in sent:
        item.channel, item.confirmation = channel, confirmation.strip()
        item.sent_at, item.sent_by = sent_at, by
        item.save()
    told: dict[str, Any] = {"items": [item.pk for item in sent]}
    words = sent_in_words(sent)
    if len(sent) < len(open_items) or fresh.status != AuthorizationStatus.PENDED:
        event = write_authorization_event(
            fresh, "send_information", fresh.status, by, words, **told
        )
        sync_course(fresh.course_id, in_words(event))
        return fresh
    return make_authorization_move(
        authorization=fresh, verb="answer", by=by, reason=words, details=told
    )


def sent_in_words(items: Sequence[AskedItem]) -> str:
    """The treatment plan and the prescription, by fax, confirmation 77-4410."""
    first = items[0]
    confirmed = f", confirmation {first.confirmation}" if first.confirmation else ""
    what = "; ".join(item.what for item in items)[:300]
    return f"{what}, by {first.get_channel_display().lower()}{confirmed}"


def take_back_sent(items: Iterable[int]) -> None:
    """What was recorded as sent was not: its record is undone with the move."""
    AskedItem.objects.filter(pk__in=items).update(
        channel="", confirmation="", sent_at=None, sent_by=None
    )
