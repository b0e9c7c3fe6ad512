"""The clinic's answers: charges a coder returned to a therapist or a physician."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.access_log import record_access
from accounts.exports.response import asked_kind, table_file
from accounts.permissions import permit, require
from accounts.roles import Permission, roles_anywhere, roles_of
from authorizations.charges import exports
from authorizations.charges.returns import answer_return
from authorizations.models import Charge
from authorizations.web.reason_form import Reason
from authorizations.workflow import IllegalMove

P = Permission
CLINIC = (P.RECORD_SESSIONS, P.REVIEW_IMAGES)
READERS = (*CLINIC, P.REVIEW_CHARGES, P.READ_AUDIT)
RELATED = (
    "session__course__patient",
    "session__facility",
    "returned_by",
    "facility",
    "plan__payer",
)


@permit(*READERS)
def return_list(request: HttpRequest, refused: Charge | None = None, **typed: str) -> HttpResponse:
    """What is out with the clinic: what is asked, since when, where it is mended."""
    rows = Charge.objects.for_user(request.user, *READERS).exclude(returned_to="")
    rows = list(rows.select_related(*RELATED).order_by("returned_at", "pk"))
    roles = roles_anywhere(request.user)
    for row in rows:
        row.is_mine = row.returned_to in roles_of(request.user, row.facility)
        row.is_refused = refused is not None and row.pk == refused.pk
    rows.sort(key=lambda row: not row.is_mine)
    if asked_kind(request):
        return table_file(request, exports.returned_charge_tables(rows), "charges")
    record_access(request, rows=len(rows))
    context = {"rows": rows, "is_clinic": bool(roles & {"therapist", "physician"}), **typed}
    return render(request, "authorizations/charges/return_list.html", context)


@require_POST
@permit(*CLINIC)
def return_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer in words what cannot be mended; the charge goes back to the coder."""
    mine = Charge.objects.for_user(request.user, *READERS)
    rows = mine.select_related("facility", "session__course")
    charge = get_object_or_404(rows, pk=pk)
    require(request, *CLINIC, facility=charge.facility)
    form = Reason(request.POST)
    if not form.is_valid():
        return return_list(request, charge, error="Say what you found or did.", typed="")
    try:
        answer_return(charge=charge, by=request.user, reason=form.cleaned_data["reason"])
    except IllegalMove as refusal:
        return return_list(request, charge, error=str(refusal), typed=form.cleaned_data["reason"])
    messages.success(request, "Answered: the charge is back with the coder.")
    return redirect("return_list")
