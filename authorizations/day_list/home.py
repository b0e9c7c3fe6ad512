"""Home: what waits for a person, in the order in which it should be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Min, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate

from accounts.access_log import record_access
from accounts.models import Role
from accounts.past import clock
from accounts.permissions import signed_in_person
from accounts.roles import Permission, is_permitted_somewhere, roles_anywhere
from accounts.waiting_changes import administration_context
from authorizations.day_list.lists import DONE, KEYS, MINE, DayList, asked_list, colleagues_of, rail
from authorizations.day_list.notes import LastNote, last_notes
from authorizations.day_list.peer_to_peer_calls import calls_of_physician
from authorizations.day_list.rows import FOLLOW_UPS, GROUPS, CaseRow, day_rows
from authorizations.day_list.walk import address_in_list, listed_tasks, place_in_list
from authorizations.models import SavedView
from authorizations.worklists import LABELS, WORKLISTS, Worklist
from authorizations.worklists.unfinished import interfaces_context, unfinished_work

ROWS_OF_A_PAGE = 50


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
    user = signed_in_person(request)
    roles = roles_anywhere(user)
    is_bookkeeper = Role.ADMINISTRATOR in roles
    administration = administration_context(user) if is_bookkeeper else {}
    administration["is_administrator"] = is_bookkeeper
    waiting = [] if clock.known_at() else unfinished_work(user)
    context = {"queues": [], "is_bookkeeper": is_bookkeeper, "waiting": waiting, **administration}
    if not clock.known_at():
        context |= interfaces_context(user)
    if roles != {Role.ADMINISTRATOR}:
        context |= work_context(request, roles)
    return render(request, "authorizations/day_list/home.html", context)


def work_context(request: HttpRequest, roles: frozenset[str]) -> dict[str, Any]:
    """The list of the day for who logs authorizations, and the worklists of the other roles."""
    now = clock.now()
    has_day_list = is_permitted_somewhere(signed_in_person(request), Permission.LOG_AUTHORIZATIONS)
    mine = [w for w in WORKLISTS if w.roles & roles]
    if has_day_list:
        mine = [w for w in mine if w.key not in KEYS]
    return {
        "queues": [queue(w, request, now) for w in mine],
        "views": saved_views(request),
        "calls": calls_of_physician(signed_in_person(request), now),
        "is_bookkeeper": False,
        "is_therapist": Role.THERAPIST in roles,
        "is_manager": Role.MANAGER in roles,
        "is_auditor": Role.AUDITOR in roles,
        "has_day_list": has_day_list,
        **(day_list_context(request, now) if has_day_list else {}),
    }


def day_list_context(request: HttpRequest, now: datetime) -> dict[str, Any]:
    """The list that is asked for: its rows in groups, the lists beside it, the bar for many."""
    shown = asked_list(request, now)
    if shown.whose == DONE:
        rows: list[CaseRow] = []
        closed = list(shown.tasks().select_related("course__patient", "authorization")
                      .order_by("-closed_at", "-pk")[:ROWS_OF_A_PAGE])  # fmt: skip
    else:
        rows, closed = day_rows(listed_tasks(shown), now), []
    page = page_of(request, rows)
    record_access(request, rows=len(page.object_list) + len(closed))
    links = rail(shown)
    counts = {link.label: link for _, group in links for link in group}
    return {
        "shown": shown,
        "rail": links,
        "groups": groups_of(list(page.object_list), shown),
        "page": page,
        "closed": closed,
        "labels": LABELS,
        "today": localdate(now),
        "follow_ups": sum(row.group == FOLLOW_UPS for row in rows),
        "total": len(rows),
        "done": counts["Done today"],
        "unassigned": counts["Unassigned"],
        "is_mine": shown.whose == MINE and not shown.wanted,
        "colleagues": colleagues_of(signed_in_person(request)),
        "worklist_url": address_of_worklist(shown),
    }


def page_of(request: HttpRequest, rows: list[CaseRow]) -> Page[CaseRow]:
    """Fifty rows of the list; the first ones where the address names no page."""
    return Paginator(rows, ROWS_OF_A_PAGE).get_page(request.GET.get("page"))


def groups_of(rows: list[CaseRow], shown: DayList) -> list[dict[str, Any]]:
    """The rows of a page under the headings of their groups, each with its address and note."""
    notes = last_notes([row.course.pk for row in rows])
    found: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row.group, []).append(entry_of(row, shown, notes.get(row.course.pk)))
    return [{"label": GROUPS[key], "key": key, "rows": entries} for key, entries in found.items()]


def entry_of(row: CaseRow, shown: DayList, note: LastNote | None) -> dict[str, Any]:
    """A row with its note, its address, and the place to which what is done from it returns."""
    back = f"{shown.url}#at-{row.at}"
    asked = urlencode({"case": row.key, "next": back})
    return {
        "row": row,
        "note": note,
        "url": address_in_list(row, shown),
        "place": place_in_list(row, shown),
        "back": back,
        "call_url": f"{reverse('day_list_many', args=['call'])}?{asked}",
    }


def address_of_worklist(shown: DayList) -> str:
    """The same worklist as a list with all columns, filters and files."""
    chosen = next((w for w in WORKLISTS if w.key == shown.wanted), None)
    return f"{reverse(chosen.page)}?queue={chosen.key}" if chosen else ""


def saved_views(request: HttpRequest) -> QuerySet[SavedView]:
    """My own views and those shared where I work."""
    return SavedView.objects.seen_by(signed_in_person(request)).select_related("owner", "facility")


def queue(worklist: Worklist, request: HttpRequest, now: datetime) -> Queue:
    rows = worklist.rows(signed_in_person(request), now)
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
