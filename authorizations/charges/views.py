"""Charge review: the queue by finding, one charge with its reasons, and what a coder decides."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from accounts.access_log import record_access
from accounts.past import clock
from accounts.permissions import permit, require
from accounts.roles import Permission, has_permission
from authorizations.charges import actions as verbs
from authorizations.charges import page as charge_page
from authorizations.charges import successors
from authorizations.charges.disputes import acknowledge, dispute
from authorizations.charges.forms import Correction, DisputeForm, HoldForm
from authorizations.charges.overrides import confirm_override, decline_override, propose_override
from authorizations.charges.queue.actions import visit
from authorizations.charges.returns import answer_return, return_to_physician, return_to_therapist
from authorizations.models import Charge
from authorizations.web.list_view import after
from authorizations.web.reason_form import OptionalReason, Reason
from authorizations.workflow import IllegalMove

P = Permission
READERS = (P.REVIEW_CHARGES, P.READ_AUDIT)
RELATED = ("session__course__patient", "session__facility", "facility", "plan__payer", "batch")


def get_charge_or_404(request: HttpRequest, pk: int) -> Charge:
    """The charge within the person's facilities. Raises Http404."""
    rows = Charge.objects.for_user(request.user, *READERS).select_related(
        *RELATED,
        "session__authorized_service__authorization",
        "session__recorded_by",
        "session__voided_by",
        "assignment__assigned_to",
        "released_by",
        "corrected_by",
        "overridden_by",
        "override_proposed_by",
        "replaces",
    )
    return get_object_or_404(rows, pk=pk)


@permit(*READERS)
def charge_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One charge: why it stands as it stands, and what may be done."""
    return show_charge(request, get_charge_or_404(request, pk))


def show_charge(request: HttpRequest, charge: Charge, **more: Any) -> HttpResponse:
    context = charge_context(request, charge, **more)
    return render(request, "authorizations/charges/charge_detail.html", context)


def charge_context(
    request: HttpRequest, charge: Charge, *, stay: str = "", onward: str = "", **more: Any
) -> dict[str, Any]:
    """What the page of a charge shows, and the pane beside the list; opening it is noted."""
    record_access(request, patient=charge.session.course.patient)
    now = clock.now()
    may_work = has_permission(request.user, P.REVIEW_CHARGES, charge.facility)
    if may_work and clock.known_at() is None:
        visit(charge=charge, by=request.user, at=now)
    shown = charge_page.charge_page_context(charge, request.user, now, stay=stay, onward=onward)
    form = Correction(
        charge=charge, initial=charge_page.correction_initial(charge, shown["correction"])
    )
    return {
        "charge": charge,
        "session": charge.session,
        "course": charge.session.course,
        **shown,
        "correction_form": form,
        **more,
    }


FORMS: dict[str, tuple[type, Any, str]] = {
    "release": (OptionalReason, verbs.release, "Released."),
    "apply_correction": (
        OptionalReason,
        verbs.apply_correction,
        "Corrected as the rulebook proposes, and judged again.",
    ),
    "hold": (HoldForm, verbs.hold, "Held."),
    "return_to_therapist": (Reason, return_to_therapist, "It is in the therapists’ worklist."),
    "return_to_physician": (Reason, return_to_physician, "It is in the physicians’ worklist."),
    "answer_return": (Reason, answer_return, "Answered: the charge is back with the coder."),
    "return_to_review": (OptionalReason, verbs.unhold, "Judged again by the rulebook."),
    "correct": (Correction, verbs.correct, "Corrected and judged again."),
    "mark_not_billable": (Reason, verbs.mark_not_billable, "Marked as not billable."),
    "dispute": (DisputeForm, dispute, "Noted under its rule. The finding stands."),
    "propose_override": (
        Reason,
        propose_override,
        "Proposed. Another manager confirms or declines it; until then the stop stays.",
    ),
    "confirm_override": (OptionalReason, confirm_override, "Overridden, in both your names."),
    "decline_override": (Reason, decline_override, "Declined. The stop stays."),
    "acknowledge": (Reason, acknowledge, "Kept as released, with your reason."),
    "void": (Reason, verbs.void, "Void. Nothing bills this fraction until it is captured anew."),
    "replace": (Reason, successors.replace, "Void, and captured anew."),
    "capture_again": (Reason, successors.capture_again, "Captured anew, and judged."),
    "leave_unbilled": (Reason, successors.leave_unbilled, "Left unbilled, with your reason."),
}


@require_POST
@permit(P.REVIEW_CHARGES)
def charge_move(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One decision about one charge."""
    charge = get_charge_or_404(request, pk)
    require(request, P.REVIEW_CHARGES, facility=charge.facility)
    if verb not in FORMS:
        raise Http404
    form_class, action, done = FORMS[verb]
    about = {"charge": charge} if form_class is Correction else {}
    form = form_class(request.POST, **about)
    if not form.is_valid():
        return refuse(request, charge, verb, form)
    try:
        result = action(charge=charge, by=request.user, **form.cleaned_data)
    except IllegalMove as refusal:
        form.add_error(None, str(refusal))
        return refuse(request, charge, verb, form)
    except IntegrityError:
        form.add_error(None, "This session already has a live charge for this code.")
        return refuse(request, charge, verb, form)
    messages.success(request, done)
    return after(request, "charge_detail", pk=result.pk)


def refuse(request: HttpRequest, charge: Charge, verb: str, form: Any) -> HttpResponse:
    """The page again with what was wrong and what was typed."""
    sentences = [str(error) for errors in form.errors.values() for error in errors]
    more: dict[str, Any] = {
        "refused_verb": verb,
        "refusal": " ".join(sentences),
        "typed": request.POST.get("reason", ""),
    }
    if verb == "correct":
        more["correction_form"] = form
    return show_charge(request, charge, **more)
