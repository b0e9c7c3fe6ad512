"""Making the packet of a request, and downloading it exactly as it was made."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.access_log import record_access
from accounts.models import AccessEvent
from accounts.past import clock
from accounts.permissions import permit, signed_in_person
from accounts.roles import Permission as P
from authorizations.models import Document, PriorAuthorization, RequestPacket
from authorizations.prior_authorizations.documents import stored_content
from authorizations.prior_authorizations.forms import bare_helper
from authorizations.prior_authorizations.letters import letter_words
from authorizations.prior_authorizations.packets import make_packet, missing_facts
from authorizations.prior_authorizations.page import policy_of
from authorizations.prior_authorizations.views import get_authorization_or_404, may
from authorizations.web.attempts import is_done
from payers.directory.lookup import DirectoryBook
from payers.models import LetterKind


class PacketForm(forms.Form):
    """To whom it goes, what the cover says, and which documents in which order."""

    recipient = forms.CharField(label="To", max_length=200, help_text="Name, fax or address.")
    words = forms.CharField(
        label="What the cover says",
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 12}),
    )

    def __init__(self, data: Any, documents: list[Document], **options: Any) -> None:
        super().__init__(data, **options)
        self.documents = documents
        for at, document in enumerate(documents, 1):
            self.fields[f"place_{document.pk}"] = forms.IntegerField(
                label=f"{document.get_kind_display()}, added {document.added_at:%-d %b %Y}: place",
                required=False,
                min_value=1,
                max_value=99,
                initial=at,
                help_text="Empty: it does not go with the packet.",
            )
        self.helper = bare_helper()

    def chosen(self) -> list[Document]:
        """The documents with a place, by it."""
        places = {row.pk: self.cleaned_data[f"place_{row.pk}"] for row in self.documents}
        return sorted((d for d in self.documents if places[d.pk]), key=lambda d: places[d.pk])


def addressed_to(authorization: PriorAuthorization) -> str:
    """Who decides, with the fax that the directory gives."""
    policy = policy_of(authorization)
    call = DirectoryBook(clock.today()).whom_to_call(authorization.plan, policy)
    fax = call.first("fax")
    name = call.manager or authorization.plan.insurer
    return f"{name}, fax {fax}" if fax else name


def asked_letter(request: HttpRequest) -> str:
    """The kind of letter that the page is asked to begin with; none where it is not known."""
    asked = request.GET.get("letter", "")
    return asked if asked in LetterKind.values else ""


@permit(P.LOG_AUTHORIZATIONS)
def request_packet_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Print the request with its documents; what the books lack is named before."""
    authorization = get_authorization_or_404(request, pk)
    may(request, authorization, P.LOG_AUTHORIZATIONS)
    documents = list(authorization.documents.order_by("added_at", "pk"))
    kind = asked_letter(request)
    words, lacks = letter_words(authorization, kind) if kind else ("", [])
    initial = {"recipient": addressed_to(authorization), "words": words}
    form = PacketForm(request.POST or None, documents, initial=initial)
    if request.method == "POST" and form.is_valid():
        by, said = signed_in_person(request), form.cleaned_data

        def make() -> None:
            make_packet(
                authorization=authorization,
                recipient=said["recipient"],
                words=said["words"],
                documents=form.chosen(),
                by=by,
            )

        if is_done(form, make):
            messages.success(request, "The packet is made and kept with the request.")
            return redirect("authorization_detail", pk=pk)
    record_access(request, patient=authorization.course.patient)
    context = {
        "authorization": authorization,
        "course": authorization.course,
        "form": form,
        "missing": missing_facts(authorization),
        "letters": [(value, label, value == kind) for value, label in LetterKind.choices],
        "lacks": lacks,
        "has_no_text": bool(kind) and not words,
    }
    return render(request, "authorizations/prior_authorizations/request_packet_new.html", context)


@permit(P.READ_CASES)
def request_packet_download(request: HttpRequest, pk: int) -> HttpResponse:
    """The packet exactly as it was made, to people of its facility only."""
    rows = RequestPacket.objects.for_user(signed_in_person(request), P.READ_CASES)
    packet = get_object_or_404(rows.select_related("authorization__course__patient"), pk=pk)
    content = stored_content(packet.sha256)
    if content is None:
        messages.error(
            request,
            "The file of this packet is missing or was changed on the server. Whoever runs the "
            "machine restores it from the backup.",
        )
        return redirect("authorization_detail", pk=packet.authorization_id)
    record_access(
        request,
        patient=packet.authorization.course.patient,
        action=AccessEvent.Action.EXPORT,
        row_number=packet.pk,
    )
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="request-packet-{packet.pk}.pdf"'
    return response
