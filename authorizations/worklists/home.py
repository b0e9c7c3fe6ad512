"""Home: the work that waits for this person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Min, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate

from accounts.models import Role
from accounts.past import clock
from accounts.roles import Permission, roles_anywhere
from accounts.scoping import facilities_of
from accounts.waiting_changes import administration_context
from authorizations.models import SavedView, Task
from authorizations.worklists import LABELS, WORKLISTS, Worklist
from authorizations.worklists.sync_tasks import sync_tasks
from authorizations.worklists.unfinished import unfinished_work

MOST_RESULTS = 25


@dataclass(frozen=True)
class Queue:
    """A worklist as shown: how many, how old the oldest, where it opens."""

    label: str
    url: str
    count: int
    hint: str
    oldest: str
    tone: str


def home(request: HttpRequest) -> HttpResponse:
    """The work that waits for this person, the most urgent first."""
    roles = roles_anywhere(request.user)
    is_bookkeeper = Role.ADMINISTRATOR in roles
    administration = administration_context(request.user) if is_bookkeeper else {}
    administration["is_administrator"] = is_bookkeeper
    now = clock.now()
    waiting = [] if clock.known_at() else unfinished_work(request.user)
    if roles == {Role.ADMINISTRATOR}:
        context = {"queues": [], "is_bookkeeper": True, "waiting": waiting, **administration}
        return render(request, "authorizations/worklists/home.html", context)
    if not clock.known_at():
        sync_tasks(now, facilities_of(request.user, Permission.LOG_AUTHORIZATIONS))
    mine = [w for w in WORKLISTS if w.roles & roles]
    context = {
        "queues": [queue(w, request, now) for w in mine],
        "waiting": waiting,
        "tasks": my_tasks(request),
        "labels": LABELS,
        "views": saved_views(request),
        "is_therapist": Role.THERAPIST in roles,
        "is_manager": Role.MANAGER in roles,
        "is_auditor": Role.AUDITOR in roles,
        "is_front_desk": bool(roles & {Role.FRONT_DESK, Role.MANAGER}),
        **administration,
    }
    return render(request, "authorizations/worklists/home.html", context)


def my_tasks(request: HttpRequest) -> QuerySet[Task]:
    """What is assigned to me, the oldest first."""
    mine = Task.objects.open().for_user(request.user, Permission.READ_CASES)
    rows = mine.filter(assigned_to=request.user)
    return rows.select_related("course__patient", "authorization")[:MOST_RESULTS]


def saved_views(request: HttpRequest) -> QuerySet[SavedView]:
    """My own views and those shared where I work."""
    return SavedView.objects.seen_by(request.user).select_related("owner", "facility")


def queue(worklist: Worklist, request: HttpRequest, now: datetime) -> Queue:
    rows = worklist.rows(request.user, now)
    count = rows.count()
    oldest = rows.aggregate(oldest=Min(worklist.oldest))["oldest"] if count else None
    query = "" if worklist.page == "image_review_list" else f"?queue={worklist.key}"
    return Queue(
        label=worklist.label,
        url=reverse(worklist.page) + query,
        count=count,
        hint=worklist.hint,
        oldest=age_phrase(oldest, now),
        tone=worklist.tone,
    )


def age_phrase(moment: date | datetime | None, now: datetime) -> str:
    """How long ago, in days; nothing for what is still to come."""
    if moment is None:
        return ""
    day = localdate(moment) if isinstance(moment, datetime) else moment
    days = (localdate(now) - day).days
    return "" if days < 0 else "today" if days == 0 else f"{days} day{'s' * (days != 1)}"
