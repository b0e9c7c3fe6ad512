"""The day sheet and its sessions: what was imaged and delivered, recorded row by row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.access_log import record_access
from accounts.models import Provider, ProviderRole, User
from accounts.past import clock
from accounts.permissions import permit, require
from accounts.roles import Permission, has_permission
from authorizations.charges.session_timeline import session_events
from authorizations.courses.review_deadlines import came_late, next_start_of
from authorizations.exceptions import NotRecorded
from authorizations.models import GuidanceSession, ReviewDecision, SheetDraft
from authorizations.models.sessions import CARRIER
from authorizations.treatments.actions import record_session, void_session
from authorizations.treatments.correction_forms import SessionVoid
from authorizations.treatments.day_sheet_actions import draft_of
from authorizations.treatments.day_sheet_forms import SessionRowForm
from authorizations.treatments.day_sheet_rows import (
    COLUMNS,
    Sheet,
    asked_sheet,
    day_sheet_rows,
    sent_rows,
    summary,
)
from authorizations.treatments.draft_views import keep_forms
from authorizations.treatments.missed import record_missed
from authorizations.treatments.paper import show_paper
from authorizations.treatments.unsaved_rows import LeftRow, course_url, left_rows
from authorizations.verdicts.status import judged_charges
from authorizations.web.modality_labels import NO_IMAGE, modality_label
from authorizations.worklists.sync_tasks import in_one_pass


@permit(Permission.READ_CASES)
def day_sheet(request: HttpRequest) -> HttpResponse:
    """One facility's day: a row for each fraction due or recorded; a POST saves what was typed."""
    sheet = asked_sheet(request)
    if request.method == "POST":
        require(request, Permission.RECORD_SESSIONS, facility=sheet.facility if sheet else None)
    if sheet is None:
        return render(request, "authorizations/treatments/day_sheet.html", {"sheet": None})
    if request.method == "POST":
        return save_sheet(request, sheet)
    if request.GET.get("paper") == "1":
        return show_paper(request, sheet)
    return show_sheet(request, sheet)


def save_sheet(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """Save the pressed row, or every row with something typed; keep what could not be saved."""
    pressed = request.POST.get("save", "all")
    sent = sent_rows(sheet, request.POST)
    touched = [form for form in sent.forms if form.is_touched]
    chosen = [form for form in touched if pressed in ("all", form.slot.key)]
    if sheet.is_to_come:
        messages.error(request, "This day is still to come: what is treated then is recorded then.")
        keep_forms(request.user, sent, touched)
        return show_sheet(request, sheet, touched)
    with in_one_pass():
        saved = [form for form in chosen if save_row(form, request.user)]
    report_saved_rows(request, len(saved), len(chosen) - len(saved), len(sent.left))
    unsaved = [form for form in touched if form not in saved]
    keep_forms(request.user, sent, unsaved)
    if unsaved:
        return show_sheet(request, sheet, unsaved)
    anchor = f"#row-{pressed}" if pressed != "all" else ""
    return redirect(sheet.url() + anchor)


def save_row(form: SessionRowForm, user: User) -> bool:
    """Record one row on its own; what is wrong is said in the row."""
    if not form.is_valid():
        return False
    try:
        write_row(form, user)
    except NotRecorded as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def write_row(form: SessionRowForm, user: User) -> None:
    """The session as typed, or why there was none. Raises NotRecorded."""
    course = form.slot.course
    if form.missed_for:
        record_missed(
            course=course,
            facility=form.facility,
            date_of_service=form.on,
            session_of_day=form.slot.session_of_day,
            reason=form.missed_for,
            by=user,
        )
    else:
        record_session(course=course, by=user, therapist=therapist_of(user), **form.facts())


def therapist_of(user: User) -> Provider | None:
    """The therapist behind this login, where the administrator has linked one."""
    provider = getattr(user, "provider", None)
    return provider if provider and provider.role == ProviderRole.THERAPIST else None


def report_saved_rows(request: HttpRequest, saved: int, refused: int, left: int = 0) -> None:
    if saved:
        messages.success(request, f"{saved} {'row' if saved == 1 else 'rows'} saved.")
    if refused:
        rows = "1 row is" if refused == 1 else f"{refused} rows are"
        messages.error(request, f"{rows} not saved yet: see what is wrong in the row.")
    if left:
        rows = "1 row" if left == 1 else f"{left} rows"
        sentence = f"{rows} left this sheet and could not be saved: see who changed what below."
        messages.error(request, f"{sentence} What you typed is kept.")
    if not saved and not refused and not left:
        messages.info(request, "Nothing was typed, so nothing was saved.")


def draft_now(user: User, sheet: Sheet) -> SheetDraft | None:
    """What this person typed and has not saved. Drafts are of today: the past shows none."""
    if clock.known_at() or not sheet.may_record:
        return None
    return draft_of(user, sheet.facility, sheet.on)


def show_sheet(
    request: HttpRequest, sheet: Sheet, unsaved: Iterable[SessionRowForm] = ()
) -> HttpResponse:
    wrong = {form.slot.key: form for form in unsaved}
    slots = sheet.slots()
    shown = {slot.key for slot in slots}
    slots += [form.slot for key, form in wrong.items() if key not in shown]
    draft = draft_now(request.user, sheet)
    drafted = draft.rows if draft else {}
    rows = day_sheet_rows(sheet, slots, wrong, drafted)
    record_access(request, rows=len(rows))
    context = {
        "sheet": sheet,
        "rows": rows,
        "draft": draft if any(row.is_draft for row in rows) else None,
        "left": left_of(request, sheet, drafted, {row.slot.key for row in rows}),
        "draft_url": sheet.url(page="day_sheet_draft"),
        "columns": COLUMNS,
        "has_open_rows": any(row.is_open for row in rows),
        "summary": summary(rows),
        "previous_url": sheet.url(date=(sheet.on - timedelta(days=1)).isoformat()),
        "next_url": sheet.url(date=(sheet.on + timedelta(days=1)).isoformat()),
        "everyone_url": sheet.url(all="1"),
        "save_url": sheet.url(),
        "paper_url": sheet.url(paper="1"),
        "reconcile_url": sheet.url(page="reconciliation", machine="", all=""),
    }
    return render(request, "authorizations/treatments/day_sheet.html", context)


def left_of(
    request: HttpRequest, sheet: Sheet, drafted: dict[str, dict[str, str]], shown: set[str]
) -> list[tuple[LeftRow, str]]:
    """Rows of the draft that the sheet does not have, each with the page of its course."""
    typed = {key: values for key, values in drafted.items() if key not in shown}
    if typed and sheet.machine:  # those of another machine are on its own sheet
        whole = {slot.key for slot in replace(sheet, machine="").slots()}
        typed = {key: values for key, values in typed.items() if key not in whole}
    rows = left_rows(typed, sheet.facility, sheet.on, request.user)
    return [(row, course_url(row)) for row in rows]


@permit(Permission.READ_CASES)
def session_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one session: values, reviews, its charge with findings, its history."""
    return show_session(request, load_session(request, pk))


@require_POST
@permit(Permission.RECORD_SESSIONS)
def session_void(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a session recorded by mistake, with a reason."""
    session = load_session(request, pk)
    require(request, Permission.RECORD_SESSIONS, facility=session.facility)
    form = SessionVoid(request.POST)
    if not form.is_valid():
        return show_session(request, session, form)
    try:
        void_session(session=session, by=request.user, reason=form.cleaned_data["reason"])
    except NotRecorded as refusal:
        form.add_error("reason", str(refusal))
        return show_session(request, session, form)
    messages.success(request, "The session is taken back. Its fraction can be recorded again.")
    return redirect("session_detail", pk=session.pk)


def load_session(request: HttpRequest, pk: int) -> GuidanceSession:
    """The session within the person's facilities. Raises Http404."""
    rows = GuidanceSession.objects.for_user(request.user, Permission.READ_CASES).select_related(
        "course__patient",
        "course__physician",
        "facility",
        "therapist",
        "recorded_by",
        "voided_by",
        "authorized_service__authorization",
    )
    return get_object_or_404(rows, pk=pk)


def show_session(
    request: HttpRequest, session: GuidanceSession, form: SessionVoid | None = None
) -> HttpResponse:
    record_access(request, patient=session.course.patient)
    reviews = list(session.reviews.select_related(*CARRIER))
    review = next((r for r in reviews if r.decision == ReviewDecision.APPROVED), None)
    report = next((r for r in reviews if r.decision == ReviewDecision.REPORTED), None)
    may_void = has_permission(request.user, Permission.RECORD_SESSIONS, session.facility)
    context = {
        "session": session,
        "course": session.course,
        "modality": modality_label("+".join(session.modalities) or NO_IMAGE),
        "review": review,
        "carried": review.carrier(session.facility.tz) if review else "",
        "report": None if review else report,
        "is_late": came_late(review, next_start_of(session)),
        "charges": judged_charges(session),
        "events": session_events(session),
        "sheet_url": day_sheet_url(session),
        "may_void": may_void and session.voided_at is None,
        "may_open_charges": any(
            has_permission(request.user, permission, session.facility)
            for permission in (Permission.REVIEW_CHARGES, Permission.READ_AUDIT)
        ),
        "void_error": form.errors["reason"][0] if form else "",
        "void_reason": form.data.get("reason", "") if form else "",
    }
    return render(request, "authorizations/treatments/session_detail.html", context)


def day_sheet_url(session: GuidanceSession) -> str:
    """The day sheet this session stands on."""
    asked = {"facility": session.facility.code, "date": session.date_of_service.isoformat()}
    return f"{reverse('day_sheet')}?{urlencode(asked)}"
