"""The physician's queue: images and shifts to approve before the next treatment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.contrib import messages
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.access_log import record_access
from accounts.exports.response import asked_kind, table_file
from accounts.models import ProviderRole, User
from accounts.past import clock
from accounts.permissions import permit, signed_in_person
from accounts.readers import read_row_number
from accounts.roles import Permission
from accounts.web.text import one_line
from authorizations.courses.review_deadlines import Deadline, Due, by_deadline, most_urgent
from authorizations.exceptions import NotRecorded
from authorizations.models import GuidanceSession, ImageReview, ReviewDecision
from authorizations.treatments import exports
from authorizations.treatments.reviews import ReviewResult, review_images
from authorizations.treatments.shift_trends import ShiftTrend, shift_trends
from authorizations.verdicts.image_reviews import by_decision
from authorizations.web.modality_labels import modality_label
from authorizations.worklists.querysets import to_review

AT_ONCE = 100
REFUSED_KEY = "refused_image_reviews"  # in the browser session, until the list is shown again
CONFIRMED = "confirmed"
WORDS = {
    ReviewDecision.APPROVED: "approved",
    ReviewDecision.REJECTED: "rejected",
    ReviewDecision.PRELIMINARY: "looked at; the attending approves",
}


@dataclass(frozen=True)
class Awaited:
    """A session whose images wait, and by when they must be approved."""

    session: GuidanceSession
    modality: str
    deadline: Deadline
    has_resident: bool
    report: ImageReview | None = None
    is_reported_as_mine: bool = False
    trend: ShiftTrend | None = None
    refusal: str = ""  # why the answer just given was not taken; the row is still ticked then

    @property
    def is_past(self) -> bool:
        return self.deadline.before < clock.now()

    @property
    def is_late(self) -> bool:
        """Whether the next treatment was given; one that was only expected may have been missed."""
        return self.is_past and not self.deadline.is_expected


@permit(Permission.REVIEW_IMAGES)
def image_review_list(request: HttpRequest) -> HttpResponse:
    """Images awaiting review, the most urgent first."""
    waits, user = not_seen_yet(request), signed_in_person(request)
    if asked_kind(request):
        return table_file(
            request, exports.awaited_image_tables(awaited_rows(by_deadline(waits), user))
        )
    role = provider_role(request)
    mine = waits.filter(course__physician__user=user)
    found = most_urgent(mine, AT_ONCE)
    found += most_urgent(waits.exclude(pk__in=mine), AT_ONCE - len(found))
    rows = awaited_rows(found, user)
    record_access(request, rows=len(rows))
    refused = request.session.pop(REFUSED_KEY, {})
    trends = shift_trends(row.session for row in rows)
    rows = [with_trend(row, trends, refused) for row in rows]
    context = {
        "rows": rows,
        "groups": by_physician(rows, user),
        "note": refused.get("note", ""),
        "has_refused": bool(refused),
        "total": waits.count(),
        "total_mine": mine.count(),
        "is_resident": role == ProviderRole.RESIDENT,
        "is_linked": role in (ProviderRole.RADIATION_ONCOLOGIST, ProviderRole.RESIDENT),
        "has_residents": any(row.has_resident for row in rows),
        "has_reports": any(row.is_reported_as_mine for row in rows),
    }
    return render(request, "authorizations/treatments/image_review_list.html", context)


def with_trend(row: Awaited, trends: dict[int, ShiftTrend], refused: dict[str, str]) -> Awaited:
    """The row with how its shifts went, and why an answer just given was not taken."""
    number = row.session.pk
    return replace(row, trend=trends.get(number), refusal=refused.get(str(number), ""))


def by_physician(rows: list[Awaited], user: User) -> list[tuple[str, list[Awaited]]]:
    """The sessions of this physician's courses first, those of colleagues apart from them."""
    mine = [row for row in rows if row.session.course.physician.user_id == user.pk]
    others = [row for row in rows if row.session.course.physician.user_id != user.pk]
    heading = "Of colleagues" if mine else ""
    groups = (("Of my courses" if others else "", mine), (heading, others))
    return [group for group in groups if group[1]]


def sessions_to_review(request: HttpRequest) -> QuerySet[GuidanceSession]:
    """Images awaiting an answer, at the facilities where this person may give one."""
    return to_review(request.user, clock.now())


def provider_role(request: HttpRequest) -> str:
    """As what the person behind this login is credentialed; nothing where nobody is linked."""
    provider = getattr(request.user, "provider", None)
    return provider.role if provider and provider.is_active else ""


def not_seen_yet(request: HttpRequest) -> QuerySet[GuidanceSession]:
    """What waits for this person: a resident does not see again what they have looked at."""
    rows = sessions_to_review(request)
    if provider_role(request) == ProviderRole.RESIDENT:
        rows = rows.exclude(reviews__reviewed_by=request.user.provider)
    return rows.select_related("course__patient", "course__physician", "facility", "therapist")


def awaited_rows(found: list[Due], user: User) -> list[Awaited]:
    """The rows of the queue, each with what a person's file reports about it."""
    reviews = by_decision(session for _, session in found)
    seen, reports = reviews[ReviewDecision.PRELIMINARY], reviews[ReviewDecision.REPORTED]
    rows = []
    for deadline, session in found:
        report = reports.get(session.pk)
        is_mine = report is not None and report.reviewed_by.user_id == user.pk
        label = modality_label("+".join(session.modalities))
        rows.append(Awaited(session, label, deadline, session.pk in seen, report, is_mine))
    return rows


@require_POST
@permit(Permission.REVIEW_IMAGES)
def image_review_record(request: HttpRequest) -> HttpResponse:
    """Answer the ticked sessions, each on its own, each with what became of it."""
    asked = request.POST.get("decision", "")
    is_confirmation = asked == CONFIRMED or "confirm" in request.POST
    ticked = ticked_sessions(request)
    sessions = list(sessions_to_review(request).filter(pk__in=ticked))
    if not ticked:
        messages.info(request, "Tick the sessions you have looked at; nothing was recorded.")
        return redirect("image_review_list")
    tell_answered(request, set(ticked) - {session.pk for session in sessions})
    if not sessions:
        return redirect("image_review_list")
    decision = asked if asked in WORDS and not is_confirmation else ReviewDecision.APPROVED
    note = one_line(request.POST.get("note", ""), 400)
    try:
        results = review_images(
            sessions=sessions,
            by=request.user,
            decision=decision,
            note=note,
            is_confirmation=is_confirmation,
        )
    except NotRecorded as refusal:
        messages.error(request, str(refusal))
    else:
        word = "confirmed as reported" if is_confirmation else WORDS[ReviewDecision(decision)]
        report_reviews(request, results, word)
        keep_refused(request, results, note)
    return redirect("image_review_list")


def keep_refused(request: HttpRequest, results: list[ReviewResult], note: str) -> None:
    """What was not taken stays ticked, with its reason beside it, and the note stays typed."""
    refused = {str(r.session.pk): r.sentence for r in results if not r.is_done}
    if refused:
        request.session[REFUSED_KEY] = {**refused, "note": note}


def ticked_sessions(request: HttpRequest) -> list[int]:
    """The ticked sessions, or the one whose report is confirmed in its row."""
    given = request.POST.getlist("confirm") or request.POST.getlist("session")
    return [number for number in map(read_row_number, given) if number][:AT_ONCE]


def tell_answered(request: HttpRequest, ticked: set[int]) -> None:
    """Each ticked session that does not wait any more, and why: it was answered or taken back."""
    readable = GuidanceSession.objects.for_user(request.user, Permission.REVIEW_IMAGES)
    mine = readable.filter(pk__in=ticked)
    latest = ImageReview.objects.filter(session=OuterRef("pk")).order_by("-recorded_at")
    rows = mine.annotate(by_name=Subquery(latest.values("reviewed_by__name")[:1]))
    for session in rows.select_related("course", "voided_by"):
        name = f"{session.course.code}, {session}"
        why = f"answered by {session.by_name}" if session.by_name else "not waiting any more"
        if session.voided_at:
            why = f"taken back by {session.voided_by}"
        messages.warning(request, f"{name}: {why}. Your answer was not recorded.")
    missing = len(ticked) - len(rows)
    if missing:
        messages.warning(request, f"{missing} ticked are not of your facilities any more.")


def report_reviews(request: HttpRequest, results: Iterable[ReviewResult], word: str) -> None:
    """How many were answered, and each that was late or refused."""
    done = sum(result.is_done for result in results)
    if done:
        messages.success(request, f"{done} session{'s' * (done != 1)} {word}.")
    for result in results:
        name = f"{result.session.course.code}, {result.session}"
        if result.is_late:
            messages.warning(request, f"{name}: {result.sentence}")
        elif not result.is_done:
            messages.error(request, f"{name}: {result.sentence}")
