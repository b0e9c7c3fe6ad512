"""Facts that change after review: runs with their progress, and released charges marked by them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.access_log import record_access
from accounts.exports.response import asked_kind, table_file
from accounts.permissions import permit
from accounts.roles import Permission
from accounts.scoping import places_of
from authorizations.models import ChangedVerdict, RejudgeRun
from authorizations.verdicts import exports

P = Permission
MOST_RUNS = 50
KEEPERS = (P.REVIEW_CHARGES, P.READ_AUDIT, P.KEEP_BOOKS)


@permit(*KEEPERS)
def rejudge_run_list(request: HttpRequest) -> HttpResponse:
    """The latest runs: why, how far, what came of each."""
    runs = RejudgeRun.objects.for_user(request.user, *KEEPERS).select_related("started_by")
    if asked_kind(request):
        return table_file(request, exports.rejudge_run_tables(runs), "judging-again")
    return render(
        request, "authorizations/verdicts/rejudge_run_list.html", {"runs": runs[:MOST_RUNS]}
    )


@permit(*KEEPERS)
def rejudge_run_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a run is. It is looked at again by opening the page again."""
    runs = RejudgeRun.objects.for_user(request.user, *KEEPERS)
    run = get_object_or_404(runs.select_related("started_by"), pk=pk)
    context = {"run": run, "left": run.total - run.done}
    return render(request, "authorizations/verdicts/rejudge_run_detail.html", context)


@permit(P.REVIEW_CHARGES, P.READ_AUDIT)
def changed_list(request: HttpRequest) -> HttpResponse:
    """Released charges that would now be judged differently: what was said, what would be, why."""
    rows = ChangedVerdict.objects.open().for_user(request.user, P.REVIEW_CHARGES, P.READ_AUDIT)
    rows = rows.select_related("charge__session__course__patient", "charge__batch")
    if asked_kind(request):
        return table_file(request, exports.changed_verdict_tables(rows), "charges")
    record_access(request, rows=len(rows))
    context = {"rows": rows, "decides_at": places_of(request.user, P.REVIEW_CHARGES)}
    return render(request, "authorizations/verdicts/changed_list.html", context)
