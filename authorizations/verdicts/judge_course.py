"""Capturing charges from sessions and judging them by the rulebook, one course at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max, Min
from django.utils import timezone

from accounts.models import User
from authorizations.models import (
    OPEN,
    Charge,
    ChargeEvent,
    ChargeStatus,
    CodingReview,
    Course,
    GuidanceSession,
)
from authorizations.models.charges import NOT_RETURNED
from authorizations.verdicts.changed_verdicts import look_back
from authorizations.verdicts.facts import CourseData, RuleBooks, charge_facts
from authorizations.verdicts.proposed_line import propose, set_line, set_payer
from authorizations.verdicts.status import latest_judgements
from authorizations.verdicts.units import allocate_units, lock_courses
from authorizations.worklists.sync_tasks import in_one_pass, sync_courses, with_name
from coding.rules import Verdict, review
from coding.rules.serialize import facts_to_json, findings_from_json, verdict_to_json

A_WEEK = timedelta(days=7)
JUDGED = (
    *("status", "disposition", "leading_rule", "code", "modifiers", "units", "plan_id"),
    *("filing_deadline", "amount", "returned_to"),
)


@transaction.atomic
@in_one_pass()
def capture_and_judge(
    sessions: Iterable[GuidanceSession],
    *,
    by: User,
    on: date | None = None,
    books: RuleBooks | None = None,
    cause: str = "A session was recorded.",
) -> None:
    """Each imaged session gets its charge; then units are allocated and its course is judged."""
    by_course: dict[int, list[GuidanceSession]] = {}
    for session in sessions:
        by_course.setdefault(session.course_id, []).append(session)
    if not by_course:
        return
    books = books or RuleBooks()
    courses = Course.objects.filter(pk__in=by_course).order_by("pk").select_related("facility")
    for course in courses:
        new = by_course[course.pk]
        judge_course(course, by=by, on=on, books=books, cause=cause, sessions=new)


def capture(
    file: CourseData, sessions: Iterable[GuidanceSession], *, books: RuleBooks, by: User
) -> list[Charge]:
    """One charge for each imaged session: the line that its day, setting and payer call for."""
    mine = {session.pk for session in sessions if session.modalities}
    charges = []
    for session in file.sessions:
        if session.pk in mine and session.pk not in file.charges:
            charge = new_charge(file, session, books)
            file.add_charge(charge)
            charges.append(charge)
    Charge.objects.bulk_create(charges)
    ChargeEvent.objects.bulk_create(
        ChargeEvent(charge=charge, verb="capture", new_status=charge.status, by=by)
        for charge in charges
    )
    return charges


def new_charge(file: CourseData, session: GuidanceSession, books: RuleBooks) -> Charge:
    charge = Charge(
        session=session,
        facility=session.facility,
        date_of_service=session.date_of_service,
        place_of_service=session.facility.place_of_service,
    )
    set_line(charge, propose(file, session, books))
    set_payer(charge, file, books)
    return charge


@dataclass
class CourseReview:
    """Judging one course: what it looks at, and what it will write down."""

    file: CourseData
    books: RuleBooks
    judged_on: date
    by: User
    latest: dict[int, CodingReview]
    captured: set[int]  # charges whose line was proposed a moment ago
    changed: list[Charge] = field(default_factory=list)
    reviews: list[CodingReview] = field(default_factory=list)
    events: list[ChargeEvent] = field(default_factory=list)


@transaction.atomic
def judge_course(
    course: Course,
    *,
    by: User,
    on: date | None = None,
    books: RuleBooks | None = None,
    cause: str = "The facts of the course changed.",
    sessions: Collection[GuidanceSession] = (),
) -> list[Charge]:
    """Judge the open charges of a course, then those of the patient's other courses of its days.

    ``sessions`` of the course that were just recorded get their charges first.
    Answers whose charges of this course changed. What is released is not touched: it is marked
    where it would now be judged differently.
    """
    books = books or RuleBooks()
    changed = judge_one_course(course, by=by, on=on, books=books, cause=cause, sessions=sessions)
    others = concurrent_courses(course)
    for other in others:
        judge_one_course(other, by=by, on=on, books=books, cause=cause)
    sync_courses([course.pk, *(other.pk for other in others)], with_name(cause, by))
    return changed


def concurrent_courses(course: Course) -> list[Course]:
    """The patient's other courses with a session in the days of this one, or a week beside them.

    A session that was voided or moved to another day counts: what it changed is judged again.
    """
    others = Course.objects.filter(patient=course.patient_id).exclude(pk=course.pk)
    found = list(others.select_related("facility").order_by("pk"))
    if not found:
        return []
    days = GuidanceSession.objects.filter(course=course).aggregate(
        first=Min("date_of_service"), last=Max("date_of_service")
    )
    first, last = days["first"], days["last"]
    if first is None or last is None:
        return []
    span = (first - A_WEEK, last + A_WEEK)
    sessions = GuidanceSession.objects.live().filter(course__in=found, date_of_service__range=span)
    treated = set(sessions.values_list("course_id", flat=True))
    return [other for other in found if other.pk in treated]


def judge_one_course(
    course: Course,
    *,
    by: User,
    on: date | None,
    books: RuleBooks,
    cause: str,
    sessions: Collection[GuidanceSession] = (),
) -> list[Charge]:
    """Allocate the units of a course and judge each of its open charges by the rule books."""
    file, captured = read_to_judge(course, sessions, books=books, by=by)
    judged_on = on or timezone.now().astimezone(course.facility.tz).date()
    latest = latest_judgements(file.charges.values())
    sitting = CourseReview(file, books, judged_on, by, latest, {c.pk for c in captured})
    for session in file.sessions:
        charge = file.charges.get(session.pk)
        if charge is not None and charge.status in OPEN:
            judge_charge(charge, session, sitting)
    store(sitting.changed, sitting.reviews, sitting.events)
    look_back(file, books, latest=sitting.latest, by=by, cause=cause)
    return sitting.changed


def read_to_judge(
    course: Course, sessions: Collection[GuidanceSession], *, books: RuleBooks, by: User
) -> tuple[CourseData, list[Charge]]:
    """A course with its units allocated, and the charges captured before that; read once."""
    if not sessions:
        allocate_units(course)
        return CourseData(course), []
    lock_courses(Course.objects.filter(pk=course.pk))
    file = CourseData(course)
    captured = capture(file, sessions, books=books, by=by)
    allocate_units(course)
    file.read_units()
    return file, captured


def judge_charge(charge: Charge, session: GuidanceSession, sitting: CourseReview) -> None:
    """Judge one open charge; what changed is kept for writing down."""
    before, latest = judged_fields(charge), sitting.latest.get(charge.pk)
    if charge.pk not in sitting.captured:
        refresh(charge, sitting.file, session, sitting.books)
    facts = charge_facts(sitting.file, session, charge, sitting.judged_on, sitting.books)
    verdict = review(facts)
    if charge.returned_to and latest and numbers_of(latest) != verdict.numbers:
        sitting.events.append(mended(charge, verdict, sitting.by))
    take_verdict(charge, verdict)
    written = verdict_to_json(verdict)
    if latest is None or latest.verdict != written:
        row = coding_review(charge, facts_to_json(facts), written, verdict, sitting.by)
        sitting.reviews.append(row)
    if judged_fields(charge) != before:
        sitting.changed.append(charge)
        sitting.events.append(judged_event(charge, before, verdict, sitting.by))


def numbers_of(judgement: CodingReview) -> tuple[str, ...]:
    """The rules that spoke, as stored."""
    return tuple(finding.number for finding in findings_from_json(judgement.verdict))


def mended(charge: Charge, verdict: Verdict, by: User) -> ChargeEvent:
    """A charge that was returned comes back: the rulebook no longer says what it said."""
    who = charge.returned_to
    for name, value in NOT_RETURNED.items():
        setattr(charge, name, value)
    found = ", ".join(verdict.numbers) or "nothing"
    return ChargeEvent(
        charge=charge,
        verb="come_back",
        old_status=charge.status,
        new_status=charge.status,
        reason=f"The facts changed: the rulebook now finds {found}.",
        details={"line": charge.line, "from": who},
        by=by,
    )


def judged_fields(charge: Charge) -> tuple[Any, ...]:
    """All that a judgement may change, the status first."""
    return tuple(getattr(charge, name) for name in JUDGED)


def refresh(charge: Charge, file: CourseData, session: GuidanceSession, books: RuleBooks) -> None:
    """Propose the line again, unless a coder has corrected it."""
    if charge.corrected_at is None:
        set_line(charge, propose(file, session, books))
    set_payer(charge, file, books)


def take_verdict(charge: Charge, verdict: Verdict) -> None:
    """Clean charges are ready; those with a hold or a stop, or held by a person, are held."""
    leading = verdict.leading
    charge.disposition = verdict.disposition
    charge.leading_rule = leading.number if leading else ""
    is_kept = charge.hold_reason or charge.returned_to
    is_clean = verdict.disposition in ("pass", "WARN") and not is_kept
    charge.status = ChargeStatus.READY if is_clean else ChargeStatus.HELD


def coding_review(
    charge: Charge, facts: str, written: str, verdict: Verdict, by: User
) -> CodingReview:
    return CodingReview(
        charge=charge,
        facts=facts,
        verdict=written,
        rulebook_version=verdict.rulebook_version,
        disposition=verdict.disposition,
        judged_by=by,
    )


def judged_event(
    charge: Charge, before: tuple[Any, ...], verdict: Verdict, by: User
) -> ChargeEvent:
    return ChargeEvent(
        charge=charge,
        verb="judge",
        old_status=before[0],
        new_status=charge.status,
        reason=(verdict.leading.sentence if verdict.leading else "No finding.")[:400],
        details={"line": charge.line, "rules": list(verdict.numbers)},
        by=by,
    )


def store(charges: list[Charge], reviews: list[CodingReview], events: list[ChargeEvent]) -> None:
    Charge.objects.bulk_update(charges, sorted({*JUDGED, "amount_source", *NOT_RETURNED}))
    CodingReview.objects.bulk_create(reviews)
    ChargeEvent.objects.bulk_create(events)
