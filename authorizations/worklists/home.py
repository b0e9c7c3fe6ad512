"""Home: my worklists. Search: one box, results within scope only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from django.db.models import Min, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate

from accounts.access_log import record_access
from accounts.models import AccessEvent, Role
from accounts.past import clock
from accounts.permissions import permit, signed_in_person
from accounts.roles import Permission, roles_anywhere
from accounts.scoping import facilities_of
from accounts.waiting_changes import administration_context
from accounts.web.text import one_line
from authorizations.models import Course, Patient, PeerToPeer, PriorAuthorization, SavedView, Task
from authorizations.worklists import LABELS, WORKLISTS, Worklist
from authorizations.worklists.payer_answers import calls_to_make
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
        "calls": my_calls(request, now),
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


def my_calls(request: HttpRequest, now: datetime) -> list[tuple[PeerToPeer, str, str]]:
    """My peer-to-peers as a physician: each with how long until it, and its tone."""
    person = signed_in_person(request)
    rows = calls_to_make(person, now).filter(physician__user=person)
    related = ("event__authorization__course__patient", "event__authorization__plan__payer")
    rows = rows.select_related(*related, "event__authorization__facility")[:MOST_RESULTS]
    return [(call, *until(call.scheduled_at, now, call.authorization.facility.tz)) for call in rows]


def until(moment: datetime, now: datetime, zone: tzinfo) -> tuple[str, str]:
    """In 2 days, by the dates on the wall; in 3 hours, on the day itself; and how urgent it is."""
    days = (moment.astimezone(zone).date() - now.astimezone(zone).date()).days
    minutes = abs(round((moment - now).total_seconds() / 60))
    count, unit = (minutes // 60, "hour") if minutes >= 60 else (minutes, "minute")
    if days:
        count, unit = abs(days), "day"
    words = f"{count} {unit}{'s' * (count != 1)}"
    tone = "bad" if moment < now else "warn" if days <= 1 else "info"
    return (f"in {words}" if moment >= now else f"{words} ago"), tone


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


@permit(Permission.READ_CASES)
def search(request: HttpRequest) -> HttpResponse:
    """Patients, courses and requests by number or name. The text never stands in an address."""
    text = one_line(request.POST.get("text", ""), 80)
    if not text:
        return render(request, "authorizations/worklists/search.html", {"search_text": ""})
    patients = find_patients(request, text)
    requests = find_requests(request, text)
    if len(patients) == 1 and not requests and patients[0].courses_here.count() == 1:
        return redirect("course_detail", pk=patients[0].courses_here.get().pk)
    record_access(request, action=AccessEvent.Action.SEARCH, rows=len(patients) + len(requests))
    context = {"search_text": text, "patients": patients, "requests": requests}
    return render(request, "authorizations/worklists/search.html", context)


def find_patients(request: HttpRequest, text: str) -> list[Patient]:
    """By the beginning of the MRN, by course number, or by name with a slip of the finger."""
    last, _, first = (part.strip() for part in text.partition(","))
    name = Q(last_name__trigram_similar=last) | Q(last_name__istartswith=last)
    if first:
        name &= Q(first_name__istartswith=first)
    elif " " in text:
        given, family = text.rsplit(" ", 1)
        name |= Q(first_name__istartswith=given, last_name__trigram_similar=family)
    mine = Course.objects.for_user(request.user, Permission.READ_CASES)
    numbered = mine.filter(code__istartswith=text).values("patient")
    wanted = Q(mrn__istartswith=text) | name | Q(pk__in=numbered)
    found = Patient.objects.for_user(request.user, Permission.READ_CASES).filter(wanted)
    patients = list(found[:MOST_RESULTS])
    for patient in patients:
        patient.courses_here = mine.filter(patient=patient)
    return patients


def find_requests(request: HttpRequest, text: str) -> list[PriorAuthorization]:
    """By the beginning of the authorization number or of the payer's case reference."""
    wanted = Q(number__istartswith=text) | Q(reference__istartswith=text)
    rows = PriorAuthorization.objects.for_user(request.user, Permission.READ_CASES).filter(wanted)
    return list(rows.select_related("course__patient", "plan")[:MOST_RESULTS])
