"""Letters and proofs: attaching one, and reading it within scope."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.access_log import record_access
from accounts.models import AccessEvent
from accounts.permissions import permit, signed_in_person
from accounts.roles import Permission
from accounts.scoping import facilities_of
from authorizations.models import Document
from authorizations.prior_authorizations.document_forms import DocumentForm, NumberForm
from authorizations.prior_authorizations.documents import (
    attach_document,
    content_of,
    enter_number,
)
from authorizations.prior_authorizations.views import get_authorization_or_404, may
from authorizations.web.attempts import is_done

SUFFIX = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg", "image/tiff": "tif"}


@permit(Permission.LOG_AUTHORIZATIONS)
def document_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Attach a letter or proof to a request."""
    authorization = get_authorization_or_404(request, pk)
    may(request, authorization, Permission.LOG_AUTHORIZATIONS)
    form = DocumentForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        content = form.cleaned_data["file"].read()
        kind = form.cleaned_data["kind"]
        by = signed_in_person(request)

        def attach() -> None:
            attach_document(authorization=authorization, content=content, kind=kind, by=by)

        if is_done(form, attach, field="file"):
            messages.success(request, "The document is attached.")
            return redirect("authorization_detail", pk=pk)
    context = {"authorization": authorization, "course": authorization.course, "form": form}
    return render(request, "authorizations/prior_authorizations/document_new.html", context)


@permit(Permission.LOG_AUTHORIZATIONS)
def authorization_number(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter the number that was to follow an approval by telephone."""
    authorization = get_authorization_or_404(request, pk)
    may(request, authorization, Permission.LOG_AUTHORIZATIONS)
    form = NumberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        number, by = form.cleaned_data["number"], signed_in_person(request)

        def enter() -> None:
            enter_number(authorization=authorization, number=number, by=by)

        if is_done(form, enter, field="number"):
            messages.success(request, "The number is entered.")
            return redirect("authorization_detail", pk=pk)
    record_access(request, patient=authorization.course.patient)
    context = {"authorization": authorization, "course": authorization.course, "form": form}
    return render(request, "authorizations/prior_authorizations/authorization_number.html", context)


@permit(Permission.READ_CASES)
def document_download(request: HttpRequest, pk: int) -> HttpResponse:
    """The file itself, as a download, to people of its facility only."""
    rows = Document.objects.filter(
        authorization__course__facility__in=facilities_of(request.user, Permission.READ_CASES)
    ).select_related("authorization__course__patient")
    document = get_object_or_404(rows, pk=pk)
    content = content_of(document)
    if content is None:
        messages.error(
            request,
            "The file of this document is missing or was changed on the server. Whoever runs the "
            "machine restores it from the backup.",
        )
        return redirect("authorization_detail", pk=document.authorization_id)
    record_access(
        request,
        patient=document.authorization.course.patient,
        action=AccessEvent.Action.EXPORT,
        row_number=document.pk,
    )
    name = f"{document.kind}-{document.pk}.{SUFFIX.get(document.content_type, 'bin')}"
    response = HttpResponse(content, content_type=document.content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
