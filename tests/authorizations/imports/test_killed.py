"""A process killed in the middle: what it began is wholly done or wholly not, and goes on."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from accounts.models import Role
from authorizations.charges.actions import release_many
from authorizations.invariants import INVARIANTS, broken
from authorizations.models import Charge, ChargeEvent, Course
from authorizations.verdicts.rejudge import enqueue, touched_by
from tests import factories as make
from tests.support.workers import killed_in_the_middle

START = """
import os, sys, time
import django
django.setup()
from accounts.models import User
from authorizations.models import Charge, RejudgeRun
by = User.objects.get(pk=int(sys.argv[1]))
def wait():
    print("middle", flush=True)
    time.sleep(120)
"""
RELEASE = (
    START
    + """
from authorizations.charges import actions as release
real, count = release.release_if_clean, 0
def counted(*given):
    global count
    result = real(*given)
    count += 1
    if count == 4:
        wait()
    return result
release.release_if_clean = counted
release.release_many(charges=Charge.objects.select_related("session__course"), by=by)
"""
)
REJUDGE = (
    START
    + """
from authorizations.verdicts import rejudge
real = rejudge.judge_for
def judged(run, books):
    real(run, books)
    if run.done == 1:
        wait()
rejudge.judge_for = judged
rejudge.work_off(RejudgeRun.objects.get())
"""
)


@pytest.fixture
def courses(facility, plan, authorize, treat) -> list[Course]:
    """Three courses of three clean charges."""
    found = []
    for number in range(3):
        course = make.CourseFactory(facility=facility)
        make.CoverageFactory(patient=course.patient, plan=plan)
        authorize(course, number=f"A100000{number}")
        treat(course, 3)
        found.append(course)
    return found


@pytest.mark.django_db(transaction=True)
def test_a_release_killed_in_the_middle_loses_none_and_releases_none_twice(courses, person):
    coder = person(Role.CODER)
    killed_in_the_middle(RELEASE, coder.pk)
    released = Charge.objects.filter(status="released")
    with_event = ChargeEvent.objects.filter(verb="release").values_list("charge", flat=True)
    assert sorted(released.values_list("pk", flat=True)) == sorted(with_event)
    assert released.count() == 3
    results = release_many(charges=Charge.objects.select_related("session__course"), by=coder)
    assert sum(result.is_released for result in results) == 6
    assert ChargeEvent.objects.filter(verb="release").count() == 9
    assert [row.key for row in INVARIANTS if broken(row)] == []


@pytest.mark.django_db(transaction=True)
def test_judging_again_goes_on_where_it_was_killed(courses, person):
    run = enqueue(cause="A new edition", courses=touched_by(), by=person(Role.CODER))
    killed_in_the_middle(REJUDGE, run.started_by_id)
    run.refresh_from_db()
    assert (run.done, run.finished_at) == (1, None)
    call_command("rejudge")
    run.refresh_from_db()
    assert (run.done, run.total) == (3, 3)
    assert run.finished_at
