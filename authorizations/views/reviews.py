"""The physician's queue: images and shifts to approve before the next treatment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib import messages
from django.db.models import Min, OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts import clock
from accounts.access_log import record_access
from accounts.permits import permit
from accounts.roles import Permission
from accounts.text import one_line
from authorizations.actions.errors import NotRecorded
from authorizations.actions.sessions import review_images
from authorizations.forms.day_sheet import modality_label
from authorizations.models import GuidanceSession, ReviewDecision
from authorizations.tables import SessionTable
from authorizations.views.downloads import asked_kind, download
from authorizations.worklists.queues import to_review

AT_ONCE = 100


@dataclass(frozen=True)
class Awaited:
    """A session whose images wait, and by when they must be approved."""

    session: GuidanceSession
    modality: str
    before: datetime
    is_expected: bool

    @property
    def is_late(self) -> bool:
        return self.before < clock.now()


@permit(Permission.REVIEW_IMAGES)
def image_review_list(request: HttpRequest) -> HttpResponse:
    """Images awaiting review, the most urgent first."""
    if asked_kind(request):
        waiting = to_review(request.user, clock.now())
        return download(request, waiting, SessionTable, "images-awaiting-review")
    rows = awaited(request)
    record_access(request, rows=len(rows))
    context = {
        "rows": rows[:AT_ONCE],
        "total": len(rows),
        "is_linked": getattr(request.user, "provider", None) is not None,
    }
    return render(request, "authorizations/image_review_list.html", context)


def awaited(request: HttpRequest) -> list[Awaited]:
    """The queue by deadline: the start of the next treatment, or the next weekday at this time."""
    following = (
        GuidanceSession.objects.live()
        .filter(course=OuterRef("course"), started_at__gt=OuterRef("started_at"), is_delivered=True)
        .order_by()
        .values("course")
        .annotate(first=Min("started_at"))
        .values("first")
    )
    sessions = (
        to_review(request.user, clock.now())
        .annotate(next_start=Subquery(following))
        .select_related("course__patient", "facility", "therapist")
    )
    return sorted((awaited_row(s) for s in sessions), key=lambda row: row.before)


def awaited_row(session: GuidanceSession) -> Awaited:
    modality = modality_label("+".join(session.modalities))
    if session.next_start:
        return Awaited(session, modality, session.next_start, is_expected=False)
    start = session.started_at.astimezone(session.facility.tz)
    expected = start + timedelta(days=1)
    while expected.weekday() > 4:
        expected += timedelta(days=1)
    return Awaited(session, modality, expected, is_expected=True)


@require_POST
@permit(Permission.REVIEW_IMAGES)
def image_review_record(request: HttpRequest) -> HttpResponse:
    """Approve or reject the ticked sessions, each on its own, each answered."""
    ticked = [int(pk) for pk in request.POST.getlist("session") if pk.isdigit()]
    sessions = list(to_review(request.user, clock.now()).filter(pk__in=ticked[:AT_ONCE]))
    if not sessions:
        messages.info(request, "Tick the sessions you have looked at; nothing was recorded.")
        return redirect("image_review_list")
    is_rejected = request.POST.get("decision") == ReviewDecision.REJECTED
    decision = ReviewDecision.REJECTED if is_rejected else ReviewDecision.APPROVED
    note = one_line(request.POST.get("note", ""), 400)
    try:
        results = review_images(sessions=sessions, by=request.user, decision=decision, note=note)
    except NotRecorded as refusal:
        messages.error(request, str(refusal))
        return redirect("image_review_list")
    done = sum(result.is_done for result in results)
    if done:
        word = "rejected" if is_rejected else "approved"
        messages.success(request, f"{done} session{'s' * (done != 1)} {word}.")
    for result in results:
        if not result.is_done:
            messages.error(request, f"{result.session}: {result.sentence}")
    return redirect("image_review_list")
