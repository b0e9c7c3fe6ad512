"""Taking back that a treatment was missed."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.access_log import record_access
from accounts.permissions import permit, require
from accounts.roles import Permission
from authorizations.models import MissedTreatment
from authorizations.treatments.missed import withdraw_missed


@require_POST
@permit(Permission.RECORD_SESSIONS)
def missed_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """The row of the day sheet opens again."""
    rows = MissedTreatment.objects.for_user(request.user, Permission.READ_CASES).select_related(
        "facility", "course"
    )
    missed = get_object_or_404(rows, pk=pk)
    require(request, Permission.RECORD_SESSIONS, facility=missed.facility)
    withdraw_missed(missed, by=request.user)
    record_access(request, patient=missed.course.patient)
    messages.success(request, "Taken back. The row can be filled in again.")
    asked = {"facility": missed.facility.code, "date": missed.date_of_service.isoformat()}
    return redirect(f"{reverse('day_sheet')}?{urlencode(asked)}")
