"""The sessions of all courses of a patient are judged together, and in the order of time."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Role
from authorizations.models import Course, GuidanceSession
from authorizations.treatments.actions import void_session
from authorizations.verdicts.judge_course import judge_course
from authorizations.verdicts.units import lock_courses
from tests import factories as make
from tests.support.judged import charge_of, facts_of, rules_of

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


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


def test_two_courses_on_one_day_are_one_day_of_the_patient(course, another_course, approved, treat):
    first = treat(course)[0]
    assert charge_of(first).disposition == "pass"
    second = treat(
        another_course,
        started_at=first.started_at + timedelta(hours=1),
        image_at=first.started_at + timedelta(minutes=55),
    )[0]
    assert "R29" in rules_of(second)
    assert charge_of(second).status == "held"
    assert charge_of(first).disposition == "pass"


def test_two_courses_six_hours_apart_are_a_second_session_of_the_day(
    course, another_course, approved, treat
):
    first = treat(course)[0]
    later = first.started_at + timedelta(hours=6, minutes=30)
    second = treat(another_course, started_at=later, image_at=later - timedelta(minutes=4))[0]
    assert {"R28"} <= rules_of(second)
    assert "R29" not in rules_of(second)
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
    assert "R29" in rules_of(second)
    void_session(session=first, by=person(Role.THERAPIST, None), reason="Another patient")
    assert "R29" not in rules_of(second)
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
    assert "R18" in rules_of(first)


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
    assert "R77" in rules_of(session)
    assert charge_of(session).status == "held"
    own = make.PlanFactory(line_of_business="self_pay")
    make.CoverageFactory(patient=course.patient, plan=own, effective_from=course.first_fraction_on)
    judge_course(course, by=make.UserFactory(), on=TODAY)
    assert "R77" not in rules_of(session)


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
    assert "R78" not in rules_of(fine)
    assert "R78" in rules_of(deleted)
    assert "R78" in rules_of(unknown)


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
    assert "R29" not in rules_of(second)
    assert charge_of(second).modifiers == ["26"]


def test_two_courses_of_a_patient_recorded_at_once_wait_in_one_order(course, another_course):
    """Whoever locks one course of a patient holds them all, in the order of their numbers."""
    with CaptureQueriesContext(connection) as asked, transaction.atomic():
        lock_courses(Course.objects.filter(pk=another_course.pk))
    locked = next(q["sql"] for q in asked if "FOR UPDATE" in q["sql"])
    assert f'"patient_id" IN ({course.patient_id}) ORDER BY' in locked
