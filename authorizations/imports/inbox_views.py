"""The inbox of HL7 messages: what was received, what waits for a person, what was refused."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.access_log import record_access
from accounts.permissions import permit, signed_in_person
from accounts.roles import Permission
from authorizations.exceptions import Refused
from authorizations.imports.inbox import TREATMENT, close_message, replay_message
from authorizations.models import InboundMessage, InboundStatus
from authorizations.models.hl7_interfaces import InboundMessageQuerySet

P = Permission
ROWS_OF_A_PAGE = 50


def my_messages(request: HttpRequest) -> InboundMessageQuerySet:
    """Messages of the facilities for which this person imports."""
    rows = InboundMessage.objects.for_user(signed_in_person(request), P.IMPORT)
    return rows.select_related("channel", "facility", "closed_by", "run")


@permit(P.IMPORT)
def inbound_message_list(request: HttpRequest) -> HttpResponse:
    """What is open, or everything that came (``?all=1``), the newest first."""
    rows = my_messages(request).defer("content")
    is_all = request.GET.get("all") == "1"
    shown = rows if is_all else rows.open()
    page = Paginator(shown, ROWS_OF_A_PAGE).get_page(request.GET.get("page"))
    record_access(request, rows=len(page.object_list))
    context = {"page": page, "is_all": is_all, "open_count": rows.open().count()}
    return render(request, "authorizations/imports/inbound_message_list.html", context)


@permit(P.IMPORT)
def inbound_message(request: HttpRequest, pk: int) -> HttpResponse:
    """One message as it came, what became of it, and what can be done."""
    row = get_object_or_404(my_messages(request), pk=pk)
    record_access(request, rows=1)
    is_open = row.closed_at is None and row.status in (InboundStatus.REFUSED, InboundStatus.WAITING)
    text = bytes(row.content).decode("utf-8", "replace")
    context = {
        "message": row,
        "segments": text.replace("\n", "\r").split("\r"),
        "is_open": is_open,
        "can_replay": is_open and row.event == TREATMENT,
    }
    return render(request, "authorizations/imports/inbound_message.html", context)


@require_POST
@permit(P.IMPORT)
def inbound_message_replay(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it again; the listener does it with the next messages."""
    decide_message(request, pk, replay_message, "It is taken again as soon as its listener runs.")
    return redirect("inbound_message", pk=pk)


@require_POST
@permit(P.IMPORT)
def inbound_message_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Done by hand, or nothing to be done."""
    decide_message(request, pk, close_message, "Closed.")
    return redirect("inbound_message_list")


def decide_message(request: HttpRequest, pk: int, action: Callable[..., None], done: str) -> None:
    """Do it with a message of one's facilities, and say so, or why not."""
    row = get_object_or_404(my_messages(request), pk=pk)
    try:
        action(message=row, by=signed_in_person(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
