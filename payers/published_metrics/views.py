"""What payers publish about themselves: the list, and the form that adds to it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.exports.response import asked_kind, table_file
from accounts.permissions import permit
from accounts.roles import Permission
from payers.exports import PUBLISHED
from payers.models import Payer
from payers.published import PublishedMetric
from payers.published_metrics.actions import enter_metrics
from payers.published_metrics.forms import PublishedReport


@permit(Permission.ENTER_METRICS)
def payer_metrics(request: HttpRequest, key: str) -> HttpResponse:
    """Type in a payer's yearly report; what is already there stands below."""
    payer = get_object_or_404(Payer, key=key)
    form = PublishedReport(request.POST or None)
    if request.method == "POST" and form.is_valid():
        whose = ("line_of_business", "year", "contract", "source_url")
        given = {name: form.cleaned_data[name] for name in whose}
        rows = enter_metrics(payer=payer, values=form.values, by=request.user, **given)
        messages.success(request, f"{len(rows)} published figures of {given['year']} are kept.")
        return redirect("payer_metrics", payer.key)
    metrics = published_by(payer)
    if asked_kind(request):
        return table_file(request, {"published": (PUBLISHED, metrics)}, payer.key)
    context = {"payer": payer, "form": form, "metrics": metrics}
    return render(request, "payers/payer_metrics.html", context)


def published_by(payer: Payer) -> list[PublishedMetric]:
    """What a payer has published, the latest year first."""
    rows = PublishedMetric.objects.filter(payer=payer).select_related("entered_by")
    return list(rows.order_by("-year", "line_of_business", "contract", "metric"))
