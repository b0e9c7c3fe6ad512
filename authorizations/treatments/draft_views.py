"""Nothing typed on a day sheet is lost: drafts are kept here, through time-outs and closed
browsers.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import resolve
from django.views.decorators.http import require_POST

from accounts.models import User
from accounts.permissions import permit, require
from accounts.roles import Permission
from authorizations.treatments.day_sheet_actions import drop_draft, keep_draft
from authorizations.treatments.day_sheet_forms import SessionRowForm
from authorizations.treatments.day_sheet_rows import Sent, Sheet, asked_sheet, sent_rows

SHEETS = ("day_sheet", "day_sheet_draft")


@require_POST
@permit(Permission.RECORD_SESSIONS)
def day_sheet_draft(request: HttpRequest) -> HttpResponse:
    """Keep what is typed, sent by the page a moment after each change; or start afresh."""
    sheet = asked_sheet(request)
    require(request, Permission.RECORD_SESSIONS, facility=sheet.facility if sheet else None)
    if sheet is None:
        return HttpResponse(status=204)
    discarded = request.POST.get("discard", "")
    if discarded:
        only = discarded if discarded != "1" else None
        drop_draft(owner=request.user, facility=sheet.facility, on=sheet.on, row=only)
        return redirect(sheet.url())
    keep_typed(request.user, sheet, request)
    return HttpResponse(status=204)


def keep_typed(user: User, sheet: Sheet, request: HttpRequest) -> None:
    sent = sent_rows(sheet, request.POST)
    keep_forms(user, sent, [form for form in sent.forms if form.is_touched])


def keep_forms(user: User, sent: Sent, unsaved: Iterable[SessionRowForm]) -> None:
    """Keep the rows with something typed, also where they have left the sheet; a row that is
    recorded by now needs no draft.
    """
    typed = {
        form.slot.key: form.text()
        for form in (*unsaved, *sent.left)
        if not form.slot.session and not form.slot.missed
    }
    sheet = sent.sheet
    keep_draft(owner=user, facility=sheet.facility, on=sheet.on, shown=sent.keys, typed=typed)


def keep_what_was_sent(request: HttpRequest) -> bool:
    """A sheet sent after the idle sign-out is not saved, but what was typed is kept for its writer.

    It comes with the session cookie of that person, which other sites cannot send along.
    """
    if request.method != "POST":
        return False
    try:
        is_sheet = resolve(request.path_info).view_name in SHEETS
        sheet = asked_sheet(request) if is_sheet else None
    except Http404:
        return False
    if sheet is None or not sheet.may_record or request.POST.get("discard"):
        return False
    keep_typed(request.user, sheet, request)
    return True
