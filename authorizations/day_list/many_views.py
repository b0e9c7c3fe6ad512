"""One verb for the cases that are ticked in a list, or for the one that is open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from accounts.access_log import record_access
from accounts.form_keys import do_once, new_key
from accounts.permissions import permit, signed_in_person
from accounts.readers import read_row_number
from accounts.roles import Permission
from accounts.web.query_values import NotKnownHere, unknown
from accounts.web.return_page import asked_page
from authorizations.day_list import actions
from authorizations.day_list.actions import Case
from authorizations.day_list.forms import (
    AssignMany,
    CallMany,
    DeferMany,
    FollowUpMany,
    NoteMany,
)
from authorizations.exceptions import Refused
from authorizations.models import Course, PriorAuthorization

P = Permission


@dataclass(frozen=True)
class ManyVerb:
    """A verb for many cases: its words, its form, what it does."""

    heading: str
    button: str
    form: Callable[..., forms.Form]
    work: Callable[..., int]
    done: str


VERBS = {
    "assign": ManyVerb("Assign", "Assign", AssignMany, actions.assign_cases, "Assigned"),
    "defer": ManyVerb("Defer until a day", "Defer", DeferMany, actions.defer_cases, "Deferred"),
    "follow-up": ManyVerb(
        "Follow-up", "Set the follow-up", FollowUpMany, actions.follow_up_cases, "Follow-up set"
    ),
    "call": ManyVerb(
        "One call for several patients", "Log it", CallMany, actions.log_one_call, "Call logged"
    ),
    "note": ManyVerb("Note", "Write it", NoteMany, actions.note_cases, "Note written"),
}


# What ends such a thing again: the button with the name “done”.
ENDS: dict[str, tuple[Callable[..., int], str]] = {
    "follow-up": (actions.finish_follow_ups, "Follow-up done"),
    "defer": (actions.take_back_deferrals, "Deferral taken back"),
}


@permit(P.LOG_AUTHORIZATIONS)
def day_list_many(request: HttpRequest, verb: str) -> HttpResponse:
    """Ask what the verb needs for the chosen cases, then do it to all of them or to none."""
    if verb not in VERBS:
        raise Http404
    chosen = VERBS[verb]
    sent = request.POST if request.method == "POST" else request.GET
    cases = chosen_cases(request, sent.getlist("case"))
    back = asked_page(request, sent.get("next")) or reverse("home")
    is_done = verb in ENDS and "done" in request.POST
    form = chosen.form(None if is_done else request.POST or None, user=signed_in_person(request))
    refusal = ""
    if request.method == "POST" and (is_done or form.is_valid()):
        given = {"reason": request.POST.get("reason", "")[:200]} if is_done else form.cleaned_data
        work, words = ENDS[verb] if is_done else (chosen.work, chosen.done)
        try:
            do_to_all(request, cases, work, given, words)
        except Refused as error:
            refusal = str(error)
        else:
            return HttpResponseRedirect(back)
    record_access(request, rows=len(cases))
    context = {
        "verb": verb,
        "heading": "Log a call" if verb == "call" and len(cases) == 1 else chosen.heading,
        "chosen": chosen,
        "cases": cases,
        "form": form,
        "back": back,
        "refusal": refusal,
        "key": request.POST.get("key") or new_key(),
    }
    return render(request, "authorizations/day_list/day_list_many.html", context)


def do_to_all(
    request: HttpRequest,
    cases: Sequence[Case],
    work: Callable[..., int],
    given: dict[str, Any],
    words: str,
) -> None:
    """Do it once for each form, and say for how many. Raises Refused."""

    def once() -> str:
        work(cases=cases, by=signed_in_person(request), **given)
        return reverse("home")

    do_once(request.POST.get("key", ""), signed_in_person(request), once)
    count = len(cases)
    messages.success(request, f"{words} for {count} case{'s' * (count != 1)}.")


def chosen_cases(request: HttpRequest, keys: Sequence[str]) -> list[Case]:
    """The cases of these boxes within the person's facilities. Raises NotKnownHere."""
    numbers = {key: read_row_number(key[1:]) for key in dict.fromkeys(keys)}
    wanted = {
        kind: [number for key, number in numbers.items() if key[:1] == kind and number]
        for kind in ("r", "c")
    }
    requests = PriorAuthorization.objects.for_user(signed_in_person(request), P.LOG_AUTHORIZATIONS)
    related = ("course__patient", "course__facility", "plan__payer")
    courses = Course.objects.for_user(signed_in_person(request), P.LOG_AUTHORIZATIONS)
    found = [
        Case(row.course, row)
        for row in requests.filter(pk__in=wanted["r"]).select_related(*related)
    ]
    rows = courses.filter(pk__in=wanted["c"]).select_related("patient", "facility")
    cases = {case.key: case for case in (*found, *(Case(row) for row in rows))}
    for key in numbers:
        if key not in cases:
            raise NotKnownHere(unknown("Case", key))
    return [cases[key] for key in numbers]
