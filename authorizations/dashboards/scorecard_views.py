"""A payer's scorecard."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.exports.response import asked_kind, table_file
from accounts.permissions import permit
from accounts.roles import Permission, is_permitted_somewhere
from authorizations.dashboards import scorecard_page
from authorizations.dashboards.exports import of_scorecard
from authorizations.dashboards.views import asked_period, check_filter, show_filter_alone
from payers.models import Payer


@permit(Permission.READ_DASHBOARD)
def payer_scorecard(request: HttpRequest, key: str) -> HttpResponse:
    """How a payer keeps its clock, what it cuts and delays, beside what it publishes."""
    payer = get_object_or_404(Payer, key=key)
    form, period = asked_period(request)
    if form.errors and not asked_kind(request):
        return show_filter_alone(request, form, f"Scorecard: {payer}", "scorecard")
    check_filter(form)
    shown = scorecard_page.scorecard_context(payer, period)
    if asked_kind(request):
        return table_file(request, of_scorecard(shown), payer.key)
    context = {
        "form": form,
        "may_enter": is_permitted_somewhere(request.user, Permission.ENTER_METRICS),
        **shown,
    }
    return render(request, "authorizations/dashboards/payer_scorecard.html", context)
