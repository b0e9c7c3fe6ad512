"""How a day is read while somebody types it. It is sent, never part of an address: it may be a
date of birth.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.html import escape
from django.views.decorators.http import require_POST

from accounts.permissions import permit
from accounts.readers import Unreadable
from accounts.roles import Permission
from authorizations.web.widgets import day_read

KINDS = ("day", "birth", "moment")
LONGEST = 60


@require_POST
@permit(Permission.READ_CASES)
def day_words(request: HttpRequest, kind: str) -> HttpResponse:
    """The day in words, or why it is not read; nothing for an empty field."""
    text = str(next(iter(request.POST.values()), "")).strip()[:LONGEST]
    if kind not in KINDS or not text:
        return HttpResponse("")
    try:
        return HttpResponse(escape(day_read(text, kind)))
    except Unreadable as error:
        return HttpResponse(escape(str(error)))
