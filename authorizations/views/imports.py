"""Importing the day from record and verify: choose, look, write."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.access_log import record_access
from accounts.permits import permit
from accounts.roles import Permission, has_permission
from accounts.scoping import facilities_of
from authorizations.actions.treatments import apply_import, plan_import
from authorizations.actions.uploads import set_aside, take_back
from authorizations.exchange.reading import FileRefused
from authorizations.forms.imports import TreatmentFiles
from authorizations.models import ImportedRow, ImportRun

P = Permission
RECENT = 20


@permit(P.IMPORT)
def treatment_import(request: HttpRequest) -> HttpResponse:
    """Choose files; a POST shows what each line would do, and writes nothing."""
    form = TreatmentFiles(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        contents = [(upload.name, upload.read()) for upload in form.cleaned_data["files"]]
        try:
            plan = plan_import((content for _, content in contents), allowed=my_codes(request))
        except FileRefused as refusal:
            form.add_error("files", str(refusal))
        else:
            names = [contents[position][0] for position in plan.positions]
            context = {
                "plan": plan,
                "names": names,
                "refused": [(names[row.file], row) for row in plan.refused],
                "ticket": set_aside(contents, request.user),
            }
            return render(request, "authorizations/treatment_import_preview.html", context)
    runs = ImportRun.objects.filter(started_by=request.user)[:RECENT]
    context = {"form": form, "runs": runs}
    return render(request, "authorizations/treatment_import.html", context)


def my_codes(request: HttpRequest) -> set[str]:
    """The facilities for which this person imports."""
    mine = facilities_of(request.user)
    return {f.code for f in mine if has_permission(request.user, P.IMPORT, f)}


@require_POST
@permit(P.IMPORT)
def treatment_import_apply(request: HttpRequest) -> HttpResponse:
    """Write the good rows of the files that were looked at."""
    contents = take_back(request.POST.get("ticket", ""), request.user)
    if not contents:
        messages.error(request, "The preview is too old. Choose the files again.")
        return redirect("treatment_import")
    plan = plan_import((content for _, content in contents), allowed=my_codes(request))
    runs = apply_import(plan, by=request.user)
    refused = len(plan.refused)
    messages.success(
        request,
        f"{plan.recorded} sessions recorded, {plan.repeated} seen again, {refused} refused.",
    )
    if not runs:
        messages.info(request, "These files had been read before: nothing changed.")
        return redirect("treatment_import")
    return redirect("import_run_detail", pk=runs[0].pk)


@permit(P.IMPORT)
def import_run_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of each line of a file: kept, seen again, or refused with its reason."""
    run = get_object_or_404(ImportRun.objects.select_related("started_by"), pk=pk)
    mine = facilities_of(request.user)
    rows = list(run.rows.select_related("session"))
    refused = [row for row in rows if row.outcome == ImportedRow.Outcome.REFUSED]
    if run.started_by_id != request.user.pk:
        refused = []
    kept = [r for r in rows if r.session_id and r.session.facility_id in {f.pk for f in mine}]
    record_access(request, rows=len(kept))
    context = {"run": run, "refused": refused, "kept": kept, "total": len(rows)}
    return render(request, "authorizations/import_run_detail.html", context)
