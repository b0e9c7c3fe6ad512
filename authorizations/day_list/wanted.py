"""What a task wants of a person, in words: a verb, why, and by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from accounts.web.text import shown_day
from authorizations.courses.contest_deadlines import contest_deadlines
from authorizations.models import PriorAuthorization, Task
from authorizations.worklists import LABELS

WANTED = {
    "overdue": "Call: the decision is overdue",
    "unauthorized": "Ask for authorization",
    "ended": "Ask for a later end date",
    "short": "Ask for more units",
    "pended": "Send what the payer asked for",
    "expiring": "Ask for a later end date",
    "drafts": "Submit the request",
    "touch": "Follow up",
    "information": "Send what the payer asked for",
    "number": "Ask for the authorization number",
    "peer-to-peer": "Make the peer-to-peer call",
    "outcome": "Get the letter after the call",
    "denied": "Peer-to-peer, appeal, or ask again",
    "telephone": "Get the letter",
    "asserted": "Attach the letter",
    "coverage": "Check what pays next",
    "other-plan": "Ask the plan that pays now",
}
BY_TREATMENT = ("unauthorized", "ended", "short", "drafts", "other-plan")


@dataclass(frozen=True)
class DueDay:
    """A day by which something must be done, and what falls on it."""

    on: date
    what: str = ""


def wanted_of(task: Task) -> str:
    """The verb of a task."""
    return WANTED.get(task.queue, LABELS.get(task.queue, task.queue))


def why_of(task: Task) -> str:
    """Why a task is there, in the words of its case where it has some."""
    request = task.authorization
    if request is None:
        return task.opened_because
    if task.queue == "pended" and request.pend_reason:
        return f"Pended: {request.pend_reason}"
    if task.queue == "overdue" and request.due_at:
        return f"Due {shown_day(local_day(request, request.due_at))}, nothing heard"
    if task.queue == "denied" and request.decided_on:
        reason = f": {request.denial_reason}" if request.denial_reason else ""
        return f"{request.get_status_display()} {shown_day(request.decided_on)}{reason}"
    if task.queue == "touch":
        return follow_up_words(request)
    return task.opened_because


def follow_up_words(request: PriorAuthorization) -> str:
    """Whose follow-up it is."""
    if request.next_touch_set_by:
        return f"Follow-up set by {request.next_touch_set_by}"
    if request.who_acts == "payer":
        return "Half of the payer’s time is over"
    return "It is ours to act"


def due_day_of(
    task: Task, today: date, without_unit_on: date | None, treats_on: date | None
) -> DueDay | None:
    """By when a task must be done; None where nothing says so."""
    request = task.authorization
    if task.queue in BY_TREATMENT:
        if without_unit_on and without_unit_on != treats_on:
            return DueDay(without_unit_on, "no unit from then on")
        return DueDay(treats_on, "next treatment") if treats_on else None
    if request is None:
        return None
    if task.queue == "overdue" and request.due_at:
        return DueDay(local_day(request, request.due_at), "decision due")
    if task.queue == "touch" and request.next_touch_on:
        return DueDay(request.next_touch_on, "follow-up")
    if task.queue == "denied":
        return contest_ahead(request, today)
    return last_day_of(request) if task.queue == "expiring" else None


def contest_ahead(request: PriorAuthorization, today: date) -> DueDay | None:
    """The next day by which the decision may be contested; None where all are past."""
    found = [
        DueDay(deadline.due_on, label.removesuffix(" by").lower())
        for label, deadline in contest_deadlines(request)
        if deadline.due_on >= today
    ]
    return min(found, key=lambda one: one.on, default=None)


def last_day_of(request: PriorAuthorization) -> DueDay | None:
    """The last day of what is approved."""
    days = [line.valid_through for line in request.lines.all() if line.valid_through]
    return DueDay(min(days), "last day approved") if days else None


def local_day(request: PriorAuthorization, moment: datetime) -> date:
    return moment.astimezone(request.course.facility.tz).date()
