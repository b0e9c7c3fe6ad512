"""A course on hold: no fraction has a day in it, nothing is missed, and it goes on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from authorizations.course_changes.holds import hold_course, resume_course, withdraw_hold
from authorizations.courses.schedule import slots_on
from authorizations.courses.units_ahead import course_forecast
from authorizations.exceptions import Refused
from authorizations.models import CourseHold, Task
from authorizations.treatments.reconciliation.loading import read_days
from authorizations.worklists import querysets as queues
from tests import factories as make

pytestmark = pytest.mark.django_db
TODAY = date(2026, 10, 14)  # a Wednesday; seven fractions given by then
SATURDAY = date(2026, 10, 17)


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel("2026-10-14T15:00:00Z", tick=False):
        yield


@pytest.fixture
def clerk(person):
    return person(Role.FRONT_DESK)


@pytest.fixture
def under_way(course, approved, treat):
    treat(course, 7)
    return course


@pytest.fixture
def hold(clerk):
    def work(course, held_from=TODAY, **given):
        values = {"hold_reason": "toxicity", "reason": "Skin", "by": clerk} | given
        return hold_course(course=course, held_from=held_from, **values)

    return work


def planned_days(course):
    return [planned.on for planned in course_forecast(course, TODAY).planned]


def due_on(course, on, today=TODAY):
    return [slot.course for slot in slots_on(course.facility, on, today=today)[0]]


def test_with_an_expected_day_the_calendar_moves(hold, under_way):
    before = planned_days(under_way)
    hold(under_way, expected_on=date(2026, 10, 26))
    after = planned_days(under_way)
    assert (before[0], after[0], len(after)) == (TODAY, date(2026, 10, 26), len(before))
    assert due_on(under_way, TODAY) == []
    assert due_on(under_way, date(2026, 10, 26)) == [under_way]
    assert slots_on(under_way.facility, date(2026, 10, 27), today=TODAY)[0][0].fraction == 9


def test_without_one_no_fraction_has_a_day_and_nothing_calls_that_enough(
    front_desk, hold, under_way
):
    hold(under_way, held_from=SATURDAY)
    assert planned_days(under_way) == [TODAY, date(2026, 10, 15), date(2026, 10, 16)]
    page = front_desk.get(reverse("course_detail", args=[under_way.pk])).content.decode()
    assert "Nobody knows when treatment goes on: 21 fractions to come have no day" in page
    assert "last to the end" not in page


def test_nothing_is_missed_on_held_days_also_after_it_was_resumed(clerk, hold, under_way):
    hold(under_way)
    later = date(2026, 10, 30)

    def missing():
        book = read_days(under_way.facility, TODAY, later, later)
        return {day for day in book.days() if book.slots(day)}

    assert missing() == set()
    resume_course(course=under_way, resumed_on=date(2026, 10, 28), reason="Healed", by=clerk)
    assert missing() == {date(2026, 10, 28), date(2026, 10, 29), later}
    assert due_on(under_way, date(2026, 10, 28), today=date(2026, 10, 28)) == [under_way]


def test_after_a_long_hold_the_patient_is_expected_again(clerk, hold, under_way):
    hold(under_way)
    day = date(2026, 11, 30)
    assert due_on(under_way, day, today=day) == []
    resume_course(course=under_way, resumed_on=day, reason="Healed", by=clerk)
    assert due_on(under_way, day, today=day) == [under_way]


def test_a_treatment_ends_the_pause_and_the_page_says_so(front_desk, hold, under_way, treat):
    hold(under_way)
    treat(under_way, 1)
    assert planned_days(under_way)[0] == date(2026, 10, 15)
    page = front_desk.get(reverse("course_detail", args=[under_way.pk])).content.decode()
    assert "Treated again on 14 Oct 2026: record that treatment was resumed." in page


def test_tasks_of_units_wait_and_the_hold_has_its_own(hold, under_way, clerk):
    under_way.fractions_planned = 40
    under_way.save()
    now = timezone.now()
    assert under_way in queues.courses_short_of_units(None, now)
    hold(under_way)
    assert under_way not in queues.courses_short_of_units(None, now)
    assert Task.objects.open().filter(queue="hold-due", course=under_way).exists()
    hold(under_way, expected_on=date(2026, 10, 26))
    assert under_way in queues.courses_short_of_units(None, now)
    assert not Task.objects.open().filter(queue="hold-due").exists()
    with time_machine.travel("2026-10-26T15:00:00Z", tick=False):
        assert list(queues.held_courses_due(None, timezone.now())) == [under_way]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"held_from": date(2026, 10, 13)}, "Fraction 7 is recorded on 13 Oct 2026"),
        ({"expected_on": TODAY}, "after the first day of the hold"),
        ({"held_from": date(2029, 1, 1)}, "check the year"),
        ({"hold_reason": ""}, "Choose why"),
        ({"reason": ""}, "Say why"),
    ],
)
def test_a_hold_that_cannot_be_is_refused(hold, under_way, given, said):
    with pytest.raises(Refused, match=said):
        hold(under_way, **given)


def test_the_same_hold_is_changed_and_another_may_follow(clerk, hold, under_way):
    hold(under_way)
    hold(under_way, expected_on=date(2026, 10, 20))
    assert CourseHold.objects.count() == 1
    with pytest.raises(Refused, match="treatment goes on after that day"):
        resume_course(course=under_way, resumed_on=TODAY, reason="Back", by=clerk)
    resume_course(course=under_way, resumed_on=date(2026, 10, 20), reason="Back", by=clerk)
    with pytest.raises(Refused, match="not on hold"):
        resume_course(course=under_way, resumed_on=date(2026, 10, 20), reason="Back", by=clerk)
    with pytest.raises(Refused, match="on hold on some of these days already"):
        hold(under_way, held_from=date(2026, 10, 19))
    hold(under_way, held_from=date(2026, 10, 22), expected_on=date(2026, 10, 23))
    assert CourseHold.objects.count() == 2


def test_a_hold_that_never_was_is_taken_back(clerk, hold, under_way):
    before = planned_days(under_way)
    hold(under_way)
    row = CourseHold.objects.get()
    withdraw_hold(course=under_way, hold=row, reason="Other patient", by=clerk)
    withdraw_hold(course=under_way, hold=row, reason="Other patient", by=clerk)
    assert planned_days(under_way) == before
    assert list(under_way.events.values_list("verb", flat=True)) == ["held", "unheld"]


def test_approved_dates_that_the_pause_outruns_are_named(hold, under_way):
    told = hold(under_way, expected_on=date(2027, 1, 4))
    assert any("the approved dates do not cover" in sentence for sentence in told)


@pytest.mark.parametrize(
    "values",
    [
        {"held_from": TODAY, "held_through": TODAY - timedelta(days=1)},
        {"held_from": TODAY, "expected_on": TODAY},
        {"held_from": TODAY, "reason": "unheard"},
        {"held_from": TODAY - timedelta(days=5), "held_through": TODAY},
    ],
)
def test_the_database_refuses_nonsense(course, values):
    make.CourseHoldFactory(course=course, held_from=TODAY - timedelta(days=1))
    with pytest.raises(IntegrityError), transaction.atomic():
        make.CourseHoldFactory(**{"course": course, "reason": "patient"} | values)


def test_the_pages_hold_resume_and_take_back(front_desk, under_way):
    def send(name, pk, **typed):
        url = reverse(name, args=[pk])
        version = front_desk.get(url).context["form"]["version"].value()
        return front_desk.post(url, {"version": version, "reason": "As said"} | typed, follow=True)

    sent = {"held_from": "2026-10-14", "hold_reason": "machine", "expected_on": ""}
    page = send("course_hold", under_way.pk, **sent).content.decode()
    assert "On hold since 14 Oct 2026: machine." in page
    assert "Resume treatment…" in page
    page = send("course_resume", under_way.pk, resumed_on="2026-10-16").content.decode()
    assert "Treatment is resumed." in page
    pk = CourseHold.objects.get().pk
    page = send("hold_withdraw", pk).content.decode()
    assert "The hold is taken back." in page
