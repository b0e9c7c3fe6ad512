"""Saying from a sample message where a sender's values stand."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.access_log import record_access
from accounts.models import Facility
from accounts.permissions import permit, require, signed_in_person
from accounts.roles import Permission
from accounts.scoping import facilities_of
from authorizations.exceptions import Refused
from authorizations.exchange.hl7 import Message
from authorizations.exchange.hl7_places import OUR_PLACES
from authorizations.exchange.row_reader import label
from authorizations.imports.column_mapping_forms import LABELS, column_field
from authorizations.imports.sender_mappings import sample_message, save_sender_mapping
from authorizations.models import SenderMapping
from authorizations.models.treatment_records import ShiftUnit
from authorizations.prior_authorizations.document_forms import check_size

P = Permission
LONGEST_SAMPLE = 100_000


class SenderMappingForm(forms.Form):
    """A sample message, and the place of each of our columns in it."""

    sample = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        max_length=LONGEST_SAMPLE,
        required=False,
        label="Sample message",
        help_text="One whole DFT^P03 message. It is not kept.",
    )
    file = forms.FileField(required=False, label="Or a file with the sample")

    shift_unit = forms.ChoiceField(choices=ShiftUnit.choices, label="Shift unit")
    words = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        max_length=4000,
        help_text="One pair a line, theirs = ours: delivered: Complete = yes",
    )

    def __init__(self, *args: Any, facilities: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["facility"] = forms.ModelChoiceField(facilities, label="Facility")
        for column in OUR_PLACES:
            self.fields[column_field(column)] = forms.CharField(
                label=LABELS.get(column) or label(column),
                required=False,
                max_length=120,
                initial=OUR_PLACES[column],
            )
        self.helper = FormHelper()
        self.helper.form_tag = False

    @property
    def place_rows(self) -> list[Any]:
        return [self[column_field(column)] for column in OUR_PLACES]

    @property
    def writing_rows(self) -> list[Any]:
        return [self[name] for name in ("facility", "shift_unit", "words")]

    @property
    def places(self) -> dict[str, str]:
        said = {c: self.cleaned_data.get(column_field(c), "").strip() for c in OUR_PLACES}
        return {column: place for column, place in said.items() if place}

    def clean(self) -> dict[str, Any]:
        super().clean()
        given = self.cleaned_data
        if upload := given.get("file"):
            check_size(upload)
            given["sample"] = upload.read(LONGEST_SAMPLE).decode("utf-8", "replace")
        if not given.get("sample"):
            self.add_error("sample", "Paste a sample message, or choose a file with one.")
        return given


@permit(P.IMPORT)
def sender_mapping(request: HttpRequest) -> HttpResponse:
    """Where a sender's values stand; it is saved once the sample can be read so."""
    mine = facilities_of(signed_in_person(request), P.IMPORT).order_by("code")
    form = SenderMappingForm(
        request.POST or None, request.FILES or None, facilities=mine, initial=only_one(mine)
    )
    message = None
    if request.method == "POST" and form.is_valid():
        try:
            message = sample_message(form.cleaned_data["sample"])
            if "save" in request.POST:
                return saved(request, form)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    found = places_in(message) if message else []
    record_access(request, rows=1 if found else 0)
    rows = SenderMapping.objects.filter(facility__in=mine).select_related("facility", "saved_by")
    context = {"form": form, "found": found, "mappings": rows}
    return render(request, "authorizations/imports/sender_mapping.html", context)


def saved(request: HttpRequest, form: SenderMappingForm) -> HttpResponse:
    """Remember the mapping. Raises Refused."""
    given = form.cleaned_data
    require(request, P.IMPORT, facility=given["facility"])
    row = save_sender_mapping(
        facility=given["facility"],
        sample=given["sample"],
        places=form.places,
        by=signed_in_person(request),
        shift_unit=given["shift_unit"],
        words=given["words"],
    )
    messages.success(request, f"Remembered: {row}.")
    return redirect("sender_mapping")


def only_one(mine: Any) -> dict[str, Facility]:
    return {"facility": mine[0]} if len(mine) == 1 else {}


def places_in(message: Message) -> list[tuple[str, str]]:
    """Each place of a message that says something, with what it says."""
    found = []
    for segment in message.segments:
        if segment.name == "OBX":
            found.append((f"OBX {segment.text(3)}", segment.whole(5)))
            continue
        for number in range(1 if segment.name != "MSH" else 3, len(segment.fields)):
            first = segment.field(number).split(segment.marks.repeat)[0]
            parts = first.split(segment.marks.component)
            for part in range(1, len(parts) + 1):
                if said := segment.text(number, part):
                    name = f"{segment.name}-{number}" + (f".{part}" if len(parts) > 1 else "")
                    found.append((name, said))
    return found
