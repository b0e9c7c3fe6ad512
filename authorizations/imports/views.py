"""Importing the day from record and verify: choose, look, write."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.access_log import record_access
from accounts.exports.response import asked_kind, table_file
from accounts.permissions import permit
from accounts.roles import Permission
from accounts.scoping import facilities_of
from authorizations.exchange.row_reader import FileRefused
from authorizations.imports import exports
from authorizations.imports.actions import NotWhole, import_treatments, plan_import
from authorizations.imports.file_reader import FileReader, NotMatched
from authorizations.imports.forms import TreatmentFiles
from authorizations.imports.judge_touched import go_on_judging, waiting_courses
from authorizations.imports.uploads import set_aside, uploaded_files
from authorizations.models import ColumnMapping, Course, ImportedRow, ImportRun, TreatmentRecord
from authorizations.web.file_store import NotStored

P = Permission
CONFLICTS = (P.IMPORT, P.REVIEW_CHARGES)
RECENT = 20
SHOWN_AT_MOST = 500
Files = list[tuple[str, bytes]]


@permit(P.IMPORT)
def treatment_import(request: HttpRequest) -> HttpResponse:
    """Choose files; a POST shows what each line would do, and writes nothing."""
    form = TreatmentFiles(
        request.POST or None, request.FILES or None, mapped=saved_mappings(request)
    )
    if request.method == "POST" and form.is_valid():
        files = [(upload.name, upload.read()) for upload in form.cleaned_data["files"]]
        facility = form.cleaned_data["facility"]
        try:
            return look_at(request, files, facility)
        except (FileRefused, NotStored) as refusal:
            form.add_error("files", str(refusal))
    if request.method == "GET" and asked_kind(request):
        return table_file(request, exports.column_mapping_tables(saved_mappings(request)), "import")
    context = {
        "form": form,
        "runs": ImportRun.objects.filter(started_by=request.user)[:RECENT],
        "conflicts": TreatmentRecord.objects.conflicts().for_user(request.user, *CONFLICTS).count(),
        "mappings": saved_mappings(request),
    }
    return render(request, "authorizations/imports/treatment_import.html", context)


def look_at(request: HttpRequest, files: Files, facility: str) -> HttpResponse:
    """The preview, or the question which headings are meant. Raises FileRefused and NotStored."""
    try:
        return preview_import(request, files, facility)
    except NotMatched:
        return ask_columns(request, files)


def ask_columns(request: HttpRequest, files: Files) -> HttpResponse:
    """The headings are new: which of them is which of our columns?"""
    from authorizations.imports.column_mapping_views import match_page

    return match_page(request, set_aside(files, request.user))


def preview_import(
    request: HttpRequest, files: Files, facility: str = "", ticket: str = ""
) -> HttpResponse:
    """What each line would do. Raises FileRefused."""
    codes = my_codes(request)
    reader = FileReader(codes, facility)
    plan = plan_import((content for _, content in files), allowed=codes, reader=reader)
    names = [files[position][0] for position in plan.positions]
    lines = [(names[row.file], row) for row in plan.rows]
    quiet = (ImportedRow.Outcome.RECORDED, ImportedRow.Outcome.REPEATED)
    told = [(name, row) for name, row in lines if row.outcome not in quiet or row.sentence]
    context = {
        "plan": plan,
        "told": told[:SHOWN_AT_MOST],
        "lines": lines[:SHOWN_AT_MOST],
        "more": max(len(lines) - SHOWN_AT_MOST, 0),
        "facility": facility,
        "ticket": ticket or set_aside(files, request.user),
    }
    record_access(request, rows=len(lines))
    return render(request, "authorizations/imports/treatment_import_preview.html", context)


def my_codes(request: HttpRequest) -> set[str]:
    """The facilities for which this person imports."""
    return set(facilities_of(request.user, P.IMPORT).values_list("code", flat=True))


def saved_mappings(request: HttpRequest) -> list[ColumnMapping]:
    """The saved mappings of those facilities."""
    rows = ColumnMapping.objects.filter(facility__code__in=my_codes(request))
    return list(rows.select_related("facility", "saved_by").order_by("facility__code"))


@require_POST
@permit(P.IMPORT)
def treatment_import_apply(request: HttpRequest) -> HttpResponse:
    """Write the files that were looked at: the good rows, or all or none."""
    files = uploaded_files(request.POST.get("ticket", ""), request.user)
    if not files:
        messages.error(request, "The preview is too old. Choose the files again.")
        return redirect("treatment_import")
    try:
        plan = import_treatments(
            [content for _, content in files],
            by=request.user,
            allowed=my_codes(request),
            facility=request.POST.get("facility", ""),
            is_whole=request.POST.get("wish") == "whole",
        )
    except (NotWhole, FileRefused) as refusal:
        messages.error(request, str(refusal))
        return redirect("treatment_import")
    tell = messages.warning if plan.refused else messages.success
    tell(request, f"{plan.summary.capitalize()}.")
    if not plan.runs:
        messages.info(request, "These files had been read before: nothing changed.")
        return redirect("treatment_import")
    mine = Course.objects.for_user(request.user, P.IMPORT)
    if waiting_courses(mine).exists():
        go_on_judging.enqueue()
    return redirect("import_run_detail", pk=plan.runs[0].pk)
