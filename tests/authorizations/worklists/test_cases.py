"""One question about a few courses finds what the worklists themselves hold of these courses."""

from __future__ import annotations

import random
from datetime import date, time, timedelta

import pytest
from django.utils import timezone

from authorizations.models import Coverage
from authorizations.worklists import cases
from authorizations.worklists.cases import THE_COURSES, all_cases, cases_among, statement
from tests import factories as make
from tests.support.random_department import NOW, build, some_plans

MOMENTS = [NOW - timedelta(days=40), NOW, NOW + timedelta(hours=5), NOW + timedelta(days=20)]


@pytest.fixture
def department(db, facility):
    """Courses at two places with requests in every status, some with coverages that end."""
    plans = some_plans()
    build(5, facility, make.FacilityFactory(), plans)
    dice = random.Random(5)
    courses = sorted(cases.Course.objects.all(), key=lambda course: course.pk)
    for course in courses:
        last = NOW.date() + timedelta(days=dice.randint(-20, 20))
        make.CoverageFactory(
            patient=course.patient,
            plan=dice.choice(plans),
            effective_from=last - timedelta(days=200),
            effective_through=dice.choice((None, last)),
            rank=Coverage.Rank.PRIMARY,
        )
    return courses


@pytest.mark.parametrize("now", MOMENTS)
def test_the_cases_of_some_courses_are_those_of_the_worklists(department, now):
    everything = all_cases(now)
    assert len({worklist for worklist, _, _ in everything}) > 5
    numbers = [course.pk for course in department]
    for among in (numbers, numbers[::3], numbers[:1], []):
        expected = {case for case in everything if case[1] in among}
        assert cases_among(among, now) == expected


def test_a_statement_depends_on_the_day_only_and_is_given_the_moment(monkeypatch):
    day = date(2026, 11, 23)
    seen = []
    for moment in (time(0, 0, 1), time(12, 0, 0, 1), time(23, 59, 59)):
        monkeypatch.setattr(cases, "THE_MOMENT", moment)
        statement.cache_clear()
        sql, values = statement(day, str(timezone.get_current_timezone()))
        asked_at = cases.noon_of(day)
        seen.append((sql, ["now" if value == asked_at else value for value in values]))
    statement.cache_clear()
    assert seen[0] == seen[1] == seen[2]
    assert "now" in seen[0][1]
    assert seen[0][1].count(THE_COURSES) == len(cases.TASKS)


def test_the_courses_of_an_action_cost_the_same_few_questions(
    department, django_assert_max_num_queries
):
    cases_among([department[0].pk], NOW)
    with django_assert_max_num_queries(12):
        cases_among([course.pk for course in department], NOW)
