"""The payer directory: whom to call, who said so and when, and what is reported as wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from accounts.exports.column import ExportColumn
from accounts.exports.response import asked_kind, table_file
from accounts.past import clock
from accounts.permissions import permit, signed_in_person
from accounts.proposals import ChangeRefused
from accounts.roles import Permission, is_permitted_somewhere
from payers.directory.actions import REPORTS, answer_report, report_wrong
from payers.directory.directory_entry import DirectoryEntry, DirectoryReport
from payers.exports import WHO_SAYS_SO

P = Permission
RELATED = ("plan", "issuer", "payer")
DIRECTORY = (
    ExportColumn("whose", "whose"),
    ExportColumn("phone", "phone"),
    ExportColumn("hours", "hours"),
    ExportColumn("time zone", "time_zone"),
    ExportColumn("fax", "fax"),
    ExportColumn("portal", "portal_url"),
    ExportColumn("peer-to-peer line", "peer_to_peer_phone"),
    ExportColumn("peer-to-peer hours", "peer_to_peer_hours"),
    ExportColumn("appeals", "appeals_address"),
    ExportColumn("payer ID", "electronic_payer_id"),
    ExportColumn("note", "note"),
    *WHO_SAYS_SO,
)


class WordsForm(forms.Form):
    """One sentence: what is wrong, or what became of it."""

    words = forms.CharField(max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, data: Any, label: str) -> None:
        super().__init__(data)
        self.fields["words"].label = label
        self.helper = FormHelper()
        self.helper.form_tag = False


@permit(P.READ_BOOKS)
def payer_directory(request: HttpRequest) -> HttpResponseBase:
    """Everybody who can be called today, with what was reported and answered."""
    reports = DirectoryReport.objects.select_related("reported_by", "answered_by")
    rows = DirectoryEntry.objects.in_force(clock.today()).select_related(*RELATED)
    rows = rows.prefetch_related(Prefetch("reports", reports))
    if asked_kind(request):
        return table_file(request, {"directory": (DIRECTORY, list(rows))}, "payer-directory")
    context = {
        "entries": sorted(rows, key=lambda row: row.whose.casefold()),
        "may_report": is_permitted_somewhere(signed_in_person(request), *REPORTS),
        "may_answer": is_permitted_somewhere(signed_in_person(request), P.KEEP_BOOKS),
    }
    return render(request, "payers/directory/payer_directory.html", context)


@permit(*REPORTS)
def directory_report(request: HttpRequest, pk: int) -> HttpResponse:
    """Report an entry as wrong."""
    entry = get_object_or_404(DirectoryEntry.objects.select_related(*RELATED), pk=pk)
    form = WordsForm(request.POST or None, "What is wrong, and what is right where you know it")
    by = signed_in_person(request)
    if is_said(form, lambda words: report_wrong(entry=entry, what=words, by=by)):
        messages.success(request, "Reported: the administrators see it on Home and answer.")
        return redirect("payer_directory")
    context = {"entry": entry, "form": form, "heading": "Report as wrong", "verb": "Report"}
    return render(request, "payers/directory/directory_words.html", context)


@permit(P.KEEP_BOOKS)
def directory_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a report; the entry itself is ended and written anew in the admin."""
    rows = DirectoryReport.objects.select_related(
        *(f"entry__{name}" for name in RELATED), "reported_by", "answered_by"
    )
    report = get_object_or_404(rows, pk=pk)
    form = WordsForm(request.POST or None, "What you found: mended, checked and right, …")
    by = signed_in_person(request)
    if is_said(form, lambda words: answer_report(report=report, answer=words, by=by)):
        messages.success(request, "Answered: it stands beside the entry.")
        return redirect("payer_directory")
    context = {
        "entry": report.entry,
        "report": report,
        "form": form,
        "heading": "Answer a report",
        "verb": "Answer",
    }
    return render(request, "payers/directory/directory_words.html", context)


def is_said(form: WordsForm, say: Callable[[str], object]) -> bool:
    """Whether the words could be kept; if not, the form says why."""
    if not form.is_bound or not form.is_valid():
        return False
    try:
        say(form.cleaned_data["words"])
    except ChangeRefused as refusal:
        form.add_error("words", str(refusal))
        return False
    return True
