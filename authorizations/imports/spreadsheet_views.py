"""The front desk's spreadsheet: in with its columns matched and looked at, out as it came."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.access_log import record_access
from accounts.models import AccessEvent, User
from accounts.permissions import permit
from accounts.roles import Permission
from accounts.scoping import facilities_of
from authorizations.exchange.charges_csv import write_rows
from authorizations.exchange.column_matching import SHEET
from authorizations.exchange.row_reader import FileRefused
from authorizations.exchange.sheet_rows import our_rows
from authorizations.imports.department import DepartmentReport, Importer
from authorizations.imports.forms import SheetFile
from authorizations.imports.spreadsheet_asked import (
    AskedSheet,
    Files,
    NotStored,
    sheet_as_asked,
    with_changes,
)
from authorizations.imports.spreadsheet_export import sheet_rows
from authorizations.imports.spreadsheet_preview import preview_context, refused_file
from authorizations.imports.spreadsheet_saved import remember_match, saved_matches
from authorizations.imports.uploads import set_aside, uploaded_files

P = Permission


class LookedAt(Exception):
    """Ends the trial run: everything it wrote is taken back."""


@permit(P.LOG_AUTHORIZATIONS)
def authorization_import(request: HttpRequest) -> HttpResponse:
    """Choose the spreadsheet; a POST shows how its columns match and what each row would do."""
    form = SheetFile(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        files = [(upload.name, upload.read())]
        try:
            asked = sheet_as_asked(files, request.POST, saved_matches(cast(User, request.user)))
            ticket = set_aside(files, cast(User, request.user))
        except (FileRefused, NotStored) as refusal:
            form.add_error("file", str(refusal))
        else:
            return preview_spreadsheet(request, ticket, asked)
    return render(request, "authorizations/imports/authorization_import.html", {"form": form})


def preview_spreadsheet(request: HttpRequest, ticket: str, asked: AskedSheet) -> HttpResponse:
    """The matched columns, and every row's fate in a trial run that writes nothing."""
    report, refusal = None, ""
    try:
        report = trial(request, asked)
    except FileRefused as refused:
        refusal = str(refused)
    context = preview_context(asked, report) | {"ticket": ticket, "refusal": refusal}
    context["facilities"] = list(facilities_of(cast(User, request.user), P.LOG_AUTHORIZATIONS)[:20])
    return render(request, "authorizations/imports/authorization_import_preview.html", context)


def trial(request: HttpRequest, asked: AskedSheet) -> Any:
    """What the import would do; taken back at once."""
    report = None
    try:
        with transaction.atomic():
            report = import_spreadsheet(request, asked, is_trial=True)
            raise LookedAt
    except LookedAt:
        return report


def import_spreadsheet(
    request: HttpRequest, asked: AskedSheet, *, is_trial: bool = False
) -> DepartmentReport:
    mine = facilities_of(cast(User, request.user), P.LOG_AUTHORIZATIONS)
    codes = set(mine.values_list("code", flat=True))
    importer = Importer(cast(User, request.user), allowed=codes, is_trial=is_trial)
    return importer.run_sheet(SHEET, our_rows(asked.table, asked.reading))


@require_POST
@permit(P.LOG_AUTHORIZATIONS)
def authorization_import_apply(request: HttpRequest) -> HttpResponse:
    """Look again with other columns or mended cells, take the refused rows, or write."""
    ticket = request.POST.get("ticket", "")
    files = uploaded_files(ticket, cast(User, request.user))
    if not files:
        messages.error(request, "The preview is too old. Choose the file again.")
        return redirect("authorization_import")
    try:
        asked = sheet_as_asked(files, request.POST, saved_matches(cast(User, request.user)))
        if asked.is_changed:
            ticket = set_aside(with_changes(files, asked.changes), cast(User, request.user))
        if "refused" in request.POST:
            return refused_rows(request, asked)
        if "look" in request.POST or "write" not in request.POST:
            return preview_spreadsheet(request, ticket, asked)
        return write_spreadsheet(request, ticket, files, asked)
    except (FileRefused, NotStored) as refusal:
        messages.error(request, str(refusal))
        return redirect("authorization_import")


def refused_rows(request: HttpRequest, asked: AskedSheet) -> HttpResponse:
    """The refused rows as a file with their reasons, to be mended and sent again."""
    content = refused_file(asked, trial(request, asked))
    record_access(request, action=AccessEvent.Action.EXPORT, rows=content.count(b"\n") - 1)
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="refused-rows.csv"'
    return response


def write_spreadsheet(
    request: HttpRequest, ticket: str, files: Files, asked: AskedSheet
) -> HttpResponse:
    """Write the good rows. The refused ones stay on the page, where they can be mended."""
    with transaction.atomic():
        report = import_spreadsheet(request, asked)
        remember_match(cast(User, request.user), request.POST.get("remember", ""), asked)
    added, same = sum(report.added.values()), sum(report.unchanged.values())
    updated, repeated = sum(report.updated.values()), sum(report.repeated.values())
    more = f"{updated} brought the payer's answer, " if updated else ""
    more += f"{repeated} repeated, " if repeated else ""
    tell = messages.warning if report.refused else messages.success
    rows = "row" if added == 1 else "rows"
    tell(request, f"{added} {rows} added, {more}{same} were there, {len(report.refused)} refused.")
    if report.refused:
        return preview_spreadsheet(request, ticket, asked)
    return redirect("authorization_list")


@permit(P.LOG_AUTHORIZATIONS)
def authorization_export(request: HttpRequest) -> HttpResponse:
    """The requests of one's facilities as the spreadsheet has them."""
    rows = list(sheet_rows(cast(User, request.user)))
    record_access(request, action=AccessEvent.Action.EXPORT, rows=len(rows))
    response = HttpResponse(write_rows(SHEET.columns, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="authorizations.csv"'
    return response
