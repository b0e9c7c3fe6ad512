"""The front desk's spreadsheet: in with its columns matched and looked at, out as it came."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.access_log import record_access
from accounts.models import AccessEvent
from accounts.permissions import permit
from accounts.roles import Permission
from accounts.scoping import facilities_of
from authorizations.exchange.charges_csv import write_rows
from authorizations.exchange.column_matching import (
    MAY_BE_MISSING,
    SHEET,
    as_our_csv,
    match_columns,
    read_cells,
)
from authorizations.exchange.row_reader import FileRefused
from authorizations.imports.department import Importer
from authorizations.imports.forms import SheetFile
from authorizations.imports.spreadsheet_export import sheet_rows
from authorizations.imports.uploads import set_aside, uploaded_files
from authorizations.web.file_store import NotStored

P = Permission


class LookedAt(Exception):
    """Ends the trial run: everything it wrote is taken back."""


@permit(P.LOG_AUTHORIZATIONS)
def authorization_import(request: HttpRequest) -> HttpResponse:
    """Choose the spreadsheet; a POST shows how its columns match and what each row would do."""
    form = SheetFile(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        content = upload.read()
        try:
            cells = read_cells(content, upload.name)
            if not cells:
                raise FileRefused("The file is empty. Its first line names the columns.")
            ticket = set_aside([(upload.name, content)], request.user)
        except (FileRefused, NotStored) as refusal:
            form.add_error("file", str(refusal))
        else:
            return preview_spreadsheet(request, ticket, cells, match_columns(cells[0]))
    return render(request, "authorizations/imports/authorization_import.html", {"form": form})


def preview_spreadsheet(
    request: HttpRequest, ticket: str, cells: list[list[str]], places: dict[str, int | None]
) -> HttpResponse:
    """The matched columns, and every row's fate in a trial run that writes nothing."""
    context: dict[str, Any] = {
        "ticket": ticket,
        "columns": [
            {
                "name": column,
                "label": column.replace("_", " "),
                "place": places.get(column),
                "is_needed": column not in MAY_BE_MISSING,
            }
            for column in SHEET.columns
        ],
        "heading": list(enumerate(cells[0])),
        "rows": len(cells) - 1,
    }
    try:
        report = trial(request, as_our_csv(cells, places))
        context |= {
            "report": report,
            "added": sum(report.added.values()),
            "updated": sum(report.updated.values()),
            "repeated": sum(report.repeated.values()),
            "unchanged": sum(report.unchanged.values()),
        }
    except FileRefused as refusal:
        context["refusal"] = str(refusal)
    return render(request, "authorizations/imports/authorization_import_preview.html", context)


def trial(request: HttpRequest, content: bytes) -> Any:
    """What the import would do; taken back at once."""
    report = None
    try:
        with transaction.atomic():
            report = import_spreadsheet(request, content, is_trial=True)
            raise LookedAt
    except LookedAt:
        return report


def import_spreadsheet(request: HttpRequest, content: bytes, *, is_trial: bool = False) -> Any:
    mine = facilities_of(request.user, P.LOG_AUTHORIZATIONS)
    codes = set(mine.values_list("code", flat=True))
    importer = Importer(request.user, allowed=codes, is_trial=is_trial)
    return importer.run({SHEET.name: content})


@require_POST
@permit(P.LOG_AUTHORIZATIONS)
def authorization_import_apply(request: HttpRequest) -> HttpResponse:
    """Look again with other columns, or write the good rows."""
    contents = uploaded_files(request.POST.get("ticket", ""), request.user)
    if not contents:
        messages.error(request, "The preview is too old. Choose the file again.")
        return redirect("authorization_import")
    name, content = contents[0]
    try:
        cells = read_cells(content, name)
    except FileRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("authorization_import")
    places = asked_places(request, len(cells[0]))
    if "look" in request.POST:
        return preview_spreadsheet(request, request.POST["ticket"], cells, places)
    try:
        with transaction.atomic():
            report = import_spreadsheet(request, as_our_csv(cells, places))
    except FileRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("authorization_import")
    added, same = sum(report.added.values()), sum(report.unchanged.values())
    updated, repeated = sum(report.updated.values()), sum(report.repeated.values())
    more = f"{updated} brought the payer's answer, " if updated else ""
    more += f"{repeated} repeated, " if repeated else ""
    tell = messages.warning if report.refused else messages.success
    rows = "row" if added == 1 else "rows"
    tell(request, f"{added} {rows} added, {more}{same} were there, {len(report.refused)} refused.")
    return redirect("authorization_list")


def asked_places(request: HttpRequest, count: int) -> dict[str, int | None]:
    """Which of their columns was chosen for each of ours."""
    chosen = {column: request.POST.get(f"column-{column}", "") for column in SHEET.columns}
    known = {str(place): place for place in range(count)}
    return {column: known.get(text) for column, text in chosen.items()}


@permit(P.LOG_AUTHORIZATIONS)
def authorization_export(request: HttpRequest) -> HttpResponse:
    """The requests of one's facilities as the spreadsheet has them."""
    rows = list(sheet_rows(request.user))
    record_access(request, action=AccessEvent.Action.EXPORT, rows=len(rows))
    response = HttpResponse(write_rows(SHEET.columns, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="authorizations.csv"'
    return response
