"""Charge review: the queue by finding, one charge with its reasons, and what a coder decides."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.db.models import Count, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.access_log import record_access
from accounts.permits import permit, require
from accounts.roles import Permission, has_permission
from authorizations import charge_page
from authorizations.actions import release as verbs
from authorizations.actions.disputes import acknowledge, dispute
from authorizations.actions.returns import (
    answer_return,
    return_to_physician,
    return_to_therapist,
)
from authorizations.filters import ChargeFilter
from authorizations.forms.charges import (
    Correction,
    DisputeForm,
    HoldForm,
    OptionalReason,
    Reason,
)
from authorizations.models import OPEN, Charge, ChargeStatus
from authorizations.standing import STATUS_TONES, TONES
from authorizations.tables import ChargeTable
from authorizations.views.lists import ListPage
from authorizations.workflow import IllegalMove

P = Permission
RELATED = ("session__course__patient", "session__facility", "facility", "plan__payer", "batch")


class ChargeList(ListPage):
    """The queue, by worklist and finding, with what it is worth."""

    model = Charge
    table_class = ChargeTable
    filterset_class = ChargeFilter
    template_name = "authorizations/charge_list.html"
    permissions = (P.REVIEW_CHARGES, P.READ_AUDIT)

    def get_queryset(self):
        rows = super().get_queryset().select_related(*RELATED)
        return rows if self.is_filtered else rows.filter(status__in=OPEN)

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        context = super().get_context_data(**more)
        rows = self.object_list.order_by()
        clean = rows.filter(status=ChargeStatus.READY)
        context |= {
            "totals": rows.aggregate(count=Count("pk"), units=Sum("units"), dollars=Sum("amount")),
            "by_rule": by_rule(rows),
            "clean": clean.aggregate(count=Count("pk"), dollars=Sum("amount")),
            "may_release": has_permission(self.request.user, P.REVIEW_CHARGES),
            "query": self.request.GET.urlencode() or "status=ready",
        }
        return context

    def get_table(self, **options):
        table = super().get_table(**options)
        table.tones, table.verdict_tones = STATUS_TONES, TONES
        return table


def by_rule(rows: Any) -> list[dict[str, Any]]:
    """The findings that lead these charges, the dearest first, each with a link."""
    found = (
        rows.filter(status=ChargeStatus.HELD)
        .exclude(leading_rule="")
        .values("leading_rule", "disposition")
        .annotate(count=Count("pk"), dollars=Sum("amount"))
        .order_by("-count")[:12]
    )
    base = reverse("charge_list")
    return [
        {
            **row,
            "url": f"{base}?rule={row['leading_rule']}&status=held",
            "tone": TONES.get(row["disposition"]),
        }
        for row in found
    ]


def load(request: HttpRequest, pk: int) -> Charge:
    """The charge within the person's facilities. Raises Http404."""
    rows = Charge.objects.for_user(request.user).select_related(
        *RELATED,
        "session__authorized_service__authorization",
        "released_by",
        "corrected_by",
        "overridden_by",
        "replaces",
    )
    return get_object_or_404(rows, pk=pk)


@permit(P.REVIEW_CHARGES, P.READ_AUDIT)
def charge_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One charge: why it stands as it stands, and what may be done."""
    return show(request, load(request, pk))


def show(request: HttpRequest, charge: Charge, **more: Any) -> HttpResponse:
    record_access(request, patient=charge.session.course.patient)
    shown = charge_page.shown(charge, request.user)
    proposed = shown["correction"]
    initial = {
        "code": (proposed and proposed.code) or charge.code,
        "modifiers": " ".join(
            proposed.modifiers if proposed and proposed.modifiers is not None else charge.modifiers
        ),
        "units": (proposed and proposed.units) or charge.units,
    }
    context = {
        "charge": charge,
        "session": charge.session,
        "course": charge.session.course,
        **shown,
        "correction_form": Correction(initial=initial),
        **more,
    }
    return render(request, "authorizations/charge_detail.html", context)


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
    "override_stop": (Reason, verbs.override_stop, "The stop is overridden, in your name."),
    "acknowledge": (Reason, acknowledge, "Kept as released, with your reason."),
    "void": (Reason, verbs.void, "Void. It stays in the history."),
    "replace": (Reason, verbs.replace, "Void, and captured anew."),
}


@require_POST
@permit(P.REVIEW_CHARGES)
def charge_move(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One decision about one charge."""
    charge = load(request, pk)
    require(request, P.REVIEW_CHARGES, facility=charge.facility)
    if verb not in FORMS:
        raise Http404
    form_class, action, done = FORMS[verb]
    form = form_class(request.POST)
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
    return redirect("charge_detail", pk=result.pk)


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
    return show(request, charge, **more)
