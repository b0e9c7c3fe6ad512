"""The pages that change when and whether a course is treated."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.permissions import permit, signed_in_person
from accounts.roles import Permission
from authorizations.course_changes.ends import cancel_course, end_course, reopen_course
from authorizations.course_changes.first_treatment import move_first_treatment
from authorizations.course_changes.forms import (
    CancelForm,
    CourseChangeForm,
    CourseHoldForm,
    EndForm,
    FirstTreatmentForm,
    MilestonesForm,
    ResumeForm,
)
from authorizations.course_changes.holds import hold_course, resume_course, withdraw_hold
from authorizations.course_changes.milestones import record_milestones
from authorizations.exceptions import Refused
from authorizations.models import Course, CourseHold
from authorizations.prior_authorizations.coverage_change_views import get_course_or_404

P = Permission


def show_change(
    request: HttpRequest,
    course: Course,
    form: CourseChangeForm,
    *,
    work: Callable[..., list[str]],
    heading: str,
    done: str,
) -> HttpResponse:
    """The form of a change, or the change done and what must follow in sentences."""
    if request.method == "POST" and form.is_valid():
        try:
            advice = work(course=course, by=signed_in_person(request), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{done} Open charges and tasks are up to date.")
            for sentence in advice:
                messages.warning(request, sentence)
            return redirect("course_detail", pk=course.pk)
    context = {"course": course, "form": form, "heading": heading}
    return render(request, "authorizations/course_changes/course_step.html", context)


def change_page(
    form_class: type[CourseChangeForm], work: Callable[..., list[str]], heading: str, done: str
) -> Callable[..., HttpResponse]:
    """The page of one change of a course, for those who register at its facility."""

    @permit(P.REGISTER)
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        course = get_course_or_404(request, pk)
        form = form_class(request.POST or None, course=course)
        return show_change(request, course, form, work=work, heading=heading, done=done)

    return view


course_move = change_page(
    FirstTreatmentForm,
    move_first_treatment,
    "Move the first treatment",
    "The first treatment is moved, and the calendar with it.",
)
course_cancel = change_page(
    CancelForm, cancel_course, "Cancel the course", "The course is cancelled."
)
course_end = change_page(EndForm, end_course, "End the course", "The course is ended.")
course_reopen = change_page(
    CourseChangeForm, reopen_course, "Reopen the course", "The course goes on."
)
course_hold = change_page(CourseHoldForm, hold_course, "Hold the course", "The course is on hold.")
course_resume = change_page(ResumeForm, resume_course, "Resume treatment", "Treatment is resumed.")


@permit(P.REGISTER)
def course_milestones(request: HttpRequest, pk: int) -> HttpResponse:
    """The days of referral, consult, simulation, plan and follow-up."""
    course = get_course_or_404(request, pk)
    form = MilestonesForm(request.POST or None, course=course)
    if request.method == "POST" and form.is_valid():
        try:
            record_milestones(course=course, days=form.cleaned_data, by=signed_in_person(request))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The days are saved.")
            return redirect("course_detail", pk=course.pk)
    context = {"course": course, "form": form, "heading": "Milestones"}
    return render(request, "authorizations/course_changes/course_step.html", context)


@permit(P.REGISTER)
def hold_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """A hold that never was."""
    hold = get_object_or_404(CourseHold.objects.live(), pk=pk)
    course = get_course_or_404(request, hold.course_id)
    return show_change(
        request,
        course,
        CourseChangeForm(request.POST or None, course=course),
        work=partial(withdraw_hold, hold=hold),
        heading="Take the hold back",
        done="The hold is taken back.",
    )
