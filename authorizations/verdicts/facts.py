"""From rows to plain facts: the only bridge between what is remembered and the rules that judge."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.db.models import Exists, OuterRef

from authorizations.models import (
    LINE_DECIDED,
    AuthorizedService,
    Charge,
    ChargeStatus,
    Course,
    Coverage,
    Document,
    GuidanceSession,
)
from authorizations.verdicts.clinic_clock import by_clock
from authorizations.verdicts.continuity import is_in_transition, who_makes_it_honour
from authorizations.verdicts.image_reviews import by_decision
from authorizations.verdicts.rule_books import RuleBooks as RuleBooks
from authorizations.verdicts.services import service_of_charge
from authorizations.verdicts.session_order import course_order_facts, place_of
from coding.code_book import CodeBook
from coding.rules import facts as plain
from coding.rules.common import PRESENT_GUIDANCE
from coding.rules.modalities import is_verification_only
from payers.lines_of_business import LineOfBusiness
from payers.models import Plan
from payers.policies.as_facts import deadline, payer_facts
from payers.policies.lookup import PolicyBook, in_force
from payers.policies.scope import Service


class CourseData:
    """One course with all that a judgement of its charges may look at, in a handful of queries."""

    def __init__(self, course: Course) -> None:
        self.course = course
        self.sessions = list(
            GuidanceSession.objects.live()
            .filter(course=course)
            .select_related("facility", "therapist")
            .order_by("started_at", "fraction", "id")
        )
        self.same_days = self.sessions_of_other_courses()
        reviews = by_decision([*self.sessions, *self.same_days])
        self.reviews, self.reports = reviews["approved"], reviews["reported"]
        self.looked_at = set(reviews["preliminary"])
        primary = Coverage.objects.filter(patient=course.patient_id, rank=Coverage.Rank.PRIMARY)
        self.coverages = list(primary.select_related("plan__payer"))
        self.lines = list(
            AuthorizedService.objects.asked_or_granted()
            .filter(authorization__course=course)
            .select_related("authorization__facility")
            .annotate(has_document=Exists(Document.objects.proving(OuterRef("authorization"))))
        )
        self.charges = {
            charge.session_id: charge
            for charge in Charge.objects.live()
            .filter(session__course=course)
            .select_related("facility", "plan__payer")
        }
        self.charges_of_the_day = self.charges | {
            charge.session_id: charge
            for charge in Charge.objects.live().filter(session__in=self.same_days)
            if self.same_days
        }

    def add_charge(self, charge: Charge) -> None:
        """A charge that was captured from one of these sessions."""
        self.charges[charge.session_id] = self.charges_of_the_day[charge.session_id] = charge

    def read_units(self) -> None:
        """Read again which line gives each session its unit, after the units were allocated."""
        rows = GuidanceSession.objects.filter(course=self.course)
        lines = dict(rows.values_list("pk", "authorized_service"))
        for session in self.sessions:
            session.authorized_service_id = lines[session.pk]

    def sessions_of_other_courses(self) -> list[GuidanceSession]:
        """What the patient was given in other courses on the days of this one."""
        others = Course.objects.filter(patient=self.course.patient_id).exclude(pk=self.course.pk)
        numbers = list(others.values_list("pk", flat=True))
        if not numbers:
            return []
        days = {session.date_of_service for session in self.sessions}
        return list(
            GuidanceSession.objects.live()
            .filter(course__in=numbers, date_of_service__in=days)
            .select_related("facility", "course__facility")
            .order_by("started_at", "fraction", "id")
        )

    def of_the_day(self, session: GuidanceSession) -> list[GuidanceSession]:
        """All that was delivered to the patient that day, in order of time."""
        rows = [*self.sessions, *self.same_days]
        mine = [s for s in rows if s.date_of_service == session.date_of_service and s.is_delivered]
        return sorted(mine, key=place_of)

    def plan_on(self, on: date) -> Plan | None:
        """The primary plan that pays for services of that day."""
        return next((c.plan for c in self.coverages if in_force(c, on)), None)

    def is_in_transition(self, on: date) -> bool:
        """Whether a Medicare Advantage plan that day honours a course begun under another plan."""
        return is_in_transition(self.course, self.coverages, on)

    def next_delivered(self, session: GuidanceSession) -> GuidanceSession | None:
        """The course's next session in which treatment was given."""
        later = (s for s in self.sessions if s.started_at > session.started_at and s.is_delivered)
        return next(later, None)

    def is_last(self, session: GuidanceSession) -> bool:
        """Whether no treatment follows and the course is complete, by time and not by number."""
        given = [s for s in self.sessions if s.is_delivered]
        if not session.is_delivered or any(place_of(s) > place_of(session) for s in given):
            return False
        planned = self.course.fractions_planned
        reached = planned is not None and (
            len(given) >= planned or any(s.fraction >= planned for s in given)
        )
        return reached or self.course.ended_on is not None

    def earlier_today(self, session: GuidanceSession) -> list[GuidanceSession]:
        """The patient's sessions of guidance of the same day before this one, of any course."""
        return [
            other
            for other in self.of_the_day(session)
            if other.pk != session.pk
            and place_of(other) < place_of(session)
            and self.is_guidance(other)
        ]

    def is_guidance(self, session: GuidanceSession) -> bool:
        """Whether guidance was given that may be billed: imaged, no mere port image, not left."""
        charge = self.charges_of_the_day.get(session.pk)
        is_left = charge is not None and charge.status == ChargeStatus.NOT_BILLABLE
        is_image = bool(session.modalities) and not is_verification_only(session.modalities)
        return is_image and not is_left


def charge_facts(
    file: CourseData, session: GuidanceSession, charge: Charge, judged_on: date, books: RuleBooks
) -> plain.ChargeFacts:
    """Everything the rules may look at for one charge, as true on its date of service."""
    on = session.date_of_service
    plan, service = file.plan_on(on), service_of_charge(file.course, charge)
    day, place = day_facts(file, session), charge.place_of_service
    known = books.errors.of(plan, on, place_of_service=place, state=service.state)
    return plain.ChargeFacts(
        date_of_service=on,
        line=line_facts(file, charge, plan),
        payer=replace(payer_facts(plan, on, books.policies, service), known_errors=known),
        session=session_facts(file, session, charge, books.codes),
        review=review_facts(file, session),
        day=day,
        authorization=authorization_facts(file, session, plan, books.policies, service),
        unit_limit=books.codes.unit_limit(charge.code, on),
        pair_edits=books.codes.pair_edits(charge.code, (o.code for o in day.other_lines), on),
        pair_table=books.codes.pair_table(on),
        filing=plain.FilingFacts(judged_on, deadline(plan, on, books.policies, service)),
    )


def line_facts(file: CourseData, charge: Charge, plan: Plan | None) -> plain.LineFacts:
    """The line as it would be billed; by method II on the hospital's claim, for Medicare alone."""
    is_medicares = plan is not None and plan.line_of_business == LineOfBusiness.MEDICARE_FFS
    by_hospital = is_medicares and charge.facility.bills_by_method_ii(charge.date_of_service)
    return plain.LineFacts(
        code=charge.code,
        modifiers=tuple(charge.modifiers),
        units=charge.units,
        place_of_service=charge.place_of_service,
        claim_type=plain.METHOD_II if by_hospital else "837P",
        diagnoses=(file.course.diagnosis,),
    )


def session_facts(
    file: CourseData, session: GuidanceSession, charge: Charge, codes: CodeBook
) -> plain.SessionFacts:
    course, zone = file.course, session.facility.tz
    return plain.SessionFacts(
        started_at=by_clock(session.started_at, zone),
        fraction=session.fraction,
        session_of_day=session.session_of_day,
        fractions_planned=course.fractions_planned,
        is_delivered=session.is_delivered,
        delivery_code=session.delivery_code,
        delivery_code_status=codes.status_of(session.delivery_code, session.date_of_service),
        modalities=tuple(session.modalities),
        image_at=by_clock(session.image_at, zone),
        has_shifts=session.has_shifts,
        facility=session.facility.code,
        technique=course.technique,
        guidance_ordered_on=course.guidance_ordered_on,
        has_motion_management=course.has_motion_management,
        **course_order_facts(file.sessions, file.charges, session, charge),
    )


def review_facts(file: CourseData, session: GuidanceSession) -> plain.ReviewFacts:
    following = file.next_delivered(session)
    review, report = file.reviews.get(session.pk), file.reports.get(session.pk)
    return plain.ReviewFacts(
        reviewed_at=by_clock(review and review.reviewed_at, session.facility.tz),
        reviewer_role=review.reviewed_by.role if review else "",
        reviewer_npi=review.reviewed_by.npi if review else "",
        next_delivered_at=by_clock(following and following.started_at, session.facility.tz),
        is_last_fraction=file.is_last(session),
        has_attending_statement=review.has_attending_statement if review else None,
        has_resident=session.pk in file.looked_at,
        reported_by=str(report.recorded_by) if report and not review else "",
    )


def day_facts(file: CourseData, session: GuidanceSession) -> plain.DayFacts:
    earlier = file.earlier_today(session)
    before = earlier[-1] if earlier else None
    review = before and file.reviews.get(before.pk)
    given = file.of_the_day(session)
    own = [session.delivery_code] if session.is_delivered else []
    codes = dict.fromkeys([*own, *(other.delivery_code for other in given)])
    courses = {file.course} | {other.course for other in given if other in file.same_days}
    return plain.DayFacts(
        other_lines=tuple(plain.OtherLine(code) for code in codes if code),
        earlier_units=sum(units_charged(file, other) for other in earlier),
        earlier_started_at=by_clock(before and before.started_at, session.facility.tz),
        earlier_reviewer_npi=review.reviewed_by.npi if review else "",
        fractions_per_day_ordered=sum(course.fractions_per_day for course in courses),
    )


def units_charged(file: CourseData, session: GuidanceSession) -> int:
    """Units of guidance of an earlier session that stand, whatever became of their charge."""
    charge = file.charges_of_the_day.get(session.pk)
    return charge.units if charge and charge.status != ChargeStatus.NOT_BILLABLE else 0


def authorization_facts(
    file: CourseData,
    session: GuidanceSession,
    plan: Plan | None,
    policies: PolicyBook,
    service: Service,
) -> plain.AuthorizationFacts:
    """What the plan of that day was asked and what it answered, line by line."""
    on = session.date_of_service
    lines = [line for line in file.lines if plan and line.authorization.plan_id == plan.pk]
    law, commitment = who_makes_it_honour(file.course, file.coverages, file.lines, on)
    return plain.AuthorizationFacts(
        is_required=is_required(file, plan, on, policies, service),
        requirement_doubt=policies.requirement_doubt(plan, on, service),
        lines=tuple(authorized_line(line, session) for line in lines),
        holds_unit=session.authorized_service_id is not None,
        honours_by_law=law,
        honours_by_commitment=commitment,
    )


def is_required(
    file: CourseData, plan: Plan | None, on: date, policies: PolicyBook, service: Service
) -> bool | None:
    """Whether permission is required that day; not while a course is honoured in transition.

    Where no policy is known, a payer that decided about guidance of the course wants to be asked.
    """
    known = policies.is_required(plan, on, service)
    asked = has_decided(file, plan) or None if known is None else known
    return False if asked and file.is_in_transition(on) else asked


def has_decided(file: CourseData, plan: Plan | None) -> bool:
    """Whether this plan has approved, cut or denied guidance of the course."""
    return plan is not None and any(
        line.authorization.plan_id == plan.pk
        and line.code in PRESENT_GUIDANCE
        and line.decision in LINE_DECIDED
        for line in file.lines
    )


def authorized_line(line: AuthorizedService, session: GuidanceSession) -> plain.AuthorizedLine:
    """The line as the rules see it. Units used are left out: the ledger moves every day."""
    return plain.AuthorizedLine(
        code=line.code,
        modifier=line.modifier,
        decision=line.decision,
        number=line.authorization.number,
        valid_from=line.valid_from,
        valid_through=line.last_day,
        units_approved=line.units_approved,
        facility=line.authorization.facility.code,
        evidence=line.authorization.proof(has_document=line.has_document).value,
        gives_unit=line.pk == session.authorized_service_id,
    )
