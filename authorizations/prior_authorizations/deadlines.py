"""The deadlines of a request: the payer's answer, what it waits for, peer-to-peer and appeal."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from typing import Any

from accounts.past import clock
from authorizations.courses.contest_deadlines import contest_deadlines
from authorizations.models import (
    CONTESTED,
    MAY_BE_CONTESTED,
    WAITING,
    AuthorizationStatus,
    InformationRequest,
    PriorAuthorization,
)
from payers.clocks import rule_in_words

SOON = timedelta(days=2)


def countdown(authorization: PriorAuthorization) -> dict[str, Any] | None:
    """How long the payer still has, and by whose clock; an appeal has no clock of its own here."""
    is_answered = authorization.first_answer or authorization.status not in WAITING
    if is_answered or authorization.due_at is None:
        return None
    left = authorization.due_at - clock.now()
    tone = "bad" if left < timedelta(0) else "warn" if left < SOON else "info"
    return {
        "due": authorization.due_at,
        "words": due_phrase(authorization.due_at, authorization.facility.tz),
        "tone": tone,
        "basis": rule_in_words(authorization.clock_rule, authorization.urgency),
    }


def clock_kept(authorization: PriorAuthorization) -> dict[str, Any] | None:
    """The clock of a request, when it ended, and whether the answer came in time."""
    if authorization.due_at is None:
        return None
    due = authorization.due_at.astimezone(authorization.facility.tz)
    first = authorization.first_answered_on
    ended = first or clock.now().astimezone(due.tzinfo).date()
    late = (ended - due.date()).days
    verdict = f"{late} day{'s' * (late != 1)} late" if late > 0 else "in time"
    if first is None:
        overdue = due_phrase(due, due.tzinfo).replace("overdue", "late")
        verdict = f"no answer yet, {overdue}" if due < clock.now() else "no answer yet"
    return {
        "rule": rule_in_words(authorization.clock_rule, authorization.urgency),
        "key": authorization.clock_rule,
        "due": due,
        "first_on": first,
        "first": AuthorizationStatus(authorization.first_answer).label if first else "",
        "verdict": verdict,
    }


def due_phrase(due: datetime, zone: tzinfo | None) -> str:
    """In 7 days; 2 days overdue: by the dates on the wall; in 5 hours, on the same day."""
    now = clock.now()
    days = abs((due.astimezone(zone).date() - now.astimezone(zone).date()).days)
    amount, unit = (days, "day") if days else (abs(due - now).seconds // 3600, "hour")
    text = f"{amount} {unit}{'s' * (amount != 1)}"
    return f"in {text}" if due >= now else f"{text} overdue"


def windows(authorization: PriorAuthorization) -> list[dict[str, Any]]:
    """After a denial or a cut: by when one may call and by when one may appeal.

    They are shown while either runs, too: the payer's clock does not wait for it.
    """
    is_contested = authorization.status in CONTESTED and authorization.first_answer
    if not (is_contested or authorization.status in MAY_BE_CONTESTED):
        return []
    zone = authorization.facility.tz
    return [
        {
            "label": label,
            "due": deadline.due_at.date(),
            "words": due_phrase(deadline.due_at, zone).replace("overdue", "ago"),
            "basis": deadline.source,
            "tone": "bad" if deadline.due_at < clock.now() else "warn",
        }
        for label, deadline in contest_deadlines(authorization)
    ]


def latest_information(authorization: PriorAuthorization) -> dict[str, Any] | None:
    """What the payer last asked for: each thing, what was sent of it, and by when it wants it."""
    rows = InformationRequest.objects.in_effect().filter(event__authorization=authorization)
    asked = rows.select_related("event").order_by("-pk").first()
    if asked is None:
        return None
    items = list(asked.items.all())
    is_sent = all(item.sent_at for item in items)
    is_open = is_awaited(authorization) and not is_sent
    due = asked.due_on if is_open else None
    left = (due - clock.today()).days if due else 0
    return {
        "asked": asked,
        "items": items,
        "sent": sum(item.sent_at is not None for item in items),
        "is_open": is_open,
        "due": due,
        "words": day_phrase(left),
        "tone": "bad" if left < 0 else "warn" if left <= SOON.days else "info",
    }


def is_awaited(authorization: PriorAuthorization) -> bool:
    """Whether the payer waits for information: pended, or talked over before any answer."""
    if authorization.status == AuthorizationStatus.PEER_TO_PEER:
        return not authorization.first_answer
    return authorization.status == AuthorizationStatus.PENDED


def day_phrase(left: int) -> str:
    """In 3 days, today, 2 days overdue."""
    if left == 0:
        return "today"
    days = f"{abs(left)} day{'s' * (abs(left) != 1)}"
    return f"in {days}" if left > 0 else f"{days} overdue"
