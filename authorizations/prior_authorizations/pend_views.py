"""Pended: recording what the payer asks for, and what was sent of it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.access_log import record_access
from accounts.permissions import permit, signed_in_person
from accounts.roles import Permission as P
from authorizations.models import AskedItem, PriorAuthorization
from authorizations.prior_authorizations.page import policy_of
from authorizations.prior_authorizations.pend_forms import PendForm, SentForm
from authorizations.prior_authorizations.pends import information_awaited, pend, send_information
from authorizations.prior_authorizations.views import get_authorization_or_404, may
from authorizations.web.attempts import is_done
from payers.clocks import Deadline, information_deadline

PAGES = "authorizations/prior_authorizations/"


@permit(P.LOG_AUTHORIZATIONS)
def authorization_pend(request: HttpRequest, pk: int) -> HttpResponse:
    """What the payer wants to see before it decides, and by when."""
    authorization = get_authorization_or_404(request, pk)
    may(request, authorization, P.LOG_AUTHORIZATIONS)
    closes = closes_on(authorization)
    form = PendForm(
        request.POST or None,
        usual=usually_wanted(authorization),
        initial={"due_on": closes.due_at.date() if closes else None},
    )
    if closes:
        form.fields["due_on"].help_text = f"If the payer names no day: {closes.source}."
    if request.method == "POST" and form.is_valid() and save_pend(request, authorization, form):
        messages.success(request, "Pended: information requested. The follow-up is set.")
        return redirect("authorization_detail", pk=pk)
    record_access(request, patient=authorization.course.patient)
    context = {"authorization": authorization, "course": authorization.course, "form": form}
    return render(request, f"{PAGES}authorization_pend.html", context)


def closes_on(authorization: PriorAuthorization) -> Deadline | None:
    """By when the payer may close the request, where that is published."""
    return information_deadline(
        payer=authorization.plan.payer.key,
        line_of_business=authorization.plan.line_of_business,
        asked_at=timezone.now(),
        time_zone=authorization.facility.time_zone,
    )


def usually_wanted(authorization: PriorAuthorization) -> list[str]:
    """What this payer's policy of guidance in this course names."""
    policy = policy_of(authorization)
    return list(policy.documents) if policy else []


def save_pend(request: HttpRequest, authorization: PriorAuthorization, form: PendForm) -> bool:
    """Whether it could be recorded; if not, the form says why."""
    given = form.cleaned_data
    return is_done(
        form,
        lambda: pend(
            authorization=authorization,
            by=signed_in_person(request),
            items=form.items(),
            due_on=given["due_on"],
            reason=given["reason"],
        ),
    )


@permit(P.LOG_AUTHORIZATIONS)
def authorization_send(request: HttpRequest, pk: int) -> HttpResponse:
    """What was sent of what the payer asks for: how, when, with what confirmation."""
    authorization = get_authorization_or_404(request, pk)
    may(request, authorization, P.LOG_AUTHORIZATIONS)
    asked = information_awaited(authorization)
    items = asked.items.filter(sent_at=None) if asked else AskedItem.objects.none()
    with timezone.override(authorization.facility.tz):
        now = timezone.localtime().replace(second=0, microsecond=0)
        form = SentForm(request.POST or None, items=items, initial={"received_on": now})
        if request.method == "POST" and form.is_valid() and save_sent(request, authorization, form):
            messages.success(request, "Recorded as sent.")
            return redirect("authorization_detail", pk=pk)
        record_access(request, patient=authorization.course.patient)
        context = {
            "authorization": authorization,
            "course": authorization.course,
            "form": form,
            "asked": asked,
        }
        return render(request, f"{PAGES}authorization_send.html", context)


def save_sent(request: HttpRequest, authorization: PriorAuthorization, form: SentForm) -> bool:
    """Whether it could be recorded; if not, the form says why."""
    given = form.cleaned_data
    return is_done(
        form,
        lambda: send_information(
            authorization=authorization,
            by=signed_in_person(request),
            items=[item.pk for item in given["items"]],
            channel=given["channel"],
            sent_at=given["received_on"],
            confirmation=given["confirmation"],
        ),
    )
