"""The page of a patient, for those who may see a facility that treats them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.access_log import record_access
from accounts.exports.response import asked_kind, table_file
from accounts.past import clock
from accounts.permissions import permit, require, signed_in_person
from accounts.roles import Permission
from accounts.scoping import facilities_of
from authorizations.courses.known_patients import possible_duplicates
from authorizations.courses.registration import may_register_for
from authorizations.exceptions import Refused
from authorizations.models import Course, Patient, PatientMerge
from authorizations.patients.actions import add_coverage, add_person
from authorizations.patients.exports import patient_tables
from authorizations.patients.forms import AddedCoverage, PersonToCall
from authorizations.patients.lanes import lane_chart
from authorizations.patients.page import coverages_in_order, documents_opened
from authorizations.patients.timeline import patient_events

P = Permission


def get_patient_or_404(request: HttpRequest, pk: int) -> Patient:
    """The patient, where the person reads cases of a facility that treats them."""
    mine = Patient.objects.for_user(signed_in_person(request), P.READ_CASES)
    patient: Patient = get_object_or_404(mine, pk=pk)
    return patient


@permit(P.READ_CASES)
def patient_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one patient; of courses, requests and documents only those in scope.

    One that was merged leads to the patient who was kept.
    """
    merged = Patient.objects.filter(pk=pk, merged_into__isnull=False).first()
    if merged is not None:
        return redirect("patient_detail", pk=merged.merged_into_id)
    patient = get_patient_or_404(request, pk)
    user, today = signed_in_person(request), clock.today()
    rows = Course.objects.for_user(user, P.READ_CASES).filter(patient=patient)
    courses = list(rows.select_related("patient", "facility", "physician", "registered_by"))
    if asked_kind(request):
        tables = patient_tables(patient, courses)
        return cast(HttpResponse, table_file(request, tables, f"patient-{pk}", patient))
    record_access(request, patient=patient)
    logs_at = set(facilities_of(user, P.LOG_AUTHORIZATIONS).values_list("pk", flat=True))
    context = {
        "patient": patient,
        "age": (min(today, patient.died_on or today) - patient.date_of_birth).days * 4 // 1461,
        "zone": courses[0].facility.time_zone,
        "chart": lane_chart(courses, today),
        "alike": possible_duplicates(patient, user),
        "merges": PatientMerge.objects.open().about(patient),
        "has_earlier": len(courses) > 1,
        "coverages": coverages_in_order(patient, today),
        "documents": documents_opened(courses, logs_at),
        "people": patient.people.all(),
        "events": patient_events(courses),
        "may_register": may_register_for(patient, user),
    }
    return render(request, "authorizations/patients/patient_detail.html", context)


def add_to_patient(
    request: HttpRequest,
    pk: int,
    form: Any,
    work: Callable[..., Any],
    words: tuple[str, str],
) -> HttpResponse:
    """Show the form, or add what it says and return to the patient."""
    patient = get_patient_or_404(request, pk)
    if not may_register_for(patient, signed_in_person(request)):
        require(request, P.REGISTER, facility=None)
    heading, done = words
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                work(patient=patient, values=form.cleaned_data, by=signed_in_person(request))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        except IntegrityError:
            form.add_error(None, "Somebody added the same at this moment: open the patient again.")
        else:
            messages.success(request, done)
            return redirect("patient_detail", pk=pk)
    record_access(request, patient=patient)
    context = {"patient": patient, "form": form, "heading": heading}
    return render(request, "authorizations/patients/patient_add.html", context)


@permit(P.REGISTER)
def patient_coverage_new(request: HttpRequest, pk: int) -> HttpResponse:
    """A coverage beside those that are there: secondary, tertiary, or of other dates."""
    form = AddedCoverage(request.POST or None, initial={"rank": "secondary"})
    words = ("Add a coverage", "The coverage is added; open charges are judged again.")
    return add_to_patient(request, pk, form, add_coverage, words)


@permit(P.REGISTER)
def person_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody to phone about the patient."""
    form = PersonToCall(request.POST or None)
    words = ("Add a person to call", "The person is added.")
    return add_to_patient(request, pk, form, add_person, words)
