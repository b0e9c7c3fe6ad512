"""Batches: drawing released charges, and handing them to the biller as CSV."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.access_log import record_access
from accounts.downloads import asked_kind, table_file
from accounts.models import AccessEvent
from accounts.once import do_once, new_key
from accounts.permits import permit, require
from accounts.readers import read_row_number
from accounts.roles import Permission, has_permission
from accounts.scoping import facilities_of
from authorizations import files
from authorizations.actions.batches import (
    draw_batch,
    reopen_batch,
    successors_of,
    to_withdraw,
    waiting_batches,
    waiting_corrections,
)
from authorizations.batch_rows import batch_rows
from authorizations.claims import claims_of
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

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page, its list as a file, or the file of one of the tables above it."""
        if not (asked_kind(request) and "table" in request.GET):
            return super().get(request, *args, **kwargs)
        mine = Charge.objects.for_user(request.user)
        listed = files.of_waiting(waiting_batches(mine), waiting_corrections(mine))
        return table_file(request, listed, "batches")

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        context = super().get_context_data(**more)
        mine = Charge.objects.for_user(self.request.user)
        context["waiting"] = waiting_batches(mine)
        context["corrections"] = waiting_corrections(mine)
        context["key"] = new_key()
        context["may_draw"] = has_permission(self.request.user, P.REVIEW_CHARGES)
        return context


@require_POST
@permit(P.REVIEW_CHARGES)
def batch_draw(request: HttpRequest) -> HttpResponse:
    """Draw the released charges of one facility and payer into the next batch."""
    facility_id = read_row_number(request.POST.get("facility"))
    payer_id = read_row_number(request.POST.get("payer"))
    mine = facilities_of(request.user)
    if facility_id is None or payer_id is None:
        messages.error(request, "Choose what to draw: a facility and a payer.")
        return redirect("batch_list")
    facility = get_object_or_404(mine, pk=facility_id)
    require(request, P.REVIEW_CHARGES, facility=facility)
    payer = get_object_or_404(Payer, pk=payer_id)
    key = f"{facility_id}-{payer_id}"
    target, _ = do_once(
        form_key(request, key),
        request.user,
        lambda: number_of(draw_batch(facility=facility, payer=payer, by=request.user)),
    )
    return to_batch(request, target)


def form_key(request: HttpRequest, row: str) -> str:
    """The key of one button of a page that has many: its page's key and its row."""
    try:
        return str(uuid.uuid5(uuid.UUID(request.POST.get("key", "")), row))
    except ValueError:
        return ""


def number_of(batch: Batch | None) -> str:
    return str(batch.pk) if batch else ""


def to_batch(request: HttpRequest, pk: str) -> HttpResponse:
    """To the batch that was drawn, now or by the same button before."""
    if not pk:
        messages.info(request, "Nothing is left to draw: somebody was quicker.")
        return redirect("batch_list")
    batch = get_object_or_404(Batch, pk=int(pk), facility__in=facilities_of(request.user))
    messages.success(request, f"{batch} is drawn: {batch.units} units, ${batch.amount:,}.")
    return redirect("batch_detail", pk=batch.pk)


@require_POST
@permit(P.REVIEW_CHARGES)
def batch_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw the correction of a batch: void lines taken back, their successors sent."""
    batch = load(request, pk)
    require(request, P.REVIEW_CHARGES, facility=batch.facility)
    target, _ = do_once(
        form_key(request, f"reopen-{pk}"),
        request.user,
        lambda: number_of(reopen_batch(batch=batch, by=request.user)),
    )
    return to_batch(request, target)


def load(request: HttpRequest, pk: int) -> Batch:
    rows = Batch.objects.filter(facility__in=facilities_of(request.user))
    return get_object_or_404(
        rows.select_related("facility", "payer", "created_by", "reopens"), pk=pk
    )


@permit(P.REVIEW_CHARGES, P.READ_AUDIT)
def batch_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The charges of a batch, void ones marked."""
    batch = load(request, pk)
    charges = batch.charges.select_related("session__course__patient", "plan")
    withdrawals = batch.withdrawals.select_related("session__course__patient", "plan", "batch")
    if asked_kind(request):
        more = ("plan__payer", "facility", "batch")
        listed = (
            rows.select_related("session__course__patient", *more)
            for rows in (charges, withdrawals)
        )
        return table_file(request, files.of_batch(*listed), f"batch-{batch.number}")
    record_access(request, rows=len(charges))
    context = {
        "batch": batch,
        "charges": charges,
        "withdrawals": withdrawals,
        "corrections": batch.corrections.all(),
        "to_correct": to_withdraw(batch).count() + successors_of(batch).count(),
        "may_draw": has_permission(request.user, P.REVIEW_CHARGES, batch.facility),
        "key": new_key(),
        "tones": STATUS_TONES,
    }
    return render(request, "authorizations/batch_detail.html", context)


@permit(P.REVIEW_CHARGES, P.READ_AUDIT)
def batch_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """The batch as CSV, one row for each charge."""
    batch = load(request, pk)
    rows = batch_rows(batch)
    record_access(request, action=AccessEvent.Action.EXPORT, rows=len(rows))
    response = HttpResponse(write_rows(COLUMNS, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="batch-{batch.number}.csv"'
    return response


@permit(P.REVIEW_CHARGES, P.READ_AUDIT)
def batch_claims(request: HttpRequest, pk: int) -> HttpResponse:
    """How the lines will stand on claims: a preview for people, one claim per authorization."""
    batch = load(request, pk)
    claims = claims_of(batch)
    if asked_kind(request):
        return table_file(request, files.of_claims(claims), f"claims-{batch.number}")
    record_access(request, rows=len(claims))
    context = {"batch": batch, "claims": claims}
    return render(request, "authorizations/batch_claims.html", context)
