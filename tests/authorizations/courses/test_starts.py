"""Treatment starts by day, each with the authorization of its first day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from authorizations.courses.starts import start_days
from tests import factories as make

pytestmark = pytest.mark.django_db
FIRST = date(2026, 10, 5)


def begin(course, on, **values):
    return make.CourseFactory(facility=course.facility, first_fraction_on=on, **values)


def test_starts_are_listed_by_day_with_their_authorization(front_desk, course, approved):
    course.first_fraction_on = FIRST
    course.save()
    later = begin(course, FIRST + timedelta(days=2))
    begin(course, FIRST + timedelta(days=14))
    begin(course, FIRST - timedelta(days=1))
    over = FIRST + timedelta(days=1)
    begin(course, over, ended_on=over, end_reason="died")
    days = start_days(front_desk.user, FIRST)
    assert [day.on for day in days] == [FIRST, FIRST + timedelta(days=2)]
    assert [[start.course for start in day.starts] for day in days] == [[course], [later]]
    assert days[1].starts[0].standing.label == "No coverage"
    assert days[1].unsettled == 1
    assert days[0].starts[0].standing.authorization_id == approved.pk


def test_the_page_and_its_file_name_the_same_starts(front_desk, course):
    url = reverse("course_start_list")
    page = front_desk.get(url, {"on": course.first_fraction_on.isoformat()})
    assert course.patient.mrn in page.content.decode()
    asked = {"on": course.first_fraction_on.isoformat(), "export": "csv", "table": "starts"}
    assert course.patient.mrn in b"".join(front_desk.get(url, asked)).decode("utf-8-sig")


def test_a_course_of_another_facility_is_not_there(front_desk, elsewhere):
    begin(make.CourseFactory(facility=elsewhere), FIRST)
    assert start_days(front_desk.user, FIRST) == []
