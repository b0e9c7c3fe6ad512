"""The lines of a request: their units as a ledger, and their codes when these have changed."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access_log import record_access
from accounts.exports.response import asked_kind, table_file
from accounts.models import AccessEvent
from accounts.permissions import permit, signed_in_person
from accounts.roles import Permission, has_permission
from accounts.web.query_values import asked_date
from authorizations.courses.known_patients import earlier_courses
from authorizations.courses.recoding import recoding
from authorizations.models import Coverage, PriorAuthorization, joined_on
from authorizations.prior_authorizations import exports
from authorizations.prior_authorizations.deadlines import clock_kept
from authorizations.prior_authorizations.page import lacking_proof
from authorizations.prior_authorizations.unit_ledger import PARTS, ledgers, sessions_in
from authorizations.prior_authorizations.views import get_authorization_or_404
from authorizations.web.event_labels import done_and_now
from payers.clocks.plan_notes import PlanNote, promises_of_plan

P = Permission


@permit(P.READ_CASES)
def authorization_recode(request: HttpRequest, pk: int) -> HttpResponse:
    """What to amend where a request is written in codes of before 2026."""
    authorization = get_authorization_or_404(request, pk)
    record_access(request, patient=authorization.course.patient)
    on = asked_date(request.GET.get("on"))
    context = {
        "authorization": authorization,
        "course": authorization.course,
        "on": on,
        "recoding": recoding(authorization, on),
        "sessions": authorization.course.sessions.live().filter(date_of_service__gte=on).count(),
        "may_ask": has_permission(
            request.user, P.LOG_AUTHORIZATIONS, authorization.course.facility
        ),
    }
    return render(request, "authorizations/prior_authorizations/authorization_recode.html", context)


@permit(P.READ_CASES)
def authorization_ledger(request: HttpRequest, pk: int, line: int, part: str) -> HttpResponse:
    """The sessions or days behind a figure of the units ledger."""
    authorization = get_authorization_or_404(request, pk)
    found = next((row for row in ledgers(authorization) if row.line.pk == line), None)
    if found is None or part not in PARTS:
        raise Http404
    is_planned = part == "scheduled"
    sessions = [] if is_planned else sessions_in(found.line, part).select_related("facility")
    planned = found.planned if is_planned else ()
    if asked_kind(request):
        listed = exports.ledger_tables(sessions, planned)
        return table_file(request, listed, f"request-{pk}-{part}", authorization.course.patient)
    record_access(request, patient=authorization.course.patient)
    context = {
        "authorization": authorization,
        "course": authorization.course,
        "ledger": found,
        "label": PARTS[part],
        "sessions": sessions,
        "planned": planned,
    }
    return render(request, "authorizations/prior_authorizations/authorization_ledger.html", context)


def promises(authorization: PriorAuthorization) -> list[PlanNote]:
    """What the plan owed to the course by law when it was asked, and what its insurer undertook."""
    coverages = Coverage.objects.filter(
        patient=authorization.course.patient_id, rank=Coverage.Rank.PRIMARY
    )
    asked = authorization.received_on or authorization.created_at
    plan, on = authorization.plan, asked.astimezone(authorization.facility.tz).date()
    return promises_of_plan(plan, on, joined_on=joined_on(plan, on, coverages))


@permit(P.READ_CASES)
def authorization_packet(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that proves a request and how its clock was kept, on paper."""
    authorization = get_authorization_or_404(request, pk)
    record_access(
        request,
        patient=authorization.course.patient,
        action=AccessEvent.Action.EXPORT,
    )
    context = {
        "authorization": authorization,
        "course": authorization.course,
        "lines": authorization.lines.all(),
        "clock": clock_kept(authorization),
        "promises": promises(authorization),
        "lacks": lacking_proof(authorization),
        "events": [
            (event, done_and_now(event.verb, event.new_status))
            for event in authorization.events.select_related("by")
        ],
        "contacts": authorization.contacts.select_related("logged_by").order_by("logged_at"),
        "earlier": earlier_courses(
            authorization.course.patient, signed_in_person(request), authorization.course
        ),
        "documents": authorization.documents.select_related("added_by").order_by("added_at"),
    }
    return render(request, "authorizations/prior_authorizations/authorization_packet.html", context)
