"""Known errors of payers: the register with what it concerns, and the list to work in bulk."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django_tables2 import RequestConfig

from accounts.access_log import record_access
from accounts.exports.response import asked_kind, table_file
from accounts.permissions import permit, signed_in_person
from authorizations.charges import exports
from authorizations.charges.known_errors import READERS, error_impacts, rows_of_error
from authorizations.charges.tables import ChargeTable
from authorizations.verdicts.status import STATUS_TONES, TONES
from authorizations.web.download_response import download
from payers.models import KnownPayerError


@permit(*READERS)
def known_error_list(request: HttpRequest) -> HttpResponseBase:
    """Which lines payers deny by mistake, by when they reprocess, and how many of ours it meets."""
    impacts = error_impacts(signed_in_person(request))
    if asked_kind(request):
        return table_file(request, exports.known_error_tables(impacts))
    context = {"impacts": impacts}
    return render(request, "authorizations/charges/known_error_list.html", context)


@permit(*READERS)
def known_error_detail(request: HttpRequest, error: int) -> HttpResponseBase:
    """The charges that one known error concerns, as a list and as a file for the payer."""
    known = get_object_or_404(KnownPayerError.objects.select_related("payer"), pk=error)
    rows = rows_of_error(known, signed_in_person(request))
    if asked_kind(request):
        return download(request, rows, ChargeTable, "known-payer-error")
    table = ChargeTable(rows)
    table.is_plain = table.is_downloadable = True
    table.tones, table.verdict_tones = STATUS_TONES, TONES
    RequestConfig(request, paginate={"per_page": 50}).configure(table)
    record_access(request, rows=len(table.page.object_list))
    context = {"error": known, "table": table}
    return render(request, "authorizations/charges/known_error_detail.html", context)
