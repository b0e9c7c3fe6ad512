"""The evidence of one fraction on one page: from the order to the batch."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.access_log import record_access
from accounts.permissions import permit
from accounts.roles import Permission, has_permission
from authorizations.charges.evidence import MISSING, EvidenceChain
from authorizations.models import GuidanceSession

P = Permission
RELATED = (
    "course__patient",
    "course__physician",
    "facility",
    "therapist",
    "recorded_by",
    "authorized_service__authorization__plan__payer",
    "authorized_service__authorization__plan__issuer",
)


@permit(P.READ_CASES)
def session_evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """Each link with what proves it; the first missing one named, with who acts."""
    rows = GuidanceSession.objects.for_user(request.user, P.READ_CASES).select_related(*RELATED)
    session = get_object_or_404(rows, pk=pk)
    record_access(request, patient=session.course.patient)
    readers, facility = (P.REVIEW_CHARGES, P.READ_AUDIT), session.facility
    may_open = any(has_permission(request.user, p, facility) for p in readers)
    chain = EvidenceChain(session, may_open_charges=may_open)
    links = chain.links
    context = {
        "session": session,
        "course": session.course,
        "links": links,
        "missing": next((link for link in links if link.standing == MISSING), None),
        "time_line": chain.time_line,
    }
    return render(request, "authorizations/charges/session_evidence.html", context)
