"""Many charges at once: all clean ones of a view, or one decision about a selection."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.access_log import record_access
from accounts.permissions import permit, signed_in_person
from accounts.readers import read_row_number
from accounts.roles import Permission
from accounts.web.query_values import NotKnownHere, asked_choice, unknown
from authorizations.charges.bulk import Answer, decide_many
from authorizations.charges.forms import ManyForm
from authorizations.charges.queue.filters import ChargeFilter
from authorizations.charges.release_runs import ask_for_release, is_long
from authorizations.models import OPEN, Charge, ChargeStatus, Course
from authorizations.verdicts.status import STATUS_TONES, TONES
from authorizations.web.list_view import asked_rows
from authorizations.workflow import CHARGE_MOVES
from coding.rules import all_rules

P = Permission
RELATED = (
    "session__course__patient",
    "session__course__facility",
    "session__facility",
    "facility",
    "plan__payer",
    "batch",
)
LABELS = {row.verb: row.label for row in CHARGE_MOVES}


@require_POST
@permit(P.REVIEW_CHARGES)
def charge_release_many(request: HttpRequest) -> HttpResponse:
    """Release the ticked charges, or every clean one of the view; say what was not released."""
    charges = asked_charges(request)
    if is_long(charges):
        return leave_to_worker(request, charges)
    answer = decide_many(charges=charges, verb="release", by=signed_in_person(request))
    return show_results(request, answer)


def leave_to_worker(request: HttpRequest, charges: list[Charge]) -> HttpResponse:
    """Many: the page answers at once and shows how far the worker is."""
    run = ask_for_release(charges=charges, by=signed_in_person(request))
    return redirect("release_run_detail", pk=run.pk)


def asked_charges(request: HttpRequest) -> list[Charge]:
    """The charges of the request, within scope: by tick, or all ready ones of the filtered view."""
    if request.POST.get("scope") == "view":
        asked = QueryDict(request.POST.get("query", ""))
        rows = asked_rows(ChargeFilter(asked, queryset=filtered_charges(request), request=request))
        return list(rows.filter(status=ChargeStatus.READY))
    return ticked(request)


def filtered_charges(request: HttpRequest) -> Any:
    return Charge.objects.for_user(signed_in_person(request), P.REVIEW_CHARGES).select_related(
        *RELATED
    )


def ticked(request: HttpRequest) -> list[Charge]:
    numbers = [n for n in map(read_row_number, request.POST.getlist("charge")) if n]
    return list(filtered_charges(request).filter(pk__in=numbers))


@permit(P.REVIEW_CHARGES)
def charge_many(request: HttpRequest) -> HttpResponse:
    """Choose one decision about the ticked charges, or about those of a course; then do it."""
    is_decided = "verb" in request.POST
    form = ManyForm(request.POST if is_decided else None)
    charges = ticked(request) if request.method == "POST" else of_course(request)
    if is_decided and form.is_valid():
        verb = form.cleaned_data["verb"]
        if verb == "release" and is_long(charges):
            return leave_to_worker(request, charges)
        answer = decide_many(
            charges=charges, verb=verb, by=signed_in_person(request), **form.given()
        )
        return show_results(request, answer)
    record_access(request, rows=len(charges))
    context = {
        "form": form,
        "charges": charges,
        "is_course": request.method == "GET",
        "tones": STATUS_TONES,
        "verdict_tones": TONES,
        "dollars": sum(charge.amount or 0 for charge in charges),
        "back": queue_address(request),
    }
    return render(request, "authorizations/charges/charge_many.html", context)


def of_course(request: HttpRequest) -> list[Charge]:
    """The open charges of a course, or those that one rule leads; none where none is named."""
    named, rule = request.GET.get("course", ""), request.GET.get("rule", "")
    mine_here = Course.objects.for_user(signed_in_person(request), P.REVIEW_CHARGES)
    course = mine_here.filter(pk=read_row_number(named)).first()
    if named and course is None:
        raise NotKnownHere(unknown("Course", named))
    asked_choice(rule, {known.number for known in all_rules()}, "Rule")
    rows = filtered_charges(request).filter(session__course=course, status__in=OPEN)
    return list(rows.filter(leading_rule=rule) if rule else rows)


def show_results(request: HttpRequest, answer: Answer) -> HttpResponse:
    """What became of each, done and kept back."""
    record_access(request, rows=len(answer.outcomes))
    context = {
        "is_release": answer.verb == "release",
        "label": LABELS[answer.verb],
        "done": answer.done,
        "dollars": sum(row.charge.amount or 0 for row in answer.done),
        "units": sum(row.charge.units for row in answer.done),
        "kept": answer.kept,
        "back": queue_address(request),
    }
    return render(request, "authorizations/charges/charge_release_many.html", context)


def queue_address(request: HttpRequest) -> str:
    """The queue as it was filtered."""
    query = QueryDict(request.POST.get("query", "")).urlencode()
    return f"{reverse('charge_list')}{f'?{query}' if query else ''}"
