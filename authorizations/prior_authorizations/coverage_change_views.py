"""What changes during a course, and what must follow from it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.access_log import record_access
from accounts.permissions import permit, require
from accounts.roles import Permission
from authorizations.exceptions import Refused
from authorizations.models import Course, Coverage, joined_on
from authorizations.prior_authorizations.coverage_change_forms import (
    CourseChange,
    CoverageEnd,
    NewCoverage,
)
from authorizations.prior_authorizations.coverage_changes import (
    ChangeResult,
    change_course,
    change_coverage,
    end_coverage,
)
from authorizations.workflow import IllegalMove
from payers.clocks.plan_notes import promises_of_plan

P = Permission


def get_course_or_404(request: HttpRequest, pk: int) -> Course:
    """The course within the person's facilities, for those who register there."""
    rows = Course.objects.for_user(request.user, P.READ_CASES)
    rows = rows.select_related("patient", "facility")
    course = get_object_or_404(rows, pk=pk)
    require(request, P.REGISTER, facility=course.facility)
    record_access(request, patient=course.patient)
    return course


def answer_form(
    request: HttpRequest,
    course: Course,
    form: Any,
    work: Callable[[dict[str, Any]], ChangeResult],
    heading: str,
) -> HttpResponse:
    """Show the form, or do the work and say what must follow."""
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                outcome = work(form.cleaned_data)
        except (Refused, IllegalMove) as refusal:
            form.add_error(None, str(refusal))
        except IntegrityError:
            form.add_error(None, "The database refused this: another coverage has these dates.")
        else:
            messages.success(request, "Changed. Open charges are judged anew.")
            for sentence in outcome.advice:
                messages.warning(request, sentence)
            return redirect("course_detail", pk=course.pk)
    context = {"course": course, "form": form, "heading": heading}
    return render(request, "authorizations/courses/course_change.html", context)


@permit(P.REGISTER)
def course_change(request: HttpRequest, pk: int) -> HttpResponse:
    """A boost, a new plan, another place."""
    course = get_course_or_404(request, pk)
    form = CourseChange(request.POST or None, course=course, user=request.user)

    def work(values: dict[str, Any]) -> ChangeResult:
        return change_course(course=course, by=request.user, **values)

    return answer_form(request, course, form, work, "Change the course")


@permit(P.REGISTER)
def coverage_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Another plan pays from a day on."""
    course = get_course_or_404(request, pk)

    def work(values: dict[str, Any]) -> ChangeResult:
        outcome = change_coverage(patient=course.patient, by=request.user, **values)
        plan, starts_on = values["plan"], values["starts_on"]
        joined = joined_on(plan, starts_on, course.patient.coverages.all())
        for note in promises_of_plan(plan, starts_on, joined_on=joined):
            messages.info(request, f"{plan.payer}: {note.words} ({note.source})")
        return outcome

    return answer_form(request, course, NewCoverage(request.POST or None), work, "New coverage")


@permit(P.REGISTER)
def coverage_end(request: HttpRequest, pk: int) -> HttpResponse:
    """The coverage ended: what was treated since is judged anew."""
    course = get_course_or_404(request, pk)
    rows = Coverage.objects.filter(patient=course.patient, rank=Coverage.Rank.PRIMARY)
    coverage = rows.order_by("-effective_from").first()

    def work(values: dict[str, Any]) -> ChangeResult:
        if coverage is None:
            raise Refused("There is no coverage to end.")
        return end_coverage(coverage=coverage, by=request.user, **values)

    return answer_form(request, course, CoverageEnd(request.POST or None), work, "End the coverage")
