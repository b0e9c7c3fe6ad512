"""Putting a recorded session right, with the reason."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.access_log import record_access
from accounts.permissions import permit, require
from accounts.roles import Permission
from authorizations.exceptions import NotRecorded
from authorizations.models import GuidanceSession
from authorizations.treatments.correction_forms import SessionCorrectionForm, recorded_values
from authorizations.treatments.corrections import correct_session
from authorizations.treatments.day_sheet_views import load_session


@permit(Permission.RECORD_SESSIONS)
def session_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """The recorded values in a form; the old ones are kept beside what is saved."""
    session = load_session(request, pk)
    require(request, Permission.RECORD_SESSIONS, facility=session.facility)
    form = SessionCorrectionForm(
        request.POST or None, session=session, initial=recorded_values(session)
    )
    if request.method == "POST" and form.is_valid() and save_correction(request, session, form):
        return redirect("session_detail", pk=session.pk)
    record_access(request, patient=session.course.patient)
    context = {"session": session, "course": session.course, "form": form}
    return render(request, "authorizations/treatments/session_correct.html", context)


def save_correction(
    request: HttpRequest, session: GuidanceSession, form: SessionCorrectionForm
) -> bool:
    """Whether it could be corrected; if not, the form says why."""
    reason = form.cleaned_data["reason"]
    try:
        correct_session(session=session, by=request.user, reason=reason, **form.facts())
    except NotRecorded as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, "Corrected. The old values stay in the history.")
    return True
