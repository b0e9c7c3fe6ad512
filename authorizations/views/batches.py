"""Batches: drawing released charges, and handing them to the biller as CSV."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.access_log import record_access
from accounts.models import AccessEvent
from accounts.permits import permit, require
from accounts.roles import Permission, has_permission
from accounts.scoping import facilities_of
from authorizations.actions.batches import draw_batch, waiting_batches
from authorizations.batch_rows import batch_rows
from authorizations.exchange.charges_csv import COLUMNS, write_rows
from authorizations.models import Batch, Charge
from authorizations.standing import STATUS_TONES
from authorizations.tables import BatchTable
from authorizations.views.lists import ListPage
from payers.models import Payer

P = Permission


class BatchList(ListPage):
    """All batches of the person's facilities, and what waits to be drawn."""

    model = Batch
    table_class = BatchTable
    filterset_fields: tuple[str, ...] = ()
    template_name = "authorizations/batch_list.html"
    permissions = (P.REVIEW_CHARGES, P.READ_AUDIT)
    shows_patients = False

    def get_queryset(self):
        rows = Batch.objects.filter(facility__in=facilities_of(self.request.user))
        return rows.select_related("facility", "payer", "created_by")

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        context = super().get_context_data(**more)
        context["waiting"] = waiting_batches(Charge.objects.for_user(self.request.user))
        context["may_draw"] = has_permission(self.request.user, P.REVIEW_CHARGES)
        return context


@require_POST
@permit(P.REVIEW_CHARGES)
def batch_draw(request: HttpRequest) -> HttpResponse:
    """Draw the released charges of one facility and payer into the next batch."""
    facility_id, payer_id = request.POST.get("facility", ""), request.POST.get("payer", "")
    mine = facilities_of(request.user)
    if not (facility_id.isdigit() and payer_id.isdigit()):
        messages.error(request, "Choose what to draw: a facility and a payer.")
        return redirect("batch_list")
    facility = get_object_or_404(mine, pk=facility_id)
    require(request, P.REVIEW_CHARGES, facility=facility)
    payer = get_object_or_404(Payer, pk=payer_id)
    batch = draw_batch(facility=facility, payer=payer, by=request.user)
    if batch is None:
        messages.info(request, "Nothing is left to draw: somebody was quicker.")
        return redirect("batch_list")
    messages.success(request, f"{batch} is drawn: {batch.units} units, ${batch.amount}.")
    return redirect("batch_detail", pk=batch.pk)


def load(request: HttpRequest, pk: int) -> Batch:
    rows = Batch.objects.filter(facility__in=facilities_of(request.user))
    return get_object_or_404(rows.select_related("facility", "payer", "created_by"), pk=pk)


@permit(P.REVIEW_CHARGES, P.READ_AUDIT)
def batch_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The charges of a batch, void ones marked."""
    batch = load(request, pk)
    charges = batch.charges.select_related("session__course__patient", "plan")
    record_access(request, rows=len(charges))
    context = {"batch": batch, "charges": charges, "tones": STATUS_TONES}
    return render(request, "authorizations/batch_detail.html", context)


@permit(P.REVIEW_CHARGES, P.READ_AUDIT)
def batch_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """The batch as CSV, one row for each charge."""
    batch = load(request, pk)
    rows = list(batch_rows(batch))
    record_access(request, action=AccessEvent.Action.EXPORT, rows=len(rows))
    response = HttpResponse(write_rows(COLUMNS, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="batch-{batch.number}.csv"'
    return response
