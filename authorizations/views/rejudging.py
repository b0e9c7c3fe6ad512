"""Facts that change after review: runs with their progress, and released charges marked by them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.access_log import record_access
from accounts.downloads import asked_kind, table_file
from accounts.permits import permit
from accounts.roles import Permission, has_permission
from authorizations import files
from authorizations.models import ChangedVerdict, RejudgeRun

P = Permission
MOST_RUNS = 50
KEEPERS = (P.REVIEW_CHARGES, P.READ_AUDIT, P.KEEP_BOOKS)


@permit(*KEEPERS)
def rejudge_run_list(request: HttpRequest) -> HttpResponse:
    """The latest runs: why, how far, what came of each."""
    runs = RejudgeRun.objects.select_related("started_by")
    if asked_kind(request):
        return table_file(request, files.of_runs(runs), "judging-again")
    return render(request, "authorizations/rejudge_run_list.html", {"runs": runs[:MOST_RUNS]})


@permit(*KEEPERS)
def rejudge_run_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a run is. It is looked at again by opening the page again."""
    run = get_object_or_404(RejudgeRun.objects.select_related("started_by"), pk=pk)
    context = {"run": run, "left": run.total - run.done}
    return render(request, "authorizations/rejudge_run_detail.html", context)


@permit(P.REVIEW_CHARGES, P.READ_AUDIT)
def changed_list(request: HttpRequest) -> HttpResponse:
    """Released charges that would now be judged differently: what was said, what would be, why."""
    rows = ChangedVerdict.objects.open().for_user(request.user)
    rows = rows.select_related("charge__session__course__patient", "charge__batch")
    if asked_kind(request):
        return table_file(request, files.of_changed(rows), "charges")
    record_access(request, rows=len(rows))
    may_decide = has_permission(request.user, P.REVIEW_CHARGES)
    context = {"rows": rows, "may_decide": may_decide}
    return render(request, "authorizations/changed_list.html", context)
