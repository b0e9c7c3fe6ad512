"""The day on paper, for when the system is down, and back again by the code of each row."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access_log import record_access
from accounts.permissions import permit, require
from accounts.roles import Permission
from accounts.web.text import one_line
from authorizations.courses.schedule import Slot
from authorizations.models import Course, PaperEntry
from authorizations.treatments.day_sheet_actions import note_from_paper
from authorizations.treatments.day_sheet_forms import SessionRowForm, usual_modality
from authorizations.treatments.day_sheet_rows import COLUMNS, Sheet, day_sheet_rows, sent_rows
from authorizations.treatments.draft_views import keep_forms
from authorizations.treatments.row_codes import NotACode, RowCode, read_code, write_code
from authorizations.treatments.unsaved_rows import posted_keys
from authorizations.web.modality_labels import modality_label

RECENT = 10


def show_paper(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """A line to fill in for each fraction due, machine by machine, each with its code."""
    slots = sheet.slots()
    record_access(request, rows=len(slots))
    context = {"sheet": sheet, "machines": by_machine(sheet, slots), "back_url": sheet.url()}
    return render(request, "authorizations/treatments/day_sheet_paper.html", context)


def by_machine(sheet: Sheet, slots: list[Slot]) -> list[tuple[str, list[tuple[str, Slot, str]]]]:
    """The rows of each machine with their codes; those without a machine yet come last."""
    ordered = sorted(slots, key=lambda slot: (not slot.machine, slot.machine))
    return [
        (machine, [printed(slot, sheet) for slot in rows])
        for machine, rows in groupby(ordered, key=lambda slot: slot.machine)
    ]


def printed(slot: Slot, sheet: Sheet) -> tuple[str, Slot, str]:
    """The code of a row, the row, and its usual modality in words."""
    code = write_code(RowCode(slot.course.pk, sheet.on, slot.session_of_day))
    return code, slot, modality_label(usual_modality(slot))


@dataclass
class Found:
    """The row a typed code means, on its sheet; or why there is none."""

    code: str = ""
    error: str = ""
    sheet: Sheet | None = None
    slot: Slot | None = None


@permit(Permission.RECORD_SESSIONS)
def paper_entry(request: HttpRequest) -> HttpResponse:
    """Type a code, then what stands on paper. The same row twice is one entry."""
    sent = request.POST if request.method == "POST" else request.GET
    found = find_row(request, one_line(sent.get("code", ""), 20))
    form = None
    if request.method == "POST" and found.slot and found.sheet:
        form = row_form(request, found.sheet, found.slot)
        if record_paper_row(request, found, form):
            return redirect("paper_entry")
    elif request.method == "POST" and found.sheet and posted_keys(request.POST):
        return keep_left(request, found.sheet)
    return show_entry(request, found, form)


def keep_left(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """The row has left its sheet: what was typed is kept there, with who changed what."""
    sent = sent_rows(sheet, request.POST)
    keep_forms(request.user, sent, [form for form in sent.forms if form.is_touched])
    messages.error(request, "This row has left its sheet and is not entered: see who changed what "
                            "on the sheet. What you typed is kept there.")  # fmt: skip
    return redirect(sheet.url())


def row_form(request: HttpRequest, sheet: Sheet, slot: Slot) -> SessionRowForm:
    return SessionRowForm(
        request.POST, slot=slot, facility=sheet.facility, on=sheet.on, now=sheet.now
    )


def find_row(request: HttpRequest, code: str) -> Found:
    """The row within the person's facilities."""
    if not code:
        return Found()
    try:
        means = read_code(code)
    except NotACode as refusal:
        return Found(code, str(refusal))
    rows = Course.objects.for_user(request.user, Permission.READ_CASES).select_related("facility")
    course = rows.filter(pk=means.course).first()
    if course is None:
        return Found(code, "No row of your facilities has this code.")
    require(request, Permission.RECORD_SESSIONS, facility=course.facility)
    sheet = sheet_of(course, means)
    if sheet.is_to_come:
        return Found(code, "This day is still to come.")
    wanted = f"{course.pk}-{means.session_of_day}"
    slot = next((slot for slot in sheet.slots() if slot.key == wanted), None)
    error = "" if slot else "Nothing is due in this row any more: the course ended before."
    return Found(code, error, sheet, slot)


def sheet_of(course: Course, means: RowCode) -> Sheet:
    """The whole sheet of the day that a code means, interrupted courses included."""
    now = timezone.now()
    return Sheet(
        facility=course.facility,
        facilities=[course.facility],
        on=means.on,
        today=now.astimezone(course.facility.tz).date(),
        now=now,
        machine="",
        is_everyone=True,
        may_record=True,
    )


@transaction.atomic
def record_paper_row(request: HttpRequest, found: Found, form: SessionRowForm) -> bool:
    """Record the row as typed and remember that it was on paper; if not, the form says why."""
    from authorizations.treatments.day_sheet_views import save_row

    if not save_row(form, request.user):
        return False
    slot, on = form.slot, form.on
    note_from_paper(course=slot.course, on=on, session_of_day=slot.session_of_day, by=request.user)
    messages.success(request, f"Row {found.code.upper()} of {on:%a %-d %b} is entered.")
    return True


def show_entry(request: HttpRequest, found: Found, form: SessionRowForm | None) -> HttpResponse:
    sheet, slot = found.sheet, found.slot
    rows = []
    if sheet and slot:
        rows = day_sheet_rows(sheet, [slot], {slot.key: form} if form else {}, {})
        record_access(request, patient=slot.course.patient)
    context = {
        "found": found,
        "sheet": sheet,
        "row": rows[0] if rows else None,
        "columns": COLUMNS,
        "recent": recent(request),
    }
    return render(request, "authorizations/treatments/paper_entry.html", context)


def recent(request: HttpRequest) -> list[tuple[PaperEntry, str]]:
    """What this person entered last, each with the reconciliation of its day."""
    courses = Course.objects.for_user(request.user, Permission.RECORD_SESSIONS)
    mine = PaperEntry.objects.filter(entered_by=request.user, course__in=courses)
    entries = mine.select_related("course__facility").order_by("-entered_at")[:RECENT]
    return [(entry, day_url(entry)) for entry in entries]


def day_url(entry: PaperEntry) -> str:
    day = entry.date_of_service.isoformat()
    query = urlencode({"facility": entry.course.facility.code, "date": day})
    return f"{reverse('reconciliation')}?{query}"
