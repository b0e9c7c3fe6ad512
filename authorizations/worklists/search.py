"""Search: one box, results within scope only."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.access_log import record_access
from accounts.models import AccessEvent
from accounts.permissions import permit
from accounts.roles import Permission
from accounts.web.text import one_line
from authorizations.models import Course, Patient, PriorAuthorization

MOST_RESULTS = 25


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
