"""Authorizations: the list, a request's page, and the verbs of the workflow table."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access_log import record_access
from accounts.exports.response import asked_kind, table_file
from accounts.form_keys import do_once, new_key
from accounts.past import clock
from accounts.permissions import permit, require, signed_in_person
from accounts.roles import Permission
from authorizations.courses.known_patients import earlier_courses
from authorizations.courses.status import current_status
from authorizations.exceptions import Refused
from authorizations.models import Course, PriorAuthorization
from authorizations.prior_authorizations import exports, page
from authorizations.prior_authorizations.actions import (
    log_contact,
    move_and_judge,
    open_request,
    submit,
)
from authorizations.prior_authorizations.clock_extensions import extend_clock
from authorizations.prior_authorizations.deemed import deem_approved
from authorizations.prior_authorizations.forms import (
    ContactForm,
    NewRequest,
    RequestLines,
    Submission,
)
from authorizations.prior_authorizations.prefill import prefilled
from authorizations.prior_authorizations.tables import AuthorizationTable
from authorizations.prior_authorizations.whom_to_call import CallsOfRequests
from authorizations.web.list_view import ListPage
from authorizations.web.reason_form import OptionalReason
from authorizations.workflow import AUTHORIZATION_MOVES, DEEM_APPROVED, IllegalMove
from authorizations.worklists import LABELS
from authorizations.worklists.actions import tasks_closed, tasks_of
from authorizations.worklists.filters import AuthorizationFilter
from authorizations.worklists.views import colleagues
from payers.clocks.plan_notes import notes_on_plans

P = Permission


class AuthorizationList(ListPage):
    """Requests within scope, by worklist and filter."""

    model = PriorAuthorization
    table_class = AuthorizationTable
    filterset_class = AuthorizationFilter
    template_name = "authorizations/prior_authorizations/authorization_list.html"

    def get_queryset(self):
        rows = super().get_queryset()
        undecided_first = F("first_answered_on").desc(nulls_first=True)
        return rows.select_related(
            "course__patient", "course__facility", "facility", "plan__payer"
        ).order_by(undecided_first, "due_at", "pk")

    def get_table(self, **options):
        table = super().get_table(**options)
        table.now = clock.now()
        table.tones = page.TONES
        table.calls = CallsOfRequests(clock.today())
        return table


def get_authorization_or_404(request: HttpRequest, pk: int) -> PriorAuthorization:
    """The request within the person's facilities. Raises Http404."""
    rows = PriorAuthorization.objects.for_user(request.user, P.READ_CASES).select_related(
        *("course__patient", "course__facility", "plan__payer", "facility", "supersedes"),
        *("created_by", "next_touch_set_by"),
    )
    return get_object_or_404(rows, pk=pk)


def may(request: HttpRequest, authorization: PriorAuthorization, *permissions: P) -> None:
    """Raise PermissionDenied unless the person may do this where the course is treated."""
    require(request, *permissions, facility=authorization.course.facility)


@permit(P.READ_CASES)
def authorization_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A request: its lines, its clock, its story, and the moves that are possible now."""
    authorization = get_authorization_or_404(request, pk)
    if asked_kind(request):
        listed = exports.request_tables(authorization.lines.all())
        return table_file(request, listed, f"request-{pk}", authorization.course.patient)
    return show_authorization(request, authorization)


def show_authorization(
    request: HttpRequest, authorization: PriorAuthorization, **more: Any
) -> HttpResponse:
    record_access(request, patient=authorization.course.patient)
    context = {
        "authorization": authorization,
        "course": authorization.course,
        **page.authorization_context(authorization, request.user),
        "tasks": tasks_of(authorization.course, authorization),
        "closed_tasks": tasks_closed(authorization.course, authorization),
        "labels": LABELS,
        "colleagues": colleagues(authorization.course.facility),
        "course_status": current_status(authorization.course),
        "contact_form": ContactForm(),
        "key": new_key(),
        **more,
    }
    return render(request, "authorizations/prior_authorizations/authorization_detail.html", context)


@permit(P.LOG_AUTHORIZATIONS)
def authorization_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a request for a course: whom we ask, and for which lines."""
    rows = Course.objects.for_user(request.user, P.READ_CASES)
    rows = rows.select_related("patient", "facility")
    course = get_object_or_404(rows, pk=pk)
    require(request, P.LOG_AUTHORIZATIONS, facility=course.facility)
    data = request.POST or None
    initial, initial_lines = prefilled(request, course)
    form = NewRequest(data, course=course, user=request.user, initial=initial)
    lines = RequestLines(data, prefix="line", initial=None if data else initial_lines)
    lines.extra = 2
    if data and form.is_valid() & lines.is_valid():
        opened = open_once(request, course, form, lines)
        if opened:
            return redirect(opened)
    context = {
        "course": course,
        "form": form,
        "lines": lines,
        "earlier": earlier_courses(course.patient, signed_in_person(request), before=course),
        "plan_notes": notes_on_plans(form.offered_plans(), clock.today()),
        "key": request.POST.get("key") or new_key(),
    }
    return render(request, "authorizations/prior_authorizations/authorization_new.html", context)


def open_once(
    request: HttpRequest, course: Course, form: NewRequest, lines: RequestLines
) -> str | None:
    """Open the request once for each form; its page, or None with the form's error."""

    def work() -> str:
        opened = open_request(
            course=course, lines=lines.lines(), by=request.user, **form.cleaned_data
        )
        page_of_it = "authorization_submit" if "submit" in request.POST else "authorization_detail"
        return reverse(page_of_it, args=[opened.pk])

    try:
        return do_once(request.POST.get("key", ""), request.user, work)[0]
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None


@permit(P.LOG_AUTHORIZATIONS)
def authorization_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """The request has gone out: how, and when the payer had it."""
    authorization = get_authorization_or_404(request, pk)
    may(request, authorization, P.LOG_AUTHORIZATIONS)
    with timezone.override(authorization.facility.tz):
        now = timezone.localtime().replace(second=0, microsecond=0)
        form = Submission(request.POST or None, initial={"received_on": now})
        if request.method == "POST" and form.is_valid():
            try:
                with transaction.atomic():
                    submit(authorization=authorization, by=request.user, **form.cleaned_data)
            except IllegalMove as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, "Submitted: the payer's clock runs.")
                return redirect("authorization_detail", pk=pk)
        context = {"authorization": authorization, "course": authorization.course, "form": form}
        return render(
            request, "authorizations/prior_authorizations/authorization_submit.html", context
        )


MOVE_FIELDS = {"pend": "pend_reason"}


@require_POST
@permit(P.LOG_AUTHORIZATIONS, P.REVIEW_IMAGES)
def authorization_move(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """A move of the table that needs at most a reason."""
    authorization = get_authorization_or_404(request, pk)
    may(request, authorization, P.LOG_AUTHORIZATIONS, P.REVIEW_IMAGES)
    if verb not in {row.verb for row in AUTHORIZATION_MOVES} - page.OWN_PAGE | {"extend_clock"}:
        raise Http404
    form = OptionalReason(request.POST)
    form.full_clean()
    reason, person = form.cleaned_data.get("reason", ""), signed_in_person(request)
    changes = {MOVE_FIELDS[verb]: reason} if verb in MOVE_FIELDS else {}
    try:
        if verb == "extend_clock":
            extend_clock(authorization=authorization, by=person, reason=reason)
        elif verb == DEEM_APPROVED:
            deem_approved(authorization=authorization, by=person, reason=reason)
        else:
            with transaction.atomic():
                move_and_judge(
                    authorization=authorization,
                    verb=verb,
                    by=person,
                    reason=reason,
                    **changes,
                )
    except (IllegalMove, Refused) as refusal:
        return show_authorization(
            request, authorization, refusal=str(refusal), refused_verb=verb, typed=reason
        )
    messages.success(request, "Done.")
    return redirect("authorization_detail", pk=pk)


@permit(P.LOG_AUTHORIZATIONS)
def contact_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Log a call or message."""
    authorization = get_authorization_or_404(request, pk)
    may(request, authorization, P.LOG_AUTHORIZATIONS)
    form = ContactForm(request.POST or None)
    if request.method == "POST" and form.is_valid():

        def work() -> str:
            log_contact(authorization=authorization, by=request.user, **form.cleaned_data)
            return reverse("authorization_detail", args=[pk])

        do_once(request.POST.get("key", ""), request.user, work)
        messages.success(request, "The contact is logged.")
        return redirect("authorization_detail", pk=pk)
    context = {
        "authorization": authorization,
        "course": authorization.course,
        "form": form,
        "key": request.POST.get("key") or new_key(),
    }
    return render(request, "authorizations/prior_authorizations/contact_new.html", context)
