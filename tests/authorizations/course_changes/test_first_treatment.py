"""The first treatment moves, and the calendar, the forecast and the tasks go with it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from authorizations.course_changes.first_treatment import move_first_treatment
from authorizations.courses.events import course_events
from authorizations.courses.schedule import next_treatment_day, slots_on
from authorizations.courses.units_ahead import course_forecast
from authorizations.exceptions import Refused
from authorizations.models import CourseEvent, Task
from authorizations.worklists.sync_tasks import sync_tasks
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(person):
    return person(Role.FRONT_DESK)


@pytest.fixture
def ahead(facility, plan):
    """A course that begins in two weeks, and that day."""
    course = make.CourseFactory(facility=facility)
    soon = timezone.localdate() + timedelta(days=14)
    course.first_fraction_on = next_treatment_day(soon, course, facility)
    course.save()
    make.CoverageFactory(patient=course.patient, plan=plan)
    return course


def later(course, days: int) -> date:
    return next_treatment_day(
        course.first_fraction_on + timedelta(days=days), course, course.facility
    )


def test_the_day_moves_with_calendar_and_day_sheet(clerk, ahead):
    old, new = ahead.first_fraction_on, later(ahead, 10)
    move_first_treatment(course=ahead, first_fraction_on=new, reason="Plan not ready", by=clerk)
    ahead.refresh_from_db()
    assert ahead.first_fraction_on == new
    today = timezone.localdate()
    assert course_forecast(ahead, today).planned[0].on == new
    assert slots_on(ahead.facility, old, today=today) == ([], 0)
    assert [slot.course for slot in slots_on(ahead.facility, new, today=today)[0]] == [ahead]


def test_it_is_written_down_once_on_the_course_and_on_its_requests(clerk, ahead, authorize):
    request = authorize(ahead)
    move_first_treatment(
        course=ahead, first_fraction_on=later(ahead, 3), reason="Machine", by=clerk
    )
    event = CourseEvent.objects.get()
    assert (event.verb, event.by, event.reason) == ("moved", clerk, "Machine")
    told = [moment for moment in course_events(ahead) if "Machine" in moment.reason]
    assert len(told) == 1
    assert told[0].what.startswith("First treatment moved from ")
    assert request.events.get(verb="course_changed").reason.endswith(": Machine")
    with pytest.raises(DatabaseError), transaction.atomic():
        CourseEvent.objects.update(reason="Other")


@pytest.mark.parametrize("reason", ["", "  "])
def test_without_a_reason_it_stays(clerk, ahead, reason):
    with pytest.raises(Refused, match="Say why"):
        move_first_treatment(
            course=ahead, first_fraction_on=later(ahead, 3), reason=reason, by=clerk
        )


def test_after_a_recorded_session_it_stays_and_before_it_moves(clerk, course, approved, treat):
    treat(course, 1)
    first = course.first_fraction_on
    with pytest.raises(Refused, match="Fraction 1 is recorded on 5 Oct 2026, before that day"):
        move_first_treatment(
            course=course, first_fraction_on=first + timedelta(days=1), reason="Late", by=clerk
        )
    move_first_treatment(
        course=course, first_fraction_on=first - timedelta(days=3), reason="Early", by=clerk
    )
    course.refresh_from_db()
    assert course.first_fraction_on == first - timedelta(days=3)


def test_a_voided_session_holds_nothing_back(clerk, course, approved, treat):
    session = treat(course, 1)[0]
    session.__class__.objects.filter(pk=session.pk).update(
        voided_at=timezone.now(), voided_by=session.recorded_by, void_reason="Other patient"
    )
    day = course.first_fraction_on + timedelta(days=7)
    move_first_treatment(course=course, first_fraction_on=day, reason="Late", by=clerk)
    course.refresh_from_db()
    assert course.first_fraction_on == day


@pytest.mark.parametrize(
    ("days", "said"), [(0, "already"), (400, "check the year"), (-800, "check the year")]
)
def test_impossible_days_are_refused(clerk, ahead, days, said):
    day = ahead.first_fraction_on + timedelta(days=days)
    with pytest.raises(Refused, match=said):
        move_first_treatment(course=ahead, first_fraction_on=day, reason="x", by=clerk)


def test_somebody_elsewhere_is_refused(person, elsewhere, ahead):
    stranger = person(Role.FRONT_DESK, elsewhere)
    with pytest.raises(Refused, match="somebody who registers at"):
        move_first_treatment(
            course=ahead, first_fraction_on=later(ahead, 3), reason="x", by=stranger
        )


def test_approved_dates_that_no_longer_cover_are_named(clerk, ahead, authorize):
    first = ahead.first_fraction_on
    authorize(ahead, valid=(first, first + timedelta(days=60)))
    fine = move_first_treatment(
        course=ahead, first_fraction_on=later(ahead, 1), reason="Machine", by=clerk
    )
    assert fine == []
    ahead.refresh_from_db()
    told = move_first_treatment(
        course=ahead, first_fraction_on=later(ahead, 40), reason="Machine", by=clerk
    )
    assert any("77387: the approved dates do not cover" in sentence for sentence in told)
    ahead.refresh_from_db()
    told = move_first_treatment(
        course=ahead, first_fraction_on=first - timedelta(days=3), reason="Urgent", by=clerk
    )
    assert any("the approved dates do not cover" in sentence for sentence in told)


def test_a_day_without_treatment_or_payer_is_named(clerk, ahead):
    monday = ahead.first_fraction_on + timedelta(days=7 - ahead.first_fraction_on.weekday())
    sunday = monday + timedelta(days=6)
    ahead.patient.coverages.update(effective_through=monday)
    told = move_first_treatment(course=ahead, first_fraction_on=sunday, reason="Typed", by=clerk)
    assert told[0].startswith("Sunday, ")
    assert any("No primary coverage" in sentence for sentence in told)


def test_tasks_follow(clerk, ahead):
    move_first_treatment(
        course=ahead, first_fraction_on=later(ahead, 60), reason="Vacation", by=clerk
    )
    assert not Task.objects.open().filter(queue="unauthorized").exists()
    ahead.refresh_from_db()
    soon = next_treatment_day(timezone.localdate(), ahead, ahead.facility)
    move_first_treatment(course=ahead, first_fraction_on=soon, reason="Gap found", by=clerk)
    assert Task.objects.open().filter(queue="unauthorized", course=ahead).exists()
    sync_tasks()
    assert Task.objects.open().filter(queue="unauthorized", course=ahead).count() == 1


def test_open_charges_are_judged_again(clerk, course, approved, treat, monkeypatch):
    charge = treat(course, 1)[0].charges.get()
    course.patient.coverages.update(effective_from=course.first_fraction_on + timedelta(days=2))
    assert charge.status == "ready"
    move_first_treatment(
        course=course,
        first_fraction_on=course.first_fraction_on - timedelta(days=3),
        reason="Early",
        by=clerk,
    )
    charge.refresh_from_db()
    assert charge.status == "held"


def test_the_page_moves_it_and_says_what_follows(front_desk, ahead):
    url, day = reverse("course_move", args=[ahead.pk]), later(ahead, 5)
    form = front_desk.get(url).context["form"]
    sent = {
        "first_fraction_on": day.isoformat(),
        "version": form["version"].value(),
        "reason": "Boards are late",
    }
    page = front_desk.post(url, sent, follow=True).content.decode()
    assert "The first treatment is moved" in page
    assert "Boards are late" in page
    refused = front_desk.post(url, sent | {"first_fraction_on": "2020-01-01"})
    assert "Somebody changed this course while you had it open" in refused.content.decode()
    again = {b.html_name: b.value() for b in refused.context["form"]}
    assert (again["first_fraction_on"], again["reason"]) == ("2020-01-01", "Boards are late")
    other = front_desk.post(url, again | {"first_fraction_on": later(ahead, 9).isoformat()})
    assert other.status_code == 302
