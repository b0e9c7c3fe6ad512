"""A case begins with the referral; its steps have days, and what is unknown is never harmless."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from authorizations.course_changes.ends import cancel_course
from authorizations.course_changes.first_treatment import move_first_treatment
from authorizations.course_changes.milestones import record_milestones
from authorizations.courses.events import course_events
from authorizations.courses.forecast_sentence import forecast_sentence
from authorizations.courses.milestones import milestone_line
from authorizations.courses.units_ahead import outlook
from authorizations.exceptions import NotRecorded, Refused
from authorizations.models import Course, CourseMilestone
from authorizations.prior_authorizations.coverage_changes import change_course
from authorizations.treatments.actions import record_session
from authorizations.worklists import querysets as queues
from authorizations.worklists.sync_tasks import sync_tasks
from tests import factories as make
from tests.support.registration import filled  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(person):
    return person(Role.FRONT_DESK)


@pytest.fixture
def referred(facility, plan):
    """A course of which neither fractions nor first day are known."""
    course = make.CourseFactory(facility=facility, fractions_planned=None, first_fraction_on=None)
    make.CoverageFactory(patient=course.patient, plan=plan)
    return course


def line_of(course):
    found = outlook(course, timezone.localdate())
    return {step.label: (step.on, step.state) for step in milestone_line(course, found)}


@pytest.mark.usefixtures("books")
def test_a_referral_is_registered_before_the_plan_is_known(front_desk, filled):  # noqa: F811
    today = timezone.localdate() - timedelta(days=1)  # somewhere it is still yesterday
    unknown = {"fractions_planned": "", "first_fraction_on": "", "referred_on": today.isoformat()}
    page = front_desk.post(reverse("course_new"), filled | unknown, follow=True).content.decode()
    course = Course.objects.get()
    assert (course.fractions_planned, course.first_fraction_on) == (None, None)
    assert line_of(course)["Referral received"] == (today, "done")
    assert "How many fractions are planned is not known: no units can be forecast." in page
    assert "All planned fractions are recorded" not in page
    assert "no day yet" in page


@pytest.mark.usefixtures("books")
def test_a_referral_to_come_is_refused(front_desk, filled):  # noqa: F811
    tomorrow = timezone.localdate() + timedelta(days=1)
    sent = filled | {"referred_on": tomorrow.isoformat()}
    page = front_desk.post(reverse("course_new"), sent).content.decode()
    assert "not later than today" in page
    assert not Course.objects.exists()


def test_what_is_unknown_is_a_task_and_never_enough(front_desk, referred, authorize):
    authorize(referred, units=40)
    referred.refresh_from_db()
    sentence, tone = forecast_sentence(outlook(referred, timezone.localdate()), True)
    assert tone == "warn"
    assert "not known" in sentence
    now = timezone.now()
    assert list(queues.courses_without_plan(None, now)) == [referred]
    sync_tasks(now)
    assert referred.tasks.open().filter(queue="unplanned").exists()
    for fractions, first in ((28, None), (None, date(2026, 10, 5))):
        Course.objects.filter(pk=referred.pk).update(
            fractions_planned=fractions, first_fraction_on=first
        )
        referred.refresh_from_db()
        found = outlook(referred, timezone.localdate())
        assert found.guidance.planned == ()
        assert forecast_sentence(found, False)[1] == "warn"
        assert queues.courses_without_plan(None, now).exists()
        assert front_desk.get(reverse("course_detail", args=[referred.pk])).status_code == 200


@pytest.mark.parametrize("name", ["course_list", "course_detail", "course_change", "course_move",
                                  "course_cancel", "course_correct", "authorization_new",
                                  "course_milestones"])  # fmt: skip
def test_its_pages_open(front_desk, referred, name):
    url = reverse(name) if name == "course_list" else reverse(name, args=[referred.pk])
    page = front_desk.get(url)
    assert page.status_code == 200
    assert "None" not in page.content.decode().replace("fill-None", "")


def test_pages_of_its_requests_open(front_desk, referred, authorize):
    request = authorize(referred)
    for name in ("authorization_detail", "authorization_packet"):
        assert front_desk.get(reverse(name, args=[request.pk])).status_code == 200


def test_the_plan_is_entered_and_stays_once_something_was_treated(
    clerk, referred, treat, authorize
):
    day = date(2026, 10, 5)
    move_first_treatment(course=referred, first_fraction_on=day, reason="Booked", by=clerk)
    change_course(course=referred, by=clerk, reason="Plan made", fractions_planned=5)
    referred.refresh_from_db()
    assert (referred.first_fraction_on, referred.fractions_planned) == (day, 5)
    assert not queues.courses_without_plan(None, timezone.now()).exists()
    authorize(referred)
    treat(referred, 1)
    with pytest.raises(Refused, match="has to be known"):
        change_course(course=referred, by=clerk, reason="No", fractions_planned=None)
    with pytest.raises(IntegrityError, match="keep its plan"), transaction.atomic():
        Course.objects.filter(pk=referred.pk).update(fractions_planned=None)


def test_nothing_is_recorded_before_the_plan_is_known(person, referred):
    day = timezone.localdate() - timedelta(days=1)
    with pytest.raises(NotRecorded, match="The course has no plan yet: the front desk enters"):
        record_session(course=referred, by=person(Role.THERAPIST), date_of_service=day, fraction=1)
    with pytest.raises(IntegrityError, match="no plan yet"), transaction.atomic():
        make.GuidanceSessionFactory(course=referred)


def test_a_referral_that_comes_to_nothing_is_cancelled(clerk, referred):
    cancel_course(course=referred, end_reason="other_treatment", reason="Surgery", by=clerk)
    referred.refresh_from_db()
    assert not queues.courses_without_plan(None, timezone.now() + timedelta(days=1)).exists()
    assert line_of(referred)["First treatment"] == (None, "over")


def test_days_are_entered_changed_and_taken_back(clerk, course):
    today = timezone.localdate()
    earlier = today - timedelta(days=20)
    days = {"referral": earlier, "simulation": today + timedelta(days=3)}
    assert record_milestones(course=course, days=days, by=clerk) == 2
    assert record_milestones(course=course, days=days, by=clerk) == 0
    assert line_of(course)["Referral received"] == (earlier, "done")
    assert line_of(course)["Simulation"] == (today + timedelta(days=3), "planned")
    assert line_of(course)["Consult"] == (None, "open")
    moved = {"referral": earlier, "simulation": None}
    assert record_milestones(course=course, days=moved, by=clerk) == 1
    assert line_of(course)["Simulation"] == (None, "open")
    assert CourseMilestone.objects.count() == 2
    told = [moment.what for moment in course_events(course)]
    assert "Simulation: day taken back" in told
    assert any(what.startswith("Referral received: ") for what in told)


@pytest.mark.parametrize(
    ("kind", "days", "said"),
    [
        ("referral", 1, "still to come"),
        ("consult", 900, "Check the year"),
        ("unheard", 0, "no such step"),
    ],
)
def test_days_that_cannot_be_are_refused(clerk, course, kind, days, said):
    day = timezone.localdate() + timedelta(days=days)
    with pytest.raises(Refused, match=said):
        record_milestones(course=course, days={kind: day}, by=clerk)


def test_who_registers_elsewhere_enters_no_day(person, elsewhere, course):
    with pytest.raises(Refused, match="somebody who registers"):
        record_milestones(course=course, days={}, by=person(Role.FRONT_DESK, elsewhere))


def test_a_step_has_one_day_at_a_time(course):
    make.CourseMilestoneFactory(course=course)
    with pytest.raises(IntegrityError), transaction.atomic():
        make.CourseMilestoneFactory(course=course)


def test_first_and_last_treatment_come_from_sessions_and_calendar(course, approved, treat):
    course.fractions_planned = 3
    course.save()
    assert line_of(course)["First treatment"] == (course.first_fraction_on, "planned")
    assert line_of(course)["Last treatment"][1] == "planned"
    given = treat(course, 3)
    assert line_of(course)["First treatment"] == (given[0].date_of_service, "done")
    assert line_of(course)["Last treatment"] == (given[-1].date_of_service, "done")


def test_the_page_saves_the_days(front_desk, course):
    url = reverse("course_milestones", args=[course.pk])
    sent = {"referral": "2026-09-01", "consult": "2026-09-08", "simulation": "", "plan": ""}
    page = front_desk.post(url, sent, follow=True).content.decode()
    assert "The days are saved." in page
    assert "Mon 1 Sep" in page or "Tue 1 Sep 2026" in page
    refused = front_desk.post(url, sent | {"consult": "2036-09-08"})
    assert "Check the year" in refused.content.decode()
    assert 'value="2036-09-08"' in refused.content.decode()
