"""A course is treated on its days of the week; the calendar, sheets and deadlines follow them."""

from __future__ import annotations

from datetime import date, datetime

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import Role
from authorizations.courses.review_deadlines import deadline_of, with_next_start
from authorizations.courses.schedule import slots_on
from authorizations.courses.units_ahead import course_forecast
from authorizations.models import Course, GuidanceSession
from authorizations.prior_authorizations.coverage_changes import change_course
from authorizations.treatments.reconciliation.loading import read_days
from tests import factories as make

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 10, 5)


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel("2026-10-05T11:00:00Z", tick=False):
        yield


@pytest.fixture
def thrice(course):
    """Mondays, Wednesdays and Fridays, five fractions."""
    course.weekdays, course.fractions_planned = [0, 2, 4], 5
    course.save()
    return course


def planned(course):
    return [row.on.day for row in course_forecast(course, MONDAY).planned]


def test_the_forecast_follows_weekdays_holidays_and_closed_days(thrice):
    assert planned(thrice) == [5, 7, 9, 14, 16]  # Monday the twelfth is Columbus Day
    thrice.facility.closed_days = [date(2026, 10, 7)]
    thrice.facility.save()
    assert planned(thrice) == [5, 9, 14, 16, 19]


def test_a_weekend_is_treated_where_the_course_says_so(course):
    course.weekdays, course.fractions_planned = [4, 5, 6], 4
    course.save()
    assert planned(course) == [9, 10, 11, 16]
    saturday = date(2026, 10, 10)
    assert [slot.course for slot in slots_on(course.facility, saturday, today=MONDAY)[0]]


def test_day_sheet_and_reconciliation_expect_nobody_on_other_days(thrice):
    tuesday, wednesday = date(2026, 10, 6), date(2026, 10, 7)
    assert slots_on(thrice.facility, tuesday, today=MONDAY) == ([], 0)
    assert slots_on(thrice.facility, wednesday, today=MONDAY)[0][0].fraction == 2
    book = read_days(thrice.facility, MONDAY, wednesday, wednesday)
    assert [len(book.slots(day)) for day in book.days()] == [1, 0, 1]


def test_images_are_due_before_the_next_day_of_the_course(thrice, approved, treat):
    treat(thrice, 1)
    row = with_next_start(GuidanceSession.objects.select_related("course__facility", "facility"))
    due = deadline_of(row.get())
    assert due.before == datetime(2026, 10, 7, 10, tzinfo=thrice.facility.tz)


@pytest.mark.parametrize("weekdays", [[], [7], None])
def test_the_database_refuses_other_days(course, weekdays):
    with pytest.raises(IntegrityError), transaction.atomic():
        Course.objects.filter(pk=course.pk).update(weekdays=weekdays)


def test_they_are_changed_with_a_reason_and_shown(front_desk, course, person):
    make.ProcedureCodeFactory(code="77407", kind="delivery")
    clerk = person(Role.FRONT_DESK)
    change_course(course=course, by=clerk, reason="Three a week", weekdays=[0, 2, 4])
    url = reverse("course_detail", args=[course.pk])
    assert "on Mon, Wed, Fri, at" in front_desk.get(url).content.decode()
    form = front_desk.get(reverse("course_change", args=[course.pk])).context["form"]
    sent = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    sent |= {"weekdays": [0, 1, 2, 3, 4], "facility": course.facility_id, "reason": "Daily"}
    sent.pop("has_motion_management")
    front_desk.post(reverse("course_change", args=[course.pk]), sent)
    course.refresh_from_db()
    assert course.weekdays == [0, 1, 2, 3, 4]
    assert "on Mon" not in front_desk.get(url).content.decode()
