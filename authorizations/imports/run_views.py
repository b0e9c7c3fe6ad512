"""What became of a file, what waits to be judged, and what a person must decide."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.access_log import record_access
from accounts.exports.response import asked_kind, table_file
from accounts.permissions import permit, require
from accounts.roles import Permission
from accounts.scoping import facilities_of
from authorizations.exceptions import NotRecorded
from authorizations.imports import exports
from authorizations.imports.column_mapping_forms import ConflictForm
from authorizations.imports.conflict_page import conflict_rows, conflict_table
from authorizations.imports.conflicts import keep_ours, place_of_decision, take_over
from authorizations.imports.judge_touched import judge_waiting
from authorizations.models import Course, ImportedRow, ImportRun, TreatmentRecord, WaitingJudgement

P = Permission
CONFLICTS = (P.IMPORT, P.REVIEW_CHARGES)
DECIDES = (P.RECORD_SESSIONS, P.OVERRIDE, P.IMPORT)
NOT_RECORDED = (ImportedRow.Outcome.REFUSED, ImportedRow.Outcome.PASSED)
JUDGED_AT_ONCE = 50
SHOWN_AT_MOST = 500
MOST_CONFLICTS = 100


@permit(P.IMPORT)
def import_run_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of each line of a file: recorded, seen again, or refused with its reason."""
    runs = ImportRun.objects.for_user(request.user, P.IMPORT).select_related("started_by")
    run = get_object_or_404(runs, pk=pk)
    mine = set(facilities_of(request.user, P.IMPORT).values_list("pk", flat=True))
    if asked_kind(request):
        listed = exports.import_line_tables(*shown_lines(request, run, mine))
        return table_file(request, listed, f"import-{run.pk}")
    rows = list(run.rows.select_related("session"))
    refused = [row for row in rows if row.outcome in NOT_RECORDED]
    if run.started_by_id != request.user.pk:
        refused = []
    kept = [row for row in rows if row.session_id and row.session.facility_id in mine]
    record_access(request, rows=len(kept))
    context = {
        "run": run,
        "refused": refused[:SHOWN_AT_MOST],
        "refused_count": len(refused),
        "kept": kept[:SHOWN_AT_MOST],
        "kept_count": len(kept),
        "total": len(kept) + len(refused),
        "waiting": WaitingJudgement.objects.filter(course__facility__in=mine).count(),
    }
    return render(request, "authorizations/imports/import_run_detail.html", context)


def shown_lines(request: HttpRequest, run: ImportRun, mine: set[int]) -> tuple[QuerySet, QuerySet]:
    """Lines refused, for whoever sent the file; lines kept, of one's own facilities."""
    refused = run.rows.filter(outcome__in=NOT_RECORDED)
    if run.started_by_id != request.user.pk:
        refused = refused.none()
    return refused, run.rows.filter(session__facility__in=mine)


@require_POST
@permit(P.IMPORT)
def import_run_judge(request: HttpRequest, pk: int) -> HttpResponse:
    """Judge the next of the courses that a large import left waiting."""
    run = get_object_or_404(ImportRun.objects.for_user(request.user, P.IMPORT), pk=pk)
    mine = Course.objects.for_user(request.user, P.IMPORT)
    left = judge_waiting(by=request.user, most=JUDGED_AT_ONCE, among=mine)
    messages.success(request, f"{left} courses still wait." if left else "All are judged.")
    return redirect("import_run_detail", pk=run.pk)


@permit(*CONFLICTS)
def conflict_list(request: HttpRequest) -> HttpResponse:
    """Where the record-and-verify system sent what may not be changed silently."""
    rows = TreatmentRecord.objects.conflicts().for_user(request.user, *CONFLICTS)
    shown = rows.select_related(
        "facility",
        "course__patient",
        "course__facility",
        "session__facility",
        "session__therapist",
        "sent_by",
    ).order_by("said_at", "pk")
    if asked_kind(request):
        return table_file(request, conflict_table(shown))
    context = {
        "rows": conflict_rows(shown[:MOST_CONFLICTS], request.user),
        "count": rows.count(),
    }
    record_access(request, rows=len(context["rows"]))
    return render(request, "authorizations/imports/conflict_list.html", context)


@require_POST
@permit(*DECIDES)
def conflict_resolve(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what is recorded, or take over what the system sent; with a reason."""
    mine = TreatmentRecord.objects.for_user(request.user, *CONFLICTS)
    record = get_object_or_404(mine, pk=pk)
    require(request, *DECIDES, facility=place_of_decision(record))
    form = ConflictForm(request.POST)
    if not form.is_valid():
        messages.error(request, f"Record {record.record}: say why, and choose one of the two.")
        return redirect("conflict_list")
    decide = take_over if form.cleaned_data["decision"] == "take" else keep_ours
    try:
        decide(record=record, by=request.user, reason=form.cleaned_data["reason"])
    except NotRecorded as refusal:
        messages.error(request, f"Record {record.record}: {refusal}")
    else:
        messages.success(request, f"Record {record.record} is decided.")
    return redirect("conflict_list")
