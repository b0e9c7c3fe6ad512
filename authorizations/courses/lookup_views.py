"""Looking a patient up while somebody registers; nothing of it is in an address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms import BoundField, Select, TextInput
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from accounts.access_log import record_access
from accounts.models import AccessEvent
from accounts.past import clock
from accounts.permissions import permit, signed_in_person
from accounts.readers import read_row_number
from accounts.roles import Permission
from authorizations.courses.known_patients import (
    earlier_courses,
    filled_in,
    patient_of_mrn,
    patients_alike,
    registered_patients,
    typed_date,
)
from authorizations.courses.registration_forms import Registration
from authorizations.models import Patient
from authorizations.web.widgets import DateInput, SuggestInput, live_reading
from authorizations.worklists.search_terms import plain_words

FILLED = ("last_name", "first_name", "date_of_birth", "sex", "plan", "member_id", "coverage_from")


def asked_patient(request: HttpRequest) -> Patient | None:
    """The patient that was chosen, by our own number or by a known MRN."""
    user = signed_in_person(request)
    number = read_row_number(request.POST.get("fill") or request.GET.get("patient"))
    if number:
        return registered_patients(user).filter(pk=number).first()
    return patient_of_mrn(request.POST.get("mrn", ""), user)


def is_lookup(request: HttpRequest) -> bool:
    """Whether the form was sent to fill a patient in, not to register."""
    return "look" in request.POST or "fill" in request.POST


def lookup_form(request: HttpRequest, patient: Patient | None) -> Registration:
    """The form with what was typed, and what is known of the patient instead."""
    known = filled_in(patient, clock.today()) if patient else {}
    typed = {"fractions_per_day": "1"} | request.POST.dict()
    return Registration(user=signed_in_person(request), initial=typed | known)


def lookup_context(
    request: HttpRequest, patient: Patient | None, typed: Mapping[str, Any]
) -> dict[str, Any]:
    """Who is known by this MRN, their courses, and who else is like this. The look is recorded."""
    user = signed_in_person(request)
    alike = [] if patient else patients_alike(typed, user)
    if patient or alike:
        rows = len(alike) or 1
        record_access(request, patient=patient, action=AccessEvent.Action.SEARCH, rows=rows)
    earlier = earlier_courses(patient, user) if patient else []
    return {"known": patient, "earlier": earlier, "alike": alike}


def is_nobody_else(patient: Patient, typed: Mapping[str, Any]) -> bool:
    """Whether nothing was typed that the patient of this MRN is not."""
    name, born = typed.get("last_name", "").strip(), typed_date(typed.get("date_of_birth"))
    is_named = not name or plain_words(name) == plain_words(patient.last_name)
    return is_named and born in (None, patient.date_of_birth)


def filled_input(field: BoundField) -> str:
    """A field with what is known, to be put in the place of the empty one."""
    attributes: dict[str, str | bool] = {
        "class": "form-control",
        "autocomplete": "off",
        "hx-swap-oob": "true",
    }
    widget = field.field.widget
    if isinstance(widget, SuggestInput):  # its list of suggestions stays where it is
        widget = TextInput({"list": f"{field.id_for_label}-list"})
    elif isinstance(widget, DateInput):  # the words beside it stay where they are, too
        words = live_reading(field.html_name, widget.kind)
        widget = forms.DateInput(words, format=widget.shape)
    elif isinstance(widget, Select):
        attributes["class"] = "form-select"
    return field.as_widget(widget, attributes)


@require_POST
@permit(Permission.REGISTER)
def registration_look(request: HttpRequest) -> HttpResponse:
    """What the form shows while somebody types: a known patient filled in, or those like this."""
    patient = asked_patient(request)
    context = lookup_context(request, patient, request.POST.dict())
    form = lookup_form(request, patient)
    is_same = patient is not None and is_nobody_else(patient, request.POST.dict())
    fields = [filled_input(form[name]) for name in FILLED if is_same]
    context |= {"form": form, "filled": fields, "is_filled": is_same}
    return render(request, "authorizations/courses/_looked_up.html", context)
