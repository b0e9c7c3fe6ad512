"""Units and days are counted on facts: the patient's day, the line of the unit, the time."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Role
from authorizations.invariants import INVARIANTS, broken
from authorizations.models import AuthorizedService, Charge, Course, GuidanceSession
from authorizations.prior_authorizations.actions import open_request, submit
from authorizations.prior_authorizations.decisions import LineAnswer, decide
from authorizations.treatments.actions import record_session, void_session
from authorizations.verdicts.judge_course import judge_course
from authorizations.verdicts.units import lock_courses
from coding.rules.serialize import facts_from_json, findings_from_json
from tests import factories as make

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


def charge_of(session: GuidanceSession) -> Charge:
    return Charge.objects.live().get(session=session)


def numbers(session: GuidanceSession) -> set[str]:
    """The rules that spoke about a session's charge, as last judged."""
    charge = charge_of(session)
    written = charge.reviews.latest("pk").verdict
    return {finding.number for finding in findings_from_json(written)}


def facts_of(session: GuidanceSession):
    return facts_from_json(charge_of(session).reviews.latest("pk").facts)


@pytest.fixture
def another_course(course, authorize):
    """A second course of the same patient at the same place, begun the same day."""
    row = make.CourseFactory(
        patient=course.patient,
        facility=course.facility,
        physician=course.physician,
        first_fraction_on=course.first_fraction_on,
        diagnosis=course.diagnosis,
        guidance_ordered_on=course.guidance_ordered_on,
    )
    authorize(row, number="B2000002")
    return row


@pytest.fixture
def ask(person):
    """Approve guidance lines given as (code, modifier, units, first day, last day)."""

    def build(course, *lines, number="C3", facility=None, evidence="letter"):
        clerk = person(Role.FRONT_DESK, None)
        plan = course.patient.coverages.get(effective_through=None).plan
        request = open_request(
            course=course,
            by=clerk,
            plan=plan,
            facility=facility or course.facility,
            is_second_on_purpose=True,
            lines=[{"code": c, "modifier": m, "units_requested": u} for c, m, u, *_ in lines],
        )
        received = datetime(2025, 9, 28, 12, tzinfo=course.facility.tz)
        submit(authorization=request, by=clerk, channel="portal", received_on=received)
        if evidence == "letter":
            make.DocumentFactory(authorization=request, kind="approval_letter")
        answers = [
            LineAnswer(row, "approved", units, first, last)
            for row, (_, _, units, first, last) in zip(request.lines.all(), lines, strict=True)
        ]
        return decide(
            authorization=request,
            by=clerk,
            decided_on=date(2025, 9, 30),
            evidence=evidence,
            number=number,
            answers=answers,
        )

    return build


AUTUMN = (date(2026, 10, 1), date(2026, 12, 31))


def test_two_courses_on_one_day_are_one_day_of_the_patient(course, another_course, approved, treat):
    first = treat(course)[0]
    assert charge_of(first).disposition == "pass"
    second = treat(
        another_course,
        started_at=first.started_at + timedelta(hours=1),
        image_at=first.started_at + timedelta(minutes=55),
    )[0]
    assert "R29" in numbers(second)
    assert charge_of(second).status == "held"
    assert charge_of(first).disposition == "pass"


def test_two_courses_six_hours_apart_are_a_second_session_of_the_day(
    course, another_course, approved, treat
):
    first = treat(course)[0]
    later = first.started_at + timedelta(hours=6, minutes=30)
    second = treat(another_course, started_at=later, image_at=later - timedelta(minutes=4))[0]
    assert {"R28"} <= numbers(second)
    assert "R29" not in numbers(second)
    assert charge_of(second).modifiers == ["26", "76"]


def test_what_becomes_of_one_course_is_seen_in_the_other(
    course, another_course, approved, treat, person
):
    first = treat(course)[0]
    second = treat(
        another_course,
        started_at=first.started_at + timedelta(hours=1),
        image_at=first.started_at + timedelta(minutes=55),
    )[0]
    assert "R29" in numbers(second)
    void_session(session=first, by=person(Role.THERAPIST, None), reason="Another patient")
    assert "R29" not in numbers(second)
    assert charge_of(second).disposition == "pass"


def test_stereotactic_delivery_of_another_course_is_a_service_of_the_day(
    course, another_course, approved, treat
):
    first = treat(course)[0]
    later = first.started_at + timedelta(hours=7)
    treat(
        another_course,
        started_at=later,
        image_at=later - timedelta(minutes=4),
        delivery_code="77373",
    )
    assert "R18" in numbers(first)


def test_a_port_image_is_no_session_of_guidance(course, authorize, treat):
    authorize(course, units=2)
    treat(course, modalities=["port_film"])
    port = GuidanceSession.objects.get()
    assert port.authorized_service_id is None
    start = port.started_at + timedelta(hours=1)
    guided = treat(
        course,
        started_at=start,
        image_at=start - timedelta(minutes=4),
        date_of_service=port.date_of_service,
        session_of_day=2,
    )[0]
    assert charge_of(guided).modifiers == ["26"]
    guided.refresh_from_db()
    assert guided.authorized_service_id is not None


def test_the_last_fraction_is_the_last_in_time(course, authorize, treat):
    authorize(course, units=30)
    course.fractions_planned = 3
    course.save()
    treat(course, 3)
    swapped = list(GuidanceSession.objects.order_by("started_at"))
    swapped[1].fraction, swapped[2].fraction = 3, 9
    swapped[2].save()
    swapped[1].save()
    swapped[2].fraction = 2
    swapped[2].save()
    judge_course(course, by=make.UserFactory(), on=TODAY)
    assert [facts_of(s).review.is_last_fraction for s in swapped] == [False, False, True]


def test_a_day_without_coverage_waits_and_self_pay_is_said(course, approved, treat, plan):
    coverage = course.patient.coverages.get()
    coverage.effective_through = course.first_fraction_on - timedelta(days=1)
    coverage.save()
    session = treat(course)[0]
    assert "R77" in numbers(session)
    assert charge_of(session).status == "held"
    own = make.PlanFactory(line_of_business="self_pay")
    make.CoverageFactory(patient=course.patient, plan=own, effective_from=course.first_fraction_on)
    judge_course(course, by=make.UserFactory(), on=TODAY)
    assert "R77" not in numbers(session)


def test_a_delivery_code_that_is_deleted_or_in_no_book_is_told(course, approved, treat):
    known = make.ProcedureCodeFactory(code="77407")
    make.CodeEditionFactory(code=known, effective_from=date(2015, 1, 1), effective_through=None)
    gone = make.ProcedureCodeFactory(code="77385")
    make.CodeEditionFactory(
        code=gone, effective_from=date(2015, 1, 1), effective_through=date(2025, 12, 31)
    )
    fine, deleted, unknown = (
        treat(course, delivery_code=code)[0] for code in ("77407", "77385", "77499")
    )
    assert "R78" not in numbers(fine)
    assert "R78" in numbers(deleted)
    assert "R78" in numbers(unknown)


def test_a_line_of_the_other_component_gives_no_unit(course, ask, treat):
    ask(course, ("77387", "TC", 30, *AUTUMN))
    session = treat(course)[0]
    session.refresh_from_db()
    assert session.authorized_service_id is None
    assert "R48" in numbers(session)


def test_the_component_of_a_line_is_read_beside_the_other(course, ask, treat):
    ask(course, ("77387", "TC", 30, *AUTUMN), ("77387", "26", 1, *AUTUMN))
    first, second = treat(course, 2)
    assert AuthorizedService.objects.get(modifier="26").units_used == 1
    assert AuthorizedService.objects.get(modifier="TC").units_used == 0
    assert charge_of(first).disposition == "pass"
    assert "R50" in numbers(second)


def test_the_line_that_ends_first_is_used_first(course, ask, treat):
    ask(course, ("77387", "26", 5, date(2026, 10, 1), date(2026, 12, 31)), number="LONG")
    ask(course, ("77387", "26", 5, date(2026, 10, 1), date(2026, 11, 30)), number="SHORT")
    treat(course, 2)
    assert AuthorizedService.objects.get(authorization__number="SHORT").units_used == 2
    assert AuthorizedService.objects.get(authorization__number="LONG").units_used == 0


def test_the_line_that_gives_the_unit_is_the_line_that_is_judged(
    course, ask, treat, elsewhere, facility
):
    ask(course, ("77387", "26", 1, *AUTUMN), number="HERE")
    ask(course, ("77387", "26", 5, *AUTUMN), number="THERE", facility=elsewhere)
    first, second = treat(course, 2)
    assert "R59" not in numbers(first)
    assert "R59" in numbers(second)


def test_what_is_only_heard_gives_a_unit_last(course, ask, treat):
    ask(course, ("77387", "26", 5, *AUTUMN), number="CALL", evidence="phone")
    ask(course, ("77387", "26", 1, *AUTUMN), number="LETTER")
    first, second = treat(course, 2)
    assert charge_of(first).disposition == "pass"
    assert "R50" in numbers(second)


def test_a_course_over_the_new_year_uses_the_old_codes_before_and_the_new_after(
    course, plan, ask, person
):
    plan.line_of_business = "medicare_advantage"
    plan.save()
    course.first_fraction_on = date(2025, 12, 29)
    course.guidance_ordered_on = date(2025, 12, 1)
    course.save()
    course.patient.coverages.update(effective_from=date(2025, 1, 1))
    year = (date(2025, 12, 1), date(2026, 3, 31))
    ask(course, ("77014", "26", 3, date(2025, 12, 1), date(2025, 12, 31)), number="OLD")
    ask(course, ("77387", "26", 3, date(2026, 1, 1), year[1]), number="NEW")
    therapist = person(Role.THERAPIST, None)
    days = (date(2025, 12, 30), date(2025, 12, 31), date(2026, 1, 2), date(2026, 1, 5))
    for number, day in enumerate(days, 1):
        start = datetime(day.year, day.month, day.day, 10, tzinfo=course.facility.tz)
        record_session(
            course=course, by=therapist, facility=course.facility, machine="T1",
            date_of_service=day, fraction=number, started_at=start,
            delivery_code="77412" if day.year == 2025 else "77407", modalities=["cbct"],
            image_at=start - timedelta(minutes=4), shift_lr_mm=0, shift_si_mm=0, shift_ap_mm=0,
        )  # fmt: skip
    judge_course(course, by=therapist, on=TODAY)
    sessions = list(GuidanceSession.objects.order_by("date_of_service"))
    assert [charge_of(s).code for s in sessions] == ["77014", "77014", "77387", "77387"]
    used = {row.code: row.units_used for row in AuthorizedService.objects.all()}
    assert used == {"77014": 2, "77387": 2}
    for session in sessions:
        assert not {"R48", "R49", "R50", "R51"} & numbers(session)


def test_no_invariant_is_broken_by_components_and_port_images(course, ask, treat):
    ask(course, ("77387", "TC", 30, *AUTUMN), ("77387", "26", 1, *AUTUMN))
    treat(course, 2)
    treat(course, modalities=["port_film"])
    assert [row.key for row in INVARIANTS if broken(row)] == []


def test_a_treatment_without_an_image_makes_no_session_a_repeat(course, approved, treat):
    first = treat(course, modalities=[], image_at=None)[0]
    later = first.started_at + timedelta(hours=2)
    second = treat(
        course,
        started_at=later,
        image_at=later - timedelta(minutes=4),
        date_of_service=first.date_of_service,
        session_of_day=2,
    )[0]
    assert "R29" not in numbers(second)
    assert charge_of(second).modifiers == ["26"]


def test_two_courses_of_a_patient_recorded_at_once_wait_in_one_order(course, another_course):
    """Whoever locks one course of a patient holds them all, in the order of their numbers."""
    with CaptureQueriesContext(connection) as asked, transaction.atomic():
        lock_courses(Course.objects.filter(pk=another_course.pk))
    locked = next(q["sql"] for q in asked if "FOR UPDATE" in q["sql"])
    assert f'"patient_id" IN ({course.patient_id}) ORDER BY' in locked
