"""How each course of the demo was authorized, done by the actions the front desk uses."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from accounts.models import Facility, User
from authorizations.models import Course, LineDecision, PriorAuthorization
from authorizations.models.documents import DocumentKind
from authorizations.prior_authorizations.actions import (
    log_contact,
    make_authorization_move,
    open_request,
    submit,
)
from authorizations.prior_authorizations.decisions import LineAnswer, decide
from authorizations.prior_authorizations.documents import attach_document
from payers.models import Plan
from seeds.demo.cases import Case
from seeds.demo.letters import letter_as_pdf

UNASKED = ("none", "not_required")
DENIED = ("denied", "won")
CUT = ("partial", "talked")
CONTESTED = {"won": "appeal", "talked": "schedule_peer_to_peer"}
UNDECIDED = ("draft", "submitted", "overdue", "pended")


def ask(case: Case, course: Course, number: int, today: date, by: User) -> None:
    """Open, send and decide the request of a course as its case says."""
    if case.permission in UNASKED:
        return
    request = open_request(
        course=course,
        lines=lines(course),
        by=by,
        plan=Plan.objects.get(code=case.plan),
        facility=place(case, course),
    )
    if case.permission == "draft":
        return
    asked_on = asked(case, course, today)
    submit(
        authorization=request,
        by=by,
        channel="portal" if number % 3 else "phone",
        received_on=datetime.combine(asked_on, time(10, 20), tzinfo=course.facility.tz),
        reference=f"CASE{number:05d}",
    )
    if case.permission == "pended":
        pend(request, today, by)
    if case.permission not in UNDECIDED:
        answer(case, request, number, asked_on, today, by)
    if case.permission in CONTESTED:
        contest(case, request, number, today, by)


def lines(course: Course) -> list[dict[str, Any]]:
    units = course.fractions_planned
    guidance = {"code": "77387", "modifier": "26", "units_requested": units}
    return [{"code": course.delivery_code, "modifier": "", "units_requested": units}, guidance]


def place(case: Case, course: Course) -> Facility:
    """The facility the payer was told: once, the wrong one."""
    if case.permission == "wrong_site":
        return Facility.objects.get(code="RIVER")
    return course.facility


def asked(case: Case, course: Course, today: date) -> date:
    """About ten days before the first treatment; some are so old that the answer is overdue."""
    if case.permission == "overdue":
        return today - timedelta(days=24)
    if case.permission in ("submitted", "pended"):
        return today - timedelta(days=3)
    return course.start - timedelta(days=11 + course.pk % 4)


def pend(request: PriorAuthorization, today: date, by: User) -> None:
    wanted = "They want the consultation note and the dose comparison."
    make_authorization_move(
        authorization=request, verb="pend", by=by, reason=wanted, pend_reason=wanted
    )
    log_contact(
        authorization=request,
        by=by,
        channel="phone",
        person="Intake",
        reference="R-4471",
        summary="Fax the consultation note; they look at it within two business days.",
        next_touch_on=today,
    )


def answer(
    case: Case, request: PriorAuthorization, number: int, asked_on: date, today: date, by: User
) -> None:
    decided_on = min(asked_on + timedelta(days=3 + number % 6), today)
    if case.permission not in ("phone", *DENIED):
        attach_approval(request, f"Authorization A{number:04d}7387", by)
    decide(
        authorization=request,
        by=by,
        decided_on=decided_on,
        evidence="phone" if case.permission == "phone" else "letter",
        number="" if case.permission in DENIED else f"A{number:04d}7387",
        reason=reason(case),
        answers=[line_answer(case, line, request.course, today) for line in request.lines.all()],
    )


def attach_approval(request: PriorAuthorization, text: str, by: User) -> None:
    """The payer's letter, before what it says is written down."""
    content, kind = letter_as_pdf(f"{text}, {request.course.code}"), DocumentKind.APPROVAL_LETTER
    attach_document(authorization=request, content=content, kind=kind, by=by)


def reason(case: Case) -> str:
    denied = "Not shown to be medically necessary; send the plan comparison."
    return denied if case.permission in (*DENIED, *CUT) else ""


def line_answer(case: Case, line: Any, course: Course, today: date) -> LineAnswer:
    is_guidance = line.code == "77387"
    if case.permission in DENIED or (case.permission in CUT and is_guidance):
        return LineAnswer(line, LineDecision.DENIED, reason=reason(case))
    return allowed(case, line, course, today)


def allowed(case: Case, line: Any, course: Course, today: date) -> LineAnswer:
    """A line approved: once with too few units, once until soon, once until yesterday."""
    is_guidance = line.code == "77387"
    start = course.start - timedelta(days=7)
    end = course.start + timedelta(days=90)
    units = line.units_requested
    if case.permission == "short" and is_guidance:
        units -= 5
    if case.permission == "expiring":
        end = today + timedelta(days=6)
    if case.permission == "ended":
        end = today - timedelta(days=1)
    return LineAnswer(line, LineDecision.APPROVED, units, start, end)


def contest(case: Case, request: PriorAuthorization, number: int, today: date, by: User) -> None:
    """The denial is appealed, or talked over by the physician, and the payer allows it all."""
    request.refresh_from_db()
    why = "The plan comparison is attached."
    make_authorization_move(
        authorization=request, verb=CONTESTED[case.permission], by=by, reason=why
    )
    attach_approval(request, f"Decision changed: authorization A{number:04d}7387", by)
    decide(
        authorization=request,
        by=by,
        decided_on=min(request.decided_on + timedelta(days=12), today),
        evidence="letter",
        number=f"A{number:04d}7387",
        answers=[allowed(case, line, request.course, today) for line in request.lines.all()],
    )
