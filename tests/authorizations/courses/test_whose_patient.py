"""Whose patient it is: what a facility may link, see and change of a patient of another one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.form_keys import new_key
from accounts.models import AccessEvent, Role
from authorizations.courses.registration import register_course
from authorizations.exceptions import NotRegistered, Refused
from authorizations.exchange.row_reader import NOT_FOUND_HERE
from authorizations.models import Course, Coverage, CoverageEvent, Patient, Task
from authorizations.prior_authorizations.coverage_changes import (
    change_course,
    change_coverage,
    end_coverage,
)
from authorizations.worklists import coverages
from authorizations.worklists.sync_tasks import sync_tasks
from tests import factories as make
from tests.support.registration import filled as filled

__all__ = ["filled"]
pytestmark = pytest.mark.django_db
SAME = {"mrn": "RIVER2", "last_name": "Cedar", "date_of_birth": "1940-03-03"}


@pytest.fixture
def cedar(elsewhere, plan) -> Course:
    """A course elsewhere of a patient whose MRN, name and date of birth a neighbor may know."""
    patient = make.PatientFactory(
        mrn="RIVER2", last_name="Cedar", first_name="Walter", date_of_birth=date(1940, 3, 3)
    )
    make.CoverageFactory(patient=patient, plan=plan, member_id="M0002002")
    return make.CourseFactory(facility=elsewhere, patient=patient, code="R-C2")


def registered(client, filled, **changes):
    return client.post(reverse("course_new"), {**filled, **changes})


def test_who_knows_a_patient_of_another_facility_attaches_to_nobody(front_desk, filled, cedar):
    before = list(Coverage.objects.values())
    past = {"coverage_from": "2025-12-01", "coverage_through": "2030-12-31"}
    for more in ({}, past, {"member_id": "M0002002", "plan": cedar.patient.coverages.get().plan}):
        response = registered(front_desk, filled, **SAME, **more)
        text = response.content.decode()
        assert response.context["form"].errors["mrn"] == [NOT_FOUND_HERE]
        assert "Walter" not in text
        assert "another primary coverage" not in text
    assert list(Coverage.objects.values()) == before
    assert Course.objects.get() == cedar
    tried = AccessEvent.objects.filter(by=front_desk.user, page="course_new")
    assert {event.patient_number for event in tried} == {cedar.patient_id}


def test_one_sentence_for_another_person_and_another_facility(front_desk, filled, cedar, course):
    here = course.patient
    wrong = registered(front_desk, filled, mrn=here.mrn, last_name="Somebody")
    right = registered(front_desk, filled, **SAME)
    guessed = registered(front_desk, filled, **{**SAME, "last_name": "Guess"})
    answers = [r.context["form"].errors.as_json() for r in (wrong, right, guessed)]
    assert answers[0] == answers[1] == answers[2]


def test_the_action_refuses_what_the_form_refuses(front_desk, cedar, plan):
    given = {"mrn": "RIVER2", "last_name": "Cedar", "date_of_birth": date(1940, 3, 3)}
    with pytest.raises(NotRegistered, match="Not found here"):
        register_course(
            patient=given, coverage={"plan": plan, "member_id": "X"}, course={},
            by=front_desk.user,
        )  # fmt: skip


def test_who_registers_at_both_facilities_adds_the_course(person, filled, cedar, elsewhere):
    clerk = Client()
    user = person(Role.FRONT_DESK)
    make.MembershipFactory(user=user, role=Role.FRONT_DESK, facility=elsewhere)
    clerk.force_login(user)
    plan = cedar.patient.coverages.get().plan.code
    known = {"member_id": "M0002002", "plan": plan}
    assert registered(clerk, filled, **SAME, **known).status_code == 302
    assert Patient.objects.get().courses.count() == 2
    assert Coverage.objects.count() == 1


def test_the_number_of_a_course_elsewhere_says_nothing_of_it(front_desk, filled, cedar):
    assert registered(front_desk, filled, code=cedar.code).status_code == 302
    again = registered(front_desk, filled, code=cedar.code, key=new_key())
    assert again.context["form"].errors["code"] == [
        "This patient already has a course with this number."
    ]


def test_a_number_of_a_request_elsewhere_says_nothing_of_it(front_desk, approved, cedar, authorize):
    theirs = authorize(cedar, number="R7777777")
    form = reverse("authorization_correct", args=[approved.pk])
    response = front_desk.post(form, {"number": theirs.number})
    assert response.context["form"].errors["number"] == [NOT_FOUND_HERE]


@pytest.fixture
def shared(course, elsewhere) -> Course:
    """A second course of the patient, at another facility."""
    return make.CourseFactory(facility=elsewhere, patient=course.patient, code="S-C2")


def events_on(client, course) -> str:
    page = client.get(reverse("course_detail", args=[course.pk])).content.decode()
    return page


def test_the_end_of_a_coverage_stands_with_its_reason_on_each_course(
    front_desk, course, shared, elsewhere, person
):
    url = reverse("coverage_end", args=[course.pk])
    last = timezone.localdate() - timedelta(days=1)
    response = front_desk.post(url, {"last_day": last.isoformat()})
    assert "reason" in response.context["form"].errors
    assert not CoverageEvent.objects.exists()
    front_desk.post(url, {"last_day": last.isoformat(), "reason": "Lost the job"})
    event = CoverageEvent.objects.get()
    assert (event.verb, event.by, event.reason) == ("ended", front_desk.user, "Lost the job")
    there = Client()
    there.force_login(person(Role.FRONT_DESK, elsewhere))
    for client, each in ((front_desk, course), (there, shared)):
        page = events_on(client, each)
        assert "Coverage ended" in page
        assert "Lost the job" in page


def test_a_course_that_was_over_before_is_not_affected(front_desk, course, elsewhere, person):
    over = make.CourseFactory(
        facility=elsewhere, patient=course.patient, first_fraction_on=date(2026, 1, 5),
        ended_on=date(2026, 2, 5), end_reason="completed",
    )  # fmt: skip
    data = {"last_day": "2026-10-30", "reason": "Lost the job"}
    front_desk.post(reverse("coverage_end", args=[course.pk]), data)
    there = Client()
    there.force_login(person(Role.FRONT_DESK, elsewhere))
    assert "Lost the job" not in events_on(there, over)


def test_nobody_changes_a_coverage_of_a_patient_treated_elsewhere_only(front_desk, cedar, plan):
    coverage = cedar.patient.coverages.get()
    by = front_desk.user
    with pytest.raises(Refused, match="treats the patient"):
        end_coverage(coverage=coverage, last_day=date(2026, 11, 10), reason="x", by=by)
    with pytest.raises(Refused, match="treats the patient"):
        change_coverage(
            patient=cedar.patient, plan=plan, member_id="Z", starts_on=date(2026, 11, 1),
            reason="x", by=by,
        )  # fmt: skip
    with pytest.raises(Refused, match="Say why"):
        end_coverage(
            coverage=cedar.patient.coverages.get(), last_day=date(2026, 11, 10), reason="  ",
            by=make.MembershipFactory(role=Role.MANAGER, facility=None).user,
        )  # fmt: skip
    coverage.refresh_from_db()
    assert coverage.effective_through is None


def test_an_approval_of_a_sister_site_stays_and_becomes_its_work(
    front_desk, course, shared, authorize, elsewhere, person
):
    approval = authorize(shared, number="S8888888")
    make.PlanFactory(code="NEXT")
    start = timezone.localdate() - timedelta(days=2)
    data = {"plan": "NEXT", "member_id": "Z9", "starts_on": start.isoformat(), "reason": "New job"}
    response = front_desk.post(reverse("coverage_new", args=[course.pk]), data)
    assert response.status_code == 302
    approval.refresh_from_db()
    assert approval.status == "approved"
    now = timezone.now()
    assert list(coverages.other_plan(None, now)) == [approval]
    assert not coverages.other_plan(front_desk.user, now).exists()
    sync_tasks(now)
    task = Task.objects.get(queue="other-plan")
    assert (task.course, task.authorization) == (shared, approval)
    theirs = Client()
    theirs.force_login(person(Role.FRONT_DESK, elsewhere))
    assert "Approved by a plan that no longer pays" in theirs.get("/").content.decode()


def test_released_charges_of_another_facility_are_not_counted_for_a_stranger(
    front_desk, course, shared, authorize, treat, client_of
):
    authorize(shared, number="S8888888")
    for session in treat(shared, 2):
        charge = session.charges.get()
        charge.status = "held"
        charge.save()
    last = shared.first_fraction_on - timedelta(days=1)
    data = {"last_day": last.isoformat(), "reason": "Lost the job"}
    page = front_desk.post(reverse("coverage_end", args=[course.pk]), data, follow=True)
    assert "charges are of days after" not in page.content.decode()


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2026-13-01", "x" * 500, "²"])
def test_no_day_of_a_coverage_makes_an_error(front_desk, course, day):
    make.PlanFactory(code="NEXT", line_of_business="medicare_advantage")
    data = {"plan": "NEXT", "member_id": "Z9", "starts_on": day, "last_day": day, "reason": "x"}
    for name in ("coverage_new", "coverage_end"):
        response = front_desk.post(reverse(name, args=[course.pk]), data)
        assert response.status_code == 200
        assert response.context["form"].errors


def test_a_course_is_moved_only_to_where_one_registers(front_desk, course, elsewhere):
    with pytest.raises(Refused, match="registers at"):
        change_course(course=course, by=front_desk.user, reason="move", facility=elsewhere)
    form = front_desk.get(reverse("course_change", args=[course.pk])).context["form"]
    assert list(form.fields["facility"].queryset) == [course.facility]
