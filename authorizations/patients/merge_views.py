"""Merging two registrations of one person, and separating them: pages of who registers."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.access_log import record_access
from accounts.models import User
from accounts.permissions import permit, signed_in_person
from accounts.readers import read_row_number
from accounts.roles import Permission
from authorizations.courses.known_patients import patient_of_mrn, registered_patients
from authorizations.exceptions import Refused
from authorizations.models import Patient, PatientMerge
from authorizations.models.patient_merges import PatientMergeQuerySet
from authorizations.patients import merges

P = Permission
THIS, OTHER = "this", "other"
DONE = {
    "confirm": "They are one patient now; open charges were judged again.",
    "decline": "Declined: they stay two patients.",
    "separate": "Proposed: another person who registers confirms that they are two.",
    "confirm-separation": "They are two patients again; open charges were judged again.",
    "decline-separation": "Declined: they stay one patient.",
}


class MergeForm(forms.Form):
    """The other registration, which of the two is kept, and how somebody knows."""

    mrn = forms.CharField(label="MRN of the other registration", max_length=20)
    keep = forms.ChoiceField(label="Keep", widget=forms.RadioSelect)
    reason = forms.CharField(
        label="How you know that they are one person",
        max_length=200,
        help_text="Such as: same card and address, asked by telephone.",
    )

    def __init__(self, *args: Any, patient: Patient, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.patient, self.user = patient, user
        keep: Any = self.fields["keep"]
        keep.choices = [(THIS, f"{patient}, {patient.mrn}"), (OTHER, "The other one")]
        keep.initial = THIS
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean_mrn(self) -> Patient:
        found = patient_of_mrn(self.cleaned_data["mrn"], self.user)
        if found is None:
            raise ValidationError("No patient of this MRN where you register.")
        return found

    def pair(self) -> dict[str, Patient]:
        """Who is kept, and who is merged into that one."""
        pair = [self.patient, self.cleaned_data["mrn"]]
        if self.cleaned_data["keep"] == OTHER:
            pair.reverse()
        return {"kept": pair[0], "merged": pair[1]}


def merges_of(user: User) -> PatientMergeQuerySet:
    """Merges of patients whom the person registers."""
    mine = registered_patients(user)
    rows: PatientMergeQuerySet = PatientMerge.objects.filter(Q(kept__in=mine) | Q(merged__in=mine))
    return rows.select_related(
        *("kept", "merged", "proposed_by", "confirmed_by", "declined_by", "undo_proposed_by"),
        "undone_by",
    )


@permit(P.REGISTER)
def patient_merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose that this patient and another are one person."""
    user = signed_in_person(request)
    patient = get_object_or_404(registered_patients(user), pk=pk)
    number = read_row_number(request.GET.get("other"))
    other = registered_patients(user).filter(pk=number).first() if number else None
    initial = {"mrn": other.mrn} if other else {}
    form = MergeForm(request.POST or None, patient=patient, user=user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                reason = form.cleaned_data["reason"]
                merges.propose_merge(**form.pair(), reason=reason, by=user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Proposed: another person who registers confirms it.")
            return redirect("patient_detail", pk=pk)
    record_access(request, patient=patient)
    context = {"patient": patient, "form": form, "other": other}
    return render(request, "authorizations/patients/patient_merge.html", context)


@permit(P.REGISTER)
def merge_list(request: HttpRequest) -> HttpResponse:
    """Merges that wait for a second person, and those decided before."""
    rows = merges_of(signed_in_person(request))
    waiting = list(rows.waiting())
    decided = list(rows.exclude(pk__in=[row.pk for row in waiting])[:100])
    record_access(request, rows=len(waiting) + len(decided))
    context = {"waiting": waiting, "decided": decided}
    return render(request, "authorizations/patients/merge_list.html", context)


@require_POST
@permit(P.REGISTER)
def merge_decide(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Confirm or decline a merge, propose to separate the two, confirm or decline that."""
    user = signed_in_person(request)
    merge = get_object_or_404(merges_of(user), pk=pk)
    reason = request.POST.get("reason", "")
    work: dict[str, Any] = {
        "confirm": lambda: merges.confirm_merge(merge=merge, by=user),
        "decline": lambda: merges.decline_merge(merge=merge, by=user),
        "separate": lambda: merges.propose_separation(merge=merge, reason=reason, by=user),
        "confirm-separation": lambda: merges.confirm_separation(merge=merge, by=user),
        "decline-separation": lambda: merges.decline_separation(merge=merge, by=user),
    }
    if verb not in work:
        return redirect("merge_list")
    try:
        work[verb]()
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, DONE[verb])
    return redirect("merge_list")
