"""Capturing charges from sessions and judging them by the rulebook, one course at a time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from authorizations.actions.units import settle_units
from authorizations.facts import Books, CourseFile, charge_facts, day_facts, deadline
from authorizations.models import (
    OPEN,
    Charge,
    ChargeEvent,
    ChargeStatus,
    CodingReview,
    Course,
    GuidanceSession,
)
from coding.rules import Verdict, review
from coding.rules.lines import ProposedLine, proposed_line
from coding.rules.serialize import facts_to_json, verdict_to_json
from payers.facts import payer_facts


@transaction.atomic
def capture_and_judge(
    sessions: Iterable[GuidanceSession], *, by: User, on: date | None = None
) -> None:
    """Each imaged session gets its charge; then its course's units are settled and it is judged."""
    books = Books()
    by_course: dict[int, list[GuidanceSession]] = {}
    for session in sessions:
        by_course.setdefault(session.course_id, []).append(session)
    courses = Course.objects.filter(pk__in=by_course).order_by("pk").select_related("facility")
    for course in courses:
        capture(course, by_course[course.pk], books=books, by=by)
        judge_course(course, by=by, on=on, books=books)


def capture(
    course: Course, sessions: Iterable[GuidanceSession], *, books: Books, by: User
) -> list[Charge]:
    """One charge for each imaged session: the line that its day, setting and payer call for."""
    file = CourseFile(course)
    mine = {session.pk for session in sessions if session.modalities}
    charges = [
        new_charge(file, session, books)
        for session in file.sessions
        if session.pk in mine and session.pk not in file.charges
    ]
    Charge.objects.bulk_create(charges)
    ChargeEvent.objects.bulk_create(
        ChargeEvent(charge=charge, verb="capture", new_status=charge.status, by=by)
        for charge in charges
    )
    return charges


def new_charge(file: CourseFile, session: GuidanceSession, books: Books) -> Charge:
    charge = Charge(
        session=session,
        facility=session.facility,
        date_of_service=session.date_of_service,
        place_of_service=session.facility.place_of_service,
    )
    set_line(charge, propose(file, session, books))
    set_payer(charge, file, books)
    return charge


def propose(file: CourseFile, session: GuidanceSession, books: Books) -> ProposedLine:
    """The line this session should be charged as on its date of service."""
    on = session.date_of_service
    review_row = file.reviews.get(session.pk)
    return proposed_line(
        date_of_service=on,
        payer=payer_facts(file.plan_on(on), on, books.policies),
        modalities=tuple(session.modalities),
        place_of_service=session.facility.place_of_service,
        day=day_facts(file, session),
        reviewer_npi=review_row.reviewed_by.npi if review_row else "",
        has_resident=session.pk in file.looked_at,
    )


def set_line(charge: Charge, line: ProposedLine) -> None:
    charge.code, charge.modifiers, charge.units = line.code, list(line.modifiers), line.units


def set_payer(charge: Charge, file: CourseFile, books: Books) -> None:
    """Who pays that day, by when the claim must arrive, and what it is worth."""
    on = charge.date_of_service
    charge.plan = file.plan_on(on)
    charge.filing_deadline = deadline(charge.plan, on, books.policies)
    charge.amount, charge.amount_source = books.policies.amount(
        charge.plan, charge.code, charge.modifiers, charge.units, on
    )


@transaction.atomic
def judge_course(
    course: Course, *, by: User, on: date | None = None, books: Books | None = None
) -> list[Charge]:
    """Settle the units of a course and judge each of its open charges anew; answer who changed."""
    settle_units(course)
    file, books = CourseFile(course), books or Books()
    judged_on = on or timezone.now().astimezone(course.facility.tz).date()
    latest = latest_reviews(file.charges.values())
    changed: list[Charge] = []
    reviews: list[CodingReview] = []
    events: list[ChargeEvent] = []
    for session in file.sessions:
        charge = file.charges.get(session.pk)
        if charge is None or charge.status not in OPEN:
            continue
        before = standing(charge)
        refresh(charge, file, session, books)
        facts = charge_facts(file, session, charge, judged_on, books)
        verdict = review(facts)
        take_verdict(charge, verdict)
        written = verdict_to_json(verdict)
        if latest.get(charge.pk) != written:
            reviews.append(coding_review(charge, facts_to_json(facts), written, verdict, by))
        if standing(charge) != before:
            changed.append(charge)
            events.append(judged_event(charge, before, verdict, by))
    store(changed, reviews, events)
    return changed


def standing(charge: Charge) -> tuple:
    """All that a judgement may change."""
    return (
        charge.status,
        charge.disposition,
        charge.leading_rule,
        charge.code,
        tuple(charge.modifiers),
        charge.units,
        charge.plan_id,
        charge.filing_deadline,
        charge.amount,
    )


def refresh(charge: Charge, file: CourseFile, session: GuidanceSession, books: Books) -> None:
    """Propose the line again, unless a coder has corrected it."""
    if charge.corrected_at is None:
        set_line(charge, propose(file, session, books))
    set_payer(charge, file, books)


def take_verdict(charge: Charge, verdict: Verdict) -> None:
    """Clean charges are ready; those with a hold or a stop, or held by a person, are held."""
    leading = verdict.leading
    charge.disposition = verdict.disposition
    charge.leading_rule = leading.number if leading else ""
    is_clean = verdict.disposition in ("pass", "WARN") and not charge.hold_reason
    charge.status = ChargeStatus.READY if is_clean else ChargeStatus.HELD


def latest_reviews(charges: Iterable[Charge]) -> dict[int, str]:
    """The last stored verdict of each charge, as written."""
    rows = (
        CodingReview.objects.filter(charge__in=list(charges))
        .order_by("charge_id", "-id")
        .distinct("charge_id")
    )
    return dict(rows.values_list("charge_id", "verdict"))


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


def judged_event(charge: Charge, before: tuple, verdict: Verdict, by: User) -> ChargeEvent:
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
    Charge.objects.bulk_update(
        charges,
        [
            "status",
            "disposition",
            "leading_rule",
            "code",
            "modifiers",
            "units",
            "plan",
            "filing_deadline",
            "amount",
            "amount_source",
        ],
    )
    CodingReview.objects.bulk_create(reviews)
    ChargeEvent.objects.bulk_create(events)
