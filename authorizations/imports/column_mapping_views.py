"""Matching the headings of a facility's treatment files with our columns."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.access_log import record_access
from accounts.models import Facility
from accounts.permissions import permit, require
from accounts.readers import read_row_number
from accounts.roles import Permission
from accounts.web.query_values import asked_choice
from authorizations.exchange.column_mapping import DELIMITERS, first_line, match_headings
from authorizations.exchange.hl7_framing import is_hl7
from authorizations.exchange.row_reader import FileRefused, decode
from authorizations.imports.column_mapping_forms import WRITING, MappingForm
from authorizations.imports.column_mappings import save_mapping
from authorizations.imports.file_reader import guess_delimiter, is_ours
from authorizations.imports.uploads import uploaded_files
from authorizations.imports.views import Files, my_codes, preview_import
from authorizations.models import ColumnMapping
from authorizations.web.file_store import NotStored

P = Permission


@permit(P.IMPORT)
def column_mapping(request: HttpRequest) -> HttpResponse:
    """Change a saved mapping (``?facility=CODE``), or match the headings of files at hand."""
    return match_page(request, request.POST.get("ticket", ""))


def match_page(request: HttpRequest, ticket: str) -> HttpResponse:
    files = uploaded_files(ticket, request.user) if ticket else []
    mine = Facility.objects.filter(code__in=my_codes(request)).order_by("code")
    wanted = request.POST.get("facility") if "save" in request.POST else None
    saved = saved_mapping(request, mine, wanted)
    heading, sample, guesses = headings(request, files, saved)
    is_sent = "save" in request.POST
    form = MappingForm(
        request.POST if is_sent else None,
        instance=None if is_sent else saved,
        heading=heading,
        facilities=mine,
        guesses=guesses,
        initial=first_guess(request, files, mine),
    )
    if is_sent and form.is_valid():
        return save_mapping_and_go_on(request, form, files, ticket)
    record_access(request, rows=1 if sample else 0)
    context = {"form": form, "ticket": ticket, "sample": list(zip(heading, sample, strict=False))}
    context["has_headings"] = bool(heading)
    return render(request, "authorizations/imports/column_mapping.html", context)


def save_mapping_and_go_on(
    request: HttpRequest, form: MappingForm, files: Files, ticket: str
) -> HttpResponse:
    """Remember the mapping; go on to the preview where files wait for it."""
    facility = form.cleaned_data["facility"]
    require(request, P.IMPORT, facility=facility)
    writing = {name: form.cleaned_data[name] for name in WRITING}
    save_mapping(facility=facility, columns=form.columns, by=request.user, **writing)
    messages.success(request, f"Remembered for {facility.code}.")
    if files:
        try:
            return preview_import(request, files, facility.code, ticket)
        except (FileRefused, NotStored) as refusal:
            messages.error(request, str(refusal))
    return redirect("treatment_import")


def saved_mapping(request: HttpRequest, mine, wanted: str | None) -> ColumnMapping | None:
    rows = ColumnMapping.objects.filter(facility__in=mine)
    if wanted is not None:
        return rows.filter(facility=read_row_number(wanted)).first()
    code = asked_choice(request.GET.get("facility"), my_codes(request), "Facility")
    return rows.filter(facility__code=code).first()


def headings(
    request: HttpRequest, files: Files, saved: ColumnMapping | None
) -> tuple[list[str], list[str], dict[str, str]]:
    """The headings to choose from, the first line under them, and what they seem to mean."""
    text = next((t for t in map(text_of, files) if t and not is_ours(t)), "")
    if not text:
        columns = saved.columns if saved else {}
        return list(columns.values()), [], columns
    delimiter = DELIMITERS.get(request.POST.get("delimiter", ""), "")
    delimiter = delimiter or DELIMITERS[guess_delimiter(text)]
    lines = text.splitlines()
    try:
        heading = first_line(text, delimiter)
        sample = first_line(lines[1], delimiter) if len(lines) > 1 else []
    except FileRefused as refusal:
        messages.error(request, str(refusal))
        return [], [], {}
    return heading, sample, match_headings(heading)


def text_of(file: tuple[str, bytes]) -> str:
    """The text of a CSV file; nothing for messages and for what cannot be read."""
    try:
        return "" if is_hl7(file[1]) else decode(file[1])
    except FileRefused:
        return ""


def first_guess(request: HttpRequest, files: Files, mine) -> dict[str, object]:
    """What the page proposes: the delimiter that fits, the facility where there is one only."""
    text = next((t for t in map(text_of, files) if t), "")
    guess: dict[str, object] = {}
    if text:
        guess["delimiter"] = request.POST.get("delimiter") or guess_delimiter(text)
    if len(mine) == 1:
        guess["facility"] = mine[0]
    return guess
