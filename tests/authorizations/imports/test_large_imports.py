"""An import of many courses: written at once, judged in chunks that can be left and taken up."""

from __future__ import annotations

import pytest
from django.urls import reverse

from authorizations.imports import judge_touched as judging
from authorizations.imports.actions import import_treatments
from authorizations.imports.judge_touched import judge_waiting
from authorizations.models import Charge, GuidanceSession, ImportRun, WaitingJudgement
from tests import factories as make
from tests.support.record_versions import TODAY, Word, as_files

pytestmark = pytest.mark.django_db


@pytest.fixture
def many(course, approved, plan, coder, monkeypatch):
    """Three courses of one import, of which none may be judged at once."""
    monkeypatch.setattr(judging, "AT_ONCE", 0)
    monkeypatch.setattr(judging, "CHUNK", 1)
    courses = [course]
    for _ in range(2):
        other = make.CourseFactory(facility=course.facility)
        make.CoverageFactory(patient=other.patient, plan=plan)
        courses.append(other)
    files = [
        content
        for number, each in enumerate(courses)
        for content in as_files([Word(number, 0), Word(number + 10, 0, day=1, fraction=2)], each)
    ]
    import_treatments(files, by=coder.user, on=TODAY)
    return coder.user


def test_sessions_are_written_and_their_courses_wait(many):
    assert GuidanceSession.objects.count() == 6
    assert not Charge.objects.exists()
    assert WaitingJudgement.objects.count() == 3


def test_broken_off_it_goes_on_where_it_stopped(many):
    told: list[tuple[int, int]] = []
    assert judge_waiting(by=many, on=TODAY, most=1) == 2
    assert Charge.objects.count() == 2
    left = judge_waiting(by=many, on=TODAY, progress=lambda *counts: told.append(counts))
    assert left == 0
    assert told == [(1, 2), (2, 2)]
    assert Charge.objects.count() == 6
    assert all(charge.disposition for charge in Charge.objects.all())


def test_the_page_of_the_import_says_how_many_wait_and_judges_on(many, therapist):
    run = ImportRun.objects.first()
    page = therapist.get(reverse("import_run_detail", args=[run.pk])).content.decode()
    assert "3 courses of large imports wait" in page
    therapist.post(reverse("import_run_judge", args=[run.pk]))
    assert Charge.objects.count() == 6
