"""A release of many charges that the worker does: how far it is, then what became of each."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from accounts.access_log import record_access
from accounts.permissions import permit, signed_in_person
from accounts.roles import Permission
from authorizations.charges.bulk import ChargeResult
from authorizations.models import Charge, ReleaseRun

P = Permission


@permit(P.REVIEW_CHARGES)
def release_run_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is while it runs; at its end the page that a short release answers with."""
    runs = ReleaseRun.objects.for_user(signed_in_person(request), P.REVIEW_CHARGES)
    run = get_object_or_404(runs.select_related("asked_by"), pk=pk)
    if run.finished_at is None:
        context = {"run": run, "left": run.total - run.done}
        return render(request, "authorizations/charges/release_run_detail.html", context)
    results = results_of(run, request)
    record_access(request, rows=len(results))
    done = [row for row in results if row.is_done]
    context = {
        "is_release": True,
        "label": "Release",
        "done": done,
        "dollars": sum(row.charge.amount or 0 for row in done),
        "units": sum(row.charge.units for row in done),
        "kept": [row for row in results if not row.is_done],
        "back": reverse("charge_list"),
    }
    return render(request, "authorizations/charges/charge_release_many.html", context)


def results_of(run: ReleaseRun, request: HttpRequest) -> list[ChargeResult]:
    """The answers about charges that this person may see."""
    mine = Charge.objects.for_user(signed_in_person(request), P.REVIEW_CHARGES)
    rows = run.answers.filter(charge__in=mine).select_related(
        "charge__session__course__patient", "charge__plan"
    )
    return [ChargeResult(row.charge, row.is_done, row.sentence) for row in rows]
