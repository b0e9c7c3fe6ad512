"""Putting right what was typed wrongly: one page for each kind of record."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.access_log import record_access
from accounts.permissions import permit, signed_in_person
from accounts.roles import Permission
from authorizations.corrections.actions import correct_record
from authorizations.corrections.forms import CorrectionForm, correction_form
from authorizations.corrections.records import CORRECTABLE, Correctable
from authorizations.exceptions import Refused
from authorizations.models import CorrectedRecord, RecordCorrection

P = Permission


def show_correction(request: HttpRequest, pk: int, kind: Correctable) -> HttpResponse:
    """The record's values in a form, what was corrected before, and why it is corrected now."""
    row = get_object_or_404(kind.rows_for(signed_in_person(request)), pk=pk)
    form = correction_form(kind, request.POST or None, instance=row, user=request.user)
    if (
        request.method == "POST"
        and form.is_valid()
        and save_correction_form(request, kind, form, pk)
    ):
        return redirect(kind.page_of(kind.model._base_manager.get(pk=pk)))
    patient = kind.patient_of(kind.model._base_manager.get(pk=pk))
    record_access(request, patient=patient)
    earlier = RecordCorrection.objects.filter(record=kind.record, row=pk).select_related("by")
    context = {
        "form": form,
        "patient": patient,
        "label": CorrectedRecord(kind.record).label.lower(),
        "back": kind.page_of(kind.model._base_manager.get(pk=pk)),
        "corrections": earlier.order_by("-at"),
    }
    return render(request, "authorizations/corrections/record_correct.html", context)


def save_correction_form(
    request: HttpRequest, kind: Correctable, form: CorrectionForm, pk: int
) -> bool:
    """Whether it could be corrected; if not, the form says why."""
    row = kind.model._base_manager.get(pk=pk)
    reason = form.cleaned_data["reason"]
    try:
        done = correct_record(
            record=kind.record,
            row=row,
            values=form.values(),
            reason=reason,
            by=signed_in_person(request),
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    if done is None:
        messages.info(request, "Nothing differs from what is stored: nothing was changed.")
    else:
        messages.success(
            request, "Corrected. The old values stay in the history; open charges are judged again."
        )
    return True


def correction_page(record: str, permission: Permission) -> Callable[..., HttpResponse]:
    """The page of one kind of record, for those who hold the permission."""

    @permit(permission)
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        return show_correction(request, pk, CORRECTABLE[record])

    return view


patient_correct = correction_page(CorrectedRecord.PATIENT, P.REGISTER)
coverage_correct = correction_page(CorrectedRecord.COVERAGE, P.REGISTER)
course_correct = correction_page(CorrectedRecord.COURSE, P.REGISTER)
submission_correct = correction_page(CorrectedRecord.SUBMISSION, P.LOG_AUTHORIZATIONS)
contact_correct = correction_page(CorrectedRecord.CONTACT, P.LOG_AUTHORIZATIONS)
asked_item_correct = correction_page(CorrectedRecord.SENT, P.LOG_AUTHORIZATIONS)
person_correct = correction_page(CorrectedRecord.PERSON, P.REGISTER)
document_correct = correction_page(CorrectedRecord.DOCUMENT, P.LOG_AUTHORIZATIONS)
