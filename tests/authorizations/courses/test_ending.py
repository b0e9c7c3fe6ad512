"""A course whose fractions were all given ends by itself, some time after the last."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from authorizations.courses.ending import QUIET_DAYS, end_finished_courses

pytestmark = pytest.mark.django_db


@pytest.fixture
def short_course(course, approved):
    course.fractions_planned = 3
    course.save()
    return course


def days_after(session, days: int) -> datetime:
    return session.started_at + timedelta(days=days)


@pytest.mark.parametrize(("days", "count"), [(QUIET_DAYS - 1, 0), (QUIET_DAYS, 1)])
def test_it_ends_with_its_last_treatment_once_it_was_quiet(short_course, treat, days, count):
    last = treat(short_course, 3)[-1]
    assert end_finished_courses(days_after(last, days)) == count
    short_course.refresh_from_db()
    assert short_course.ended_on == (last.date_of_service if count else None)


@pytest.mark.parametrize("facts", [{"is_delivered": False}, {}], ids=["not given", "two of three"])
def test_it_goes_on_while_a_fraction_is_to_come(short_course, treat, facts):
    treat(short_course, 2)
    last = treat(short_course, **facts)[0] if facts else short_course.sessions.last()
    assert end_finished_courses(days_after(last, 200)) == 0


def test_the_end_a_person_gave_stays_and_a_second_night_changes_nothing(short_course, treat):
    last = treat(short_course, 3)[-1]
    later = days_after(last, 60)
    given = last.date_of_service + timedelta(days=5)
    type(short_course).objects.filter(pk=short_course.pk).update(
        ended_on=given, end_reason="toxicity"
    )
    assert end_finished_courses(later) == 0
    short_course.refresh_from_db()
    assert short_course.ended_on == given
    type(short_course).objects.filter(pk=short_course.pk).update(ended_on=None, end_reason="")
    assert [end_finished_courses(later) for _ in range(2)] == [1, 0]
