"""Batches: drawing released charges, and handing them to the biller as CSV."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.access_log import record_access
from accounts.exports.response import asked_kind, table_file
from accounts.form_keys import do_once, new_key
from accounts.models import AccessEvent
from accounts.permissions import permit, require
from accounts.readers import read_row_number
from accounts.roles import Permission, has_permission
from accounts.scoping import facilities_of, places_of
from authorizations.batches import exports
from authorizations.batches.actions import (
    charges_for,
    draw_batch,
    lines_to_correct,
    not_drawn,
    reopen_batch,
    successors_of,
    to_draw,
    waiting_batches,
    waiting_corrections,
    waiting_for_proof,
)
from authorizations.batches.claim_preview import claims_of, void_lines
from authorizations.batches.tables import BatchTable
from authorizations.models import Batch, Charge
from authorizations.verdicts.status import STATUS_TONES
from authorizations.web.list_view import ListPage
from payers.models import Payer

P = Permission
READERS = (P.REVIEW_CHARGES, P.READ_AUDIT)


class BatchList(ListPage):
    """All batches of the person's facilities, and what waits to be drawn."""

    model = Batch
    table_class = BatchTable
    filterset_fields: tuple[str, ...] = ()
    template_name = "authorizations/batches/batch_list.html"
    permissions = READERS
    shows_patients = False

    def get_queryset(self):
        rows = Batch.objects.filter(facility__in=facilities_of(self.request.user, *READERS))
        return rows.select_related("facility", "payer", "issuer", "created_by")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page, its list as a file, or the file of one of the tables above it."""
        if not (asked_kind(request) and "table" in request.GET):
            return super().get(request, *args, **kwargs)
        mine = Charge.objects.for_user(request.user, *READERS)
        listed = exports.waiting_batch_tables(waiting_batches(mine), waiting_corrections(mine))
        return table_file(request, listed, "batches")

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        context = super().get_context_data(**more)
        mine = Charge.objects.for_user(self.request.user, *READERS)
        context["waiting"] = waiting_batches(mine)
        context["corrections"] = waiting_corrections(mine)
        context["waiting_for_proof"] = waiting_for_proof(mine)
        context["key"] = new_key()
        context["draws_at"] = places_of(self.request.user, P.REVIEW_CHARGES)
        return context


@require_POST
@permit(P.REVIEW_CHARGES)
def batch_draw(request: HttpRequest) -> HttpResponse:
    """Draw the released charges of one facility and payer, or issuer, into the next batch."""
    facility_id = read_row_number(request.POST.get("facility"))
    payer_id = read_row_number(request.POST.get("payer"))
    issuer_id = read_row_number(request.POST.get("issuer"))
    mine = facilities_of(request.user, *READERS)
    if facility_id is None or payer_id is None:
        messages.error(request, "Choose what to draw: a facility and a payer.")
        return redirect("batch_list")
    facility = get_object_or_404(mine, pk=facility_id)
    require(request, P.REVIEW_CHARGES, facility=facility)
    payer = get_object_or_404(Payer, pk=payer_id)
    issuer = get_object_or_404(payer.issuers, pk=issuer_id) if issuer_id else None
    key = f"{facility_id}-{payer_id}-{issuer_id or 0}"
    target, _ = do_once(
        form_key(request, key),
        request.user,
        lambda: batch_number(
            draw_batch(facility=facility, payer=payer, issuer=issuer, by=request.user)
        ),
    )
    waiting = to_draw(charges_for(facility, payer, issuer))
    return to_batch(request, target, not_drawn(waiting))


def form_key(request: HttpRequest, row: str) -> str:
    """The key of one button of a page that has many: its page's key and its row."""
    try:
        return str(uuid.uuid5(uuid.UUID(request.POST.get("key", "")), row))
    except ValueError:
        return ""


def batch_number(batch: Batch | None) -> str:
    return str(batch.pk) if batch else ""


def to_batch(request: HttpRequest, pk: str, left: list[str]) -> HttpResponse:
    """To the batch that was drawn, now or by the same button before; what was left is named."""
    for why in left:
        messages.warning(request, f"Released and not drawn: {why}")
    if not pk and left:
        return redirect("batch_list")
    if not pk:
        messages.info(request, "Nothing is left to draw: somebody was quicker.")
        return redirect("batch_list")
    mine = facilities_of(request.user, P.REVIEW_CHARGES)
    batch = get_object_or_404(Batch, pk=int(pk), facility__in=mine)
    messages.success(request, f"{batch} is drawn: {batch.units} units, ${batch.amount:,}.")
    return redirect("batch_detail", pk=batch.pk)


@require_POST
@permit(P.REVIEW_CHARGES)
def batch_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw the correction of a batch: void lines taken back, their successors sent."""
    batch = get_batch_or_404(request, pk)
    require(request, P.REVIEW_CHARGES, facility=batch.facility)
    target, _ = do_once(
        form_key(request, f"reopen-{pk}"),
        request.user,
        lambda: batch_number(reopen_batch(batch=batch, by=request.user)),
    )
    return to_batch(request, target, not_drawn(successors_of(batch)))


def get_batch_or_404(request: HttpRequest, pk: int) -> Batch:
    rows = Batch.objects.filter(facility__in=facilities_of(request.user, *READERS))
    return get_object_or_404(
        rows.select_related("facility", "payer", "issuer", "created_by", "reopens"), pk=pk
    )


@permit(*READERS)
def batch_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The charges of a batch, void ones marked."""
    batch = get_batch_or_404(request, pk)
    charges = batch.charges.select_related("session__course__patient", "plan")
    withdrawals = batch.withdrawals.select_related("session__course__patient", "plan", "batch")
    if asked_kind(request):
        more = ("plan__payer", "plan__issuer", "facility", "batch")
        listed = (
            rows.select_related("session__course__patient", *more)
            for rows in (charges, withdrawals)
        )
        return table_file(request, exports.batch_tables(*listed), f"batch-{batch.number}")
    record_access(request, rows=len(charges))
    context = {
        "batch": batch,
        "charges": charges,
        "withdrawals": withdrawals,
        "corrections": batch.corrections.all(),
        "to_correct": len(lines_to_correct(batch)),
        "may_draw": has_permission(request.user, P.REVIEW_CHARGES, batch.facility),
        "key": new_key(),
        "tones": STATUS_TONES,
    }
    return render(request, "authorizations/batches/batch_detail.html", context)


@permit(*READERS)
def batch_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """The file of the batch, byte for byte as it was drawn."""
    batch = get_batch_or_404(request, pk)
    record_access(request, action=AccessEvent.Action.EXPORT, rows=len(batch.rows))
    response = HttpResponse(batch.file, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="batch-{batch.number}.csv"'
    return response


@permit(*READERS)
def batch_claims(request: HttpRequest, pk: int) -> HttpResponse:
    """How the lines will stand on claims: a preview for people, one claim per authorization."""
    batch = get_batch_or_404(request, pk)
    claims = claims_of(batch)
    if asked_kind(request):
        return table_file(request, exports.claim_tables(claims), f"claims-{batch.number}")
    record_access(request, rows=len(claims))
    gone = void_lines(batch)
    lost = sum((charge.amount or Decimal(0) for charge in gone), Decimal(0))
    context = {"batch": batch, "claims": claims, "void_lines": gone, "void_amount": lost}
    return render(request, "authorizations/batches/batch_claims.html", context)
