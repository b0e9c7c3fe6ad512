"""Peer-to-peer: arranging or moving the call, and recording what came of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.access_log import record_access
from accounts.models import Provider, ProviderRole
from accounts.past import clock
from accounts.permissions import permit, signed_in_person
from accounts.roles import Permission as P
from authorizations.models import CallOutcome, PriorAuthorization
from authorizations.prior_authorizations.forms import bare_helper
from authorizations.prior_authorizations.page import appeal_words, policy_of
from authorizations.prior_authorizations.peer_to_peers import (
    arrange_peer_to_peer,
    known_window,
    record_outcome,
    running_call,
    talking_points,
)
from authorizations.prior_authorizations.views import get_authorization_or_404, may
from authorizations.web.attempts import is_done
from authorizations.web.day_fields import DayField, MomentField
from payers.directory.lookup import DirectoryBook

PAGES = "authorizations/prior_authorizations/"


class PeerToPeerForm(forms.Form):
    """When, who calls, whom to dial, and what to say."""

    fields: Any

    scheduled_at = MomentField(label="Date and time", help_text="By the facility's time.")
    physician = forms.ModelChoiceField(Provider.objects.none(), label="Physician who calls")
    phone = forms.CharField(label="Number to dial", max_length=40)
    reviewer = forms.CharField(label="Reviewer", max_length=80, required=False)
    reference = forms.CharField(label="Case number", max_length=40, required=False)
    due_on = DayField(
        label="The payer hears it through",
        required=False,
        help_text="As the letter says, where no window of this payer is known.",
    )
    points = forms.CharField(
        label="Talking points", required=False, widget=forms.Textarea(attrs={"rows": 7})
    )

    def __init__(self, *args: Any, authorization: PriorAuthorization, **options: Any) -> None:
        super().__init__(*args, **options)
        role = ProviderRole.RADIATION_ONCOLOGIST
        self.fields["physician"].queryset = Provider.objects.filter(role=role, is_active=True)
        if known_window(authorization):
            del self.fields["due_on"]
        self.helper = bare_helper()


class OutcomeForm(forms.Form):
    """What the reviewer said."""

    outcome = forms.ChoiceField(choices=CallOutcome.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label="What was said",
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Units, dates and number, if they were named. The letter decides.",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.helper = bare_helper()


@permit(P.LOG_AUTHORIZATIONS, P.REVIEW_IMAGES)
def authorization_peer_to_peer(request: HttpRequest, pk: int) -> HttpResponse:
    """Arrange the call, or move it."""
    authorization = get_authorization_or_404(request, pk)
    may(request, authorization, P.LOG_AUTHORIZATIONS, P.REVIEW_IMAGES)
    with timezone.override(authorization.facility.tz):
        form = PeerToPeerForm(
            request.POST or None, authorization=authorization, initial=begins_with(authorization)
        )
        is_valid = request.method == "POST" and form.is_valid()
        if is_valid and is_recorded(form, arrange_peer_to_peer, authorization, request):
            messages.success(request, "Arranged: it is on the physician's Home.")
            return redirect("authorization_detail", pk=pk)
        return show_form(request, authorization, form, "authorization_peer_to_peer.html")


def begins_with(authorization: PriorAuthorization) -> dict[str, Any]:
    """What the form begins with: the call as it is arranged, or what the books know."""
    call, course = running_call(authorization), authorization.course
    if call:
        names = ("scheduled_at", "physician", "phone", "reviewer", "reference", "due_on", "points")
        return {name: getattr(call, name) for name in names}
    policy = policy_of(authorization)
    directory = DirectoryBook(clock.today()).whom_to_call(authorization.plan, policy)
    return {
        "physician": course.physician,
        "phone": directory.peer_to_peer_phone or directory.phone,
        "reference": authorization.reference,
        "points": talking_points(authorization, policy, appeal_words(authorization)),
    }


@permit(P.LOG_AUTHORIZATIONS, P.REVIEW_IMAGES)
def authorization_peer_to_peer_outcome(request: HttpRequest, pk: int) -> HttpResponse:
    """What came of the call, recorded by who made it."""
    authorization = get_authorization_or_404(request, pk)
    may(request, authorization, P.LOG_AUTHORIZATIONS, P.REVIEW_IMAGES)
    with timezone.override(authorization.facility.tz):
        form = OutcomeForm(request.POST or None)
        is_valid = request.method == "POST" and form.is_valid()
        if is_valid and is_recorded(form, record_outcome, authorization, request):
            messages.success(request, "Recorded. The letter decides.")
            return redirect("authorization_detail", pk=pk)
        return show_form(request, authorization, form, "peer_to_peer_outcome.html")


def is_recorded(
    form: forms.Form,
    action: Callable[..., Any],
    authorization: PriorAuthorization,
    request: HttpRequest,
) -> bool:
    """Whether what the form says could be recorded; if not, the form says why."""
    by = signed_in_person(request)
    return is_done(form, lambda: action(authorization=authorization, by=by, **form.cleaned_data))


def show_form(
    request: HttpRequest, authorization: PriorAuthorization, form: forms.Form, template: str
) -> HttpResponse:
    record_access(request, patient=authorization.course.patient)
    context = {
        "authorization": authorization,
        "course": authorization.course,
        "form": form,
        "call": running_call(authorization),
        "window": known_window(authorization),
    }
    return render(request, PAGES + template, context)
