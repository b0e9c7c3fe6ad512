"""Courses: the list, registering one, and its page."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.access_log import record_access
from accounts.exports.response import asked_kind, table_file
from accounts.form_keys import already_done, do_once, new_key
from accounts.models import AccessEvent
from accounts.past import clock
from accounts.permissions import permit, require, signed_in_person
from accounts.roles import Permission, has_permission, is_permitted_somewhere
from accounts.web.text import one_line
from authorizations.courses import events as course_events
from authorizations.courses import exports
from authorizations.courses import page as course_page
from authorizations.courses.forecast_sentence import forecast_sentence
from authorizations.courses.known_patients import earlier_courses
from authorizations.courses.lookup_views import (
    asked_patient,
    is_lookup,
    lookup_context,
    lookup_form,
)
from authorizations.courses.milestones import milestone_line
from authorizations.courses.next_steps import next_steps
from authorizations.courses.offered_fields import MOST_SUGGESTED, diagnoses_named
from authorizations.courses.recoding import is_deleted, successor
from authorizations.courses.registration import authorization_answer, register_course
from authorizations.courses.registration_forms import Registration
from authorizations.courses.status import course_status, course_steps, courses_on_hold, list_label
from authorizations.courses.tables import CourseTable
from authorizations.courses.units_ahead import Outlook, outlook, to_extend, unit_bars
from authorizations.exceptions import NotRegistered
from authorizations.exchange.row_reader import NOT_FOUND_HERE
from authorizations.models import Course, Patient
from authorizations.verdicts.status import plans_on
from authorizations.web.list_view import ListPage
from authorizations.worklists import LABELS
from authorizations.worklists import querysets as queues
from authorizations.worklists.actions import tasks_closed, tasks_of
from authorizations.worklists.filters import CourseFilter
from authorizations.worklists.views import colleagues
from coding.models import DiagnosisCode
from payers.directory.actions import REPORTS
from payers.directory.lookup import DirectoryBook
from payers.policies.lookup import PolicyBook


class CourseList(ListPage):
    """Courses within scope, by worklist and filter."""

    model = Course
    table_class = CourseTable
    filterset_class = CourseFilter
    template_name = "authorizations/courses/course_list.html"

    def get_queryset(self):
        rows = queues.courses(self.request.user, clock.now(), is_all=True)
        return rows.select_related("patient", "facility", "physician")

    def get_table(self, **options):
        table = super().get_table(**options)
        rows = [row.record for row in table.page.object_list] if table.page else []
        table.plans = plans_on({course.patient_id for course in rows}, clock.today())
        held = courses_on_hold(rows, clock.today())
        for course in rows:
            course.plan_now = table.plans.get(course.patient_id)
            course.label = list_label(course, held)
        return table


@permit(Permission.REGISTER)
def course_new(request: HttpRequest) -> HttpResponse:
    """Register a patient, coverage and course in one form; the answer stands on the next page."""
    earlier = already_done(request.POST.get("key", ""), request.user)
    if earlier:
        return redirect(earlier)
    if is_lookup(request) or "patient" in request.GET:
        return show_lookup(request)
    form = Registration(request.POST or None, user=request.user, initial={"fractions_per_day": "1"})
    if request.method == "POST" and form.is_valid():
        require(request, Permission.REGISTER, facility=form.cleaned_data["facility"])
        target = register(request, form)
        if target:
            return redirect(target)
    record_refusal(request, form)
    context = {"form": form, "key": request.POST.get("key") or new_key(), "alike": form.alike}
    if form.alike:
        record_access(request, action=AccessEvent.Action.SEARCH, rows=len(form.alike))
    return render(request, "authorizations/courses/course_new.html", context)


def show_lookup(request: HttpRequest) -> HttpResponse:
    """The form with a registered patient filled in; nothing is saved, nothing typed is lost."""
    patient = asked_patient(request)
    context = lookup_context(request, patient, request.POST.dict())
    context |= {
        "form": lookup_form(request, patient),
        "key": request.POST.get("key") or new_key(),
        "is_unknown": patient is None,
        "is_filled": patient is not None,
    }
    return render(request, "authorizations/courses/course_new.html", context)


def register(request: HttpRequest, form: Registration) -> str | None:
    """Register once for each form; the page of the course, or None with the form's error."""

    def work() -> str:
        course = register_course(
            patient=form.patient(),
            coverage=form.coverage(),
            course=form.course(),
            by=request.user,
            referred_on=form.cleaned_data["referred_on"],
        )
        return reverse("course_detail", args=[course.pk]) + "?new=1"

    try:
        with transaction.atomic():
            target, _ = do_once(request.POST.get("key", ""), request.user, work)
    except NotRegistered as refusal:
        form.add_error("mrn", str(refusal))
        return None
    except IntegrityError:
        form.add_error(
            None, "The database refused this: the patient has another coverage on these dates."
        )
        return None
    return target


def record_refusal(request: HttpRequest, form: Registration) -> None:
    """Remember that somebody tried the MRN of a patient who is not theirs to register."""
    if NOT_FOUND_HERE in form.errors.get("mrn", ()):
        tried = Patient.objects.filter(mrn=form.data.get("mrn", "").strip()).first()
        record_access(request, patient=tried, action=AccessEvent.Action.SEARCH)


@permit(Permission.REGISTER)
def diagnosis_search(request: HttpRequest) -> HttpResponse:
    """Suggestions for a diagnosis while somebody types."""
    text = one_line(request.GET.get("diagnosis", ""), 60)
    rows = DiagnosisCode.objects.none()
    if len(text) >= 2:
        rows = diagnoses_named(text)[:MOST_SUGGESTED]
    return render(request, "authorizations/courses/_diagnoses.html", {"diagnoses": rows})


@permit(Permission.READ_CASES)
def course_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one course on one page."""
    rows = Course.objects.for_user(request.user, Permission.READ_CASES).select_related(
        "patient", "facility", "physician", "registered_by"
    )
    course = get_object_or_404(rows, pk=pk)
    if asked_kind(request):
        listed = exports.course_tables(course.authorizations.all())
        return table_file(request, listed, f"course-{course.pk}", course.patient)
    record_access(request, patient=course.patient)
    today = course_page.today_at(course)
    found, answer = outlook(course, today), authorization_answer(course)
    context = {
        "course": course,
        "is_new": "new" in request.GET,
        "answer": answer,
        "directory": DirectoryBook(clock.today()).whom_to_call(answer.plan, answer.policy),
        "may_report": is_permitted_somewhere(signed_in_person(request), *REPORTS),
        "cells": course_page.fraction_cells(course),
        **how_it_goes(course, found),
        **how_units_last(course, found),
        "requests": course.authorizations.select_related("plan__payer"),
        "earlier": earlier_courses(course.patient, request.user, before=course),
        "coverages": course.patient.coverages.select_related("plan__payer"),
        "diagnosis": DiagnosisCode.objects.filter(code=course.diagnosis).first(),
        "events": course_events.course_events(course),
        "old_code": is_deleted(course.delivery_code, max(today, course.expected_on(today))),
        "becomes": successor(course.delivery_code, course, True)[0],
        "tasks": tasks_of(course),
        "closed_tasks": tasks_closed(course),
        "labels": LABELS,
        "colleagues": colleagues(course.facility),
        "tones": course_events.AUTHORIZATION_TONES,
        "may_register": has_permission(request.user, Permission.REGISTER, course.facility),
        "may_ask": has_permission(request.user, Permission.LOG_AUTHORIZATIONS, course.facility),
    }
    return render(request, "authorizations/courses/course_detail.html", context)


def how_units_last(course: Course, found: Outlook) -> dict[str, Any]:
    """How far the approved units reach, in a sentence and in bars, and what to ask for next."""
    service = course.guidance_on(found.next_day)
    is_required = PolicyBook().is_required(found.plan, found.next_day, service)
    sentence, tone = forecast_sentence(found, is_required)
    extended = to_extend(found)
    return {
        "bars": unit_bars(found),
        "sentence": sentence,
        "sentence_tone": tone,
        "next_requests": next_steps(found, extended) if extended else [],
    }


def how_it_goes(course: Course, found: Outlook) -> dict[str, Any]:
    """Whether the course goes on, its milestones and holds, and what may be done with it."""
    status = course_status(course, found.fractions_done, found.today)
    steps = course_steps(course, status)
    return {
        "status": status,
        "steps": [(reverse(name, args=[course.pk]), label) for name, label in steps],
        "milestones": milestone_line(course, found),
        "holds": course.holds.live().select_related("recorded_by"),
    }
