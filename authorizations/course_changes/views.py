"""The pages that change when and whether a course is treated."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.permissions import permit, signed_in_person
from accounts.roles import Permission
from authorizations.course_changes.first_treatment import move_first_treatment
from authorizations.course_changes.forms import CourseChangeForm, FirstTreatmentForm
from authorizations.exceptions import Refused
from authorizations.models import Course
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


@permit(P.REGISTER)
def course_move(request: HttpRequest, pk: int) -> HttpResponse:
    """The first treatment is on another day."""
    course = get_course_or_404(request, pk)
    return show_change(
        request,
        course,
        FirstTreatmentForm(request.POST or None, course=course),
        work=move_first_treatment,
        heading="Move the first treatment",
        done="The first treatment is moved, and the calendar with it.",
    )
