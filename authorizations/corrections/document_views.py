"""Moving a document to the patient it belongs to, striking it, and putting it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.access_log import record_access
from accounts.permissions import permit, signed_in_person
from accounts.roles import Permission
from authorizations.corrections.document_forms import WhereItBelongs, WhyStruck
from authorizations.corrections.documents import (
    move_document,
    readers_of,
    released_on,
    restore_document,
    strike_document,
)
from authorizations.models import Course, Document, PriorAuthorization
from authorizations.web.attempts import is_done

P = Permission
MOVED = "The document is moved. Open charges of both patients were checked again."
STRUCK = "The document is struck. Open charges were checked again."
RESTORED = "The document is back. Open charges were checked again."


def get_document_or_404(request: HttpRequest, pk: int, *, is_struck: bool = False) -> Document:
    """The document, for those who log authorizations where its patient is treated."""
    mine = Course.objects.for_user(signed_in_person(request), P.LOG_AUTHORIZATIONS)
    rows = Document.with_struck.filter(authorization__course__in=mine)
    rows = rows.filter(struck_at__isnull=not is_struck)
    found: Document = get_object_or_404(
        rows.select_related("authorization__course__patient", "added_by", "struck_by"), pk=pk
    )
    return found


def show_document(
    request: HttpRequest, document: Document, form: Any, verb: str, asked: Any = None
) -> HttpResponse:
    """What it is, who opened it, what rests on it, and the form."""
    patient = document.authorization.course.patient
    record_access(request, patient=patient)
    if asked:
        record_access(request, patient=asked.course.patient)
    context = {
        "document": document,
        "patient": patient,
        "form": form,
        "verb": verb,
        "asked": asked,
        "readers": readers_of(document),
        "released": released_on(document),
    }
    return render(request, "authorizations/corrections/document_place.html", context)


@permit(P.LOG_AUTHORIZATIONS)
def document_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Put it under the request it belongs to; whose that is, is shown before it is moved."""
    document = get_document_or_404(request, pk)
    by = signed_in_person(request)
    form = WhereItBelongs(request.POST or None, user=by)
    asked: PriorAuthorization | None = None
    if request.method == "POST" and form.is_valid():
        target, reason = form.cleaned_data["target"], form.cleaned_data["reason"]
        if not form.is_confirmed():
            form.ask()
            asked = target
        elif is_done(
            form, lambda: move_document(document=document, to=target, reason=reason, by=by)
        ):
            messages.success(request, MOVED)
            return redirect("authorization_detail", pk=target.pk)
    return show_document(request, document, form, "move", asked)


@permit(P.LOG_AUTHORIZATIONS)
def document_strike(request: HttpRequest, pk: int) -> HttpResponse:
    """It proves nothing any more and is not shown."""
    document = get_document_or_404(request, pk)
    return with_reason(request, document, "strike", strike_document, STRUCK)


@permit(P.LOG_AUTHORIZATIONS)
def document_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """It was struck by mistake."""
    document = get_document_or_404(request, pk, is_struck=True)
    return with_reason(request, document, "restore", restore_document, RESTORED)


def with_reason(
    request: HttpRequest, document: Document, verb: str, work: Callable[..., Any], words: str
) -> HttpResponse:
    """Show the form, or do it for the reason that was given."""
    form = WhyStruck(request.POST or None)
    if request.method == "POST" and form.is_valid():
        by, reason = signed_in_person(request), form.cleaned_data["reason"]
        if is_done(form, lambda: work(document=document, reason=reason, by=by)):
            messages.success(request, words)
            return redirect("authorization_detail", pk=document.authorization_id)
    return show_document(request, document, form, verb)
