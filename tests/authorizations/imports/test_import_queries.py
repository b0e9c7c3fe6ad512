"""How often an import asks the database: as often for forty rows as for one, no table twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from authorizations.imports import actions
from authorizations.models import Charge, Coverage, GuidanceSession
from authorizations.verdicts import judge_course, proposed_line
from authorizations.verdicts.facts import CourseData
from authorizations.worklists.sync_tasks import TASKS as WORKLISTS
from tests.support.record_versions import TODAY, Word, as_files

pytestmark = pytest.mark.django_db

LATER = TODAY + timedelta(days=60)
TASKS = 3 + len(WORKLISTS)  # that bring the tasks of all courses of an import in step, once
MOST = 85 + TASKS  # statements of an import that changes one course; 88 when read twice


@pytest.fixture
def statements_of(course, authorize, coder):
    """Import these fractions, one a day, and answer the statements it took."""
    course.fractions_planned = 60
    course.save()
    authorize(course, units=60)

    def statements(numbers, minute=0, shift="1.2") -> list[str]:
        versions = [
            Word(n, minute, day=n - 1, fraction=n, shift=shift, as_csv=True) for n in numbers
        ]
        files = as_files(versions, course)
        with CaptureQueriesContext(connection) as asked:
            actions.import_treatments(files, by=coder.user, on=LATER)
        return [query["sql"] for query in asked.captured_queries]

    statements([60])  # what is read once in a process
    return statements


def test_one_row_and_forty_take_the_same_statements(statements_of):
    one, forty = statements_of([1]), statements_of(range(2, 42))
    assert Charge.objects.count() == 42
    assert len(one) == len(forty) <= MOST


def test_seen_again_forty_rows_take_the_same_statements_as_one(statements_of):
    statements_of(range(1, 41))
    one, forty = statements_of([1], minute=1), statements_of(range(2, 41), minute=2)
    assert GuidanceSession.objects.count() == 41
    assert len(one) == len(forty)


def test_a_version_that_changes_a_value_is_planned_without_a_statement_for_each(
    statements_of, course
):
    statements_of(range(1, 41))

    def planned(numbers, minute) -> int:
        versions = [
            Word(n, minute, day=n - 1, fraction=n, shift="2.5", as_csv=True) for n in numbers
        ]
        with CaptureQueriesContext(connection) as asked:
            plan = actions.plan_import(as_files(versions, course), today=LATER)
        assert plan.corrected == len(versions)
        return len(asked)

    assert planned([1], 1) == planned(range(1, 41), 1)


def test_the_data_of_a_course_is_read_once_and_each_line_proposed_once(statements_of, monkeypatch):
    read, proposed = [], []
    propose = proposed_line.propose
    monkeypatch.setattr(
        judge_course, "CourseData", lambda course: read.append(course) or CourseData(course)
    )
    monkeypatch.setattr(
        judge_course,
        "propose",
        lambda file, session, books: proposed.append(session) or propose(file, session, books),
    )
    asked = statements_of([1])
    assert len(read) == 1
    assert len(proposed) == 2  # the new charge, and the open one of the course
    first_tables = [sql.partition(" FROM ")[2] for sql in asked]
    coverages = [sql for sql in first_tables if sql.startswith(f'"{Coverage._meta.db_table}"')]
    assert len(coverages) == 2  # by the units ledger and by the judgement
