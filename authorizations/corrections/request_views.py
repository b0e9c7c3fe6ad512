"""Correcting a request before the payer decides it: its form, and what others changed meanwhile."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.access_log import record_access
from accounts.past import clock
from accounts.permissions import permit, signed_in_person
from accounts.roles import Permission
from accounts.row_history import changes_of
from authorizations.corrections.requests import (
    FIELDS,
    correct_request,
    request_in_words,
    why_not_corrected,
)
from authorizations.exceptions import Refused
from authorizations.models import (
    AuthorizationStatus,
    CorrectedRecord,
    PriorAuthorization,
    RecordCorrection,
)
from authorizations.prior_authorizations.actions import same_request
from authorizations.prior_authorizations.forms import NewRequest, RequestLines
from authorizations.prior_authorizations.views import get_authorization_or_404, may
from payers.clocks.plan_notes import notes_on_plans

SALT = "authorizations.corrections.request"


class RequestCorrection(NewRequest):
    """What was asked, as it should have been; what others changed meanwhile is shown first."""

    data: Any
    fields: Any

    reason = forms.CharField(
        max_length=200,
        label="What was wrong",
        help_text="It stands beside the correction.",
    )
    seen = forms.CharField(widget=forms.HiddenInput())

    def __init__(self, *args: Any, authorization: PriorAuthorization, **options: Any) -> None:
        super().__init__(*args, course=authorization.course, **options)
        self.authorization = authorization
        self.stored = request_in_words(authorization)
        self.initial["seen"] = signing.dumps(self.stored, salt=SALT)
        self.fields["supersedes"].queryset = authorization.course.authorizations.exclude(
            pk=authorization.pk
        )
        if authorization.status == AuthorizationStatus.DRAFT:
            self.fields["reason"].required = False
            self.fields["reason"].help_text = "Not needed while it is a draft."

    def clean_seen(self) -> dict[str, str]:
        try:
            seen: dict[str, str] = signing.loads(self.cleaned_data["seen"], salt=SALT)
        except signing.BadSignature:
            raise ValidationError("Open this page again: it was not made by this site.") from None
        return seen

    def clean(self) -> dict[str, Any]:
        """Name what somebody else changed since the page was opened; a second save goes through."""
        values = super().clean()
        seen = values.get("seen", self.stored)
        theirs = [name for name, words in self.stored.items() if seen.get(name) != words]
        if theirs:
            self.data = self.data.copy()
            self.data["seen"] = signing.dumps(self.stored, salt=SALT)
            last = changes_of(self.authorization)[:1]
            parts = "; ".join(
                f"{name}: {seen.get(name)} became {self.stored[name]}" for name in theirs
            )
            raise ValidationError(
                f"{last[0].by if last else 'Somebody'} changed this while you had it open. "
                f"{parts}. Nothing is saved yet: look at it, and save again."
            )
        return values


@permit(Permission.LOG_AUTHORIZATIONS)
def authorization_request_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """The lines, plan, type and urgency of a request that is not decided yet."""
    authorization = get_authorization_or_404(request, pk)
    may(request, authorization, Permission.LOG_AUTHORIZATIONS)
    form, lines = correction_forms(request, authorization)
    is_valid = request.method == "POST" and form.is_valid() & lines.is_valid()
    if is_valid and save_correction_of_request(request, authorization, form, lines):
        return redirect("authorization_detail", pk=pk)
    record_access(request, patient=authorization.course.patient)
    earlier = RecordCorrection.objects.filter(record=CorrectedRecord.REQUEST, row=pk)
    context = {
        "authorization": authorization,
        "course": authorization.course,
        "form": form,
        "lines": lines,
        "corrections": earlier.select_related("by").order_by("-at"),
        "plan_notes": notes_on_plans(form.offered_plans(), clock.today()),
        "refusal": why_not_corrected(authorization),
        "is_draft": authorization.status == AuthorizationStatus.DRAFT,
    }
    return render(request, "authorizations/corrections/request_correct.html", context)


def correction_forms(
    request: HttpRequest, authorization: PriorAuthorization
) -> tuple[RequestCorrection, Any]:
    """The two parts of the page, beginning with what is stored."""
    names = ("code", "modifier", "units_requested")
    asked = list(authorization.lines.values(*names))
    initial = {name: getattr(authorization, name) for name in FIELDS}
    twin = same_request(authorization.course, asked, authorization)
    form = RequestCorrection(
        request.POST or None,
        authorization=authorization,
        user=request.user,
        initial={**initial, "is_second_on_purpose": twin is not None},
    )
    lines = RequestLines(
        request.POST or None, prefix="line", initial=None if request.POST else asked
    )
    return form, lines


def save_correction_of_request(
    request: HttpRequest, authorization: PriorAuthorization, form: RequestCorrection, lines: Any
) -> bool:
    """Whether it could be corrected; if not, the form says why."""
    given = dict(form.cleaned_data)
    try:
        done = correct_request(
            authorization=authorization,
            values={name: given[name] for name in FIELDS},
            lines=lines.lines(),
            reason=given["reason"],
            by=signed_in_person(request),
            is_second_on_purpose=given["is_second_on_purpose"],
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    words = "Corrected: the clock and open charges follow. What it was stays in the history."
    messages.success(request, words if done else "Nothing differs: nothing was changed.")
    return True
