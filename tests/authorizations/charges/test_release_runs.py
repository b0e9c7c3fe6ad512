"""Many releases in the worker: answered one by one, by one worker each, killed without a loss."""

from __future__ import annotations

import threading

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from accounts.models import Role
from authorizations.charges import release_runs
from authorizations.charges.release_runs import NOT_YOURS, ask_for_release, finish_releases
from authorizations.invariants import INVARIANTS, broken
from authorizations.models import Charge, ChargeEvent, ReleaseAnswer, ReleaseRun
from tests import factories as make
from tests.support.workers import WORKER, killed_in_the_middle

pytestmark = pytest.mark.django_db
KILLED = """
import os, sys, time
import django
django.setup()
from authorizations.charges import release_runs
real, count = release_runs.released, 0
def counted(*given):
    global count
    result = real(*given)
    count += 1
    if count == 2:
        print("middle", flush=True)
        time.sleep(120)
    return result
release_runs.released = counted
from django.core.management import call_command
call_command("worker", verbosity=0, batch=True)
"""


@pytest.fixture
def charges(facility, plan, authorize, treat) -> list[Charge]:
    """Three courses of two clean charges each."""
    for number in range(3):
        course = make.CourseFactory(facility=facility)
        make.CoverageFactory(patient=course.patient, plan=plan)
        authorize(course, number=f"A100000{number}")
        treat(course, 2)
    return list(Charge.objects.select_related("session__course").order_by("pk"))


def releases() -> int:
    return ChargeEvent.objects.filter(verb="release").count()


def test_a_few_are_answered_at_once_and_many_by_the_worker(charges, coder, settings):
    settings.TASKS, settings.RELEASED_AT_ONCE = WORKER, 2
    threads = threading.active_count()
    sent = {"charge": [charge.pk for charge in charges]}
    answer = coder.post(reverse("charge_release_many"), sent)
    run = ReleaseRun.objects.get()
    assert answer["Location"] == reverse("release_run_detail", args=[run.pk])
    assert (releases(), threading.active_count()) == (0, threads)
    assert DBTaskResult.objects.get().args_kwargs == {"args": [run.pk], "kwargs": {}}
    page = coder.get(answer["Location"]).content.decode()
    assert "0 released, 0 kept back, 6 left." in page
    assert "Look again" in page
    assert "1 release of many charges is under way" in coder.get("/").content.decode()
    assert finish_releases() == (1, 0)
    assert releases() == 6
    assert "6 charges released" in coder.get(answer["Location"]).content.decode()
    settings.RELEASED_AT_ONCE = 6
    again = coder.post(reverse("charge_release_many"), sent)
    assert again.status_code == 200
    assert ReleaseRun.objects.count() == 1


def test_each_is_answered_and_a_failing_course_stops_no_other(charges, person, monkeypatch):
    real, bad = release_runs.decide_in_course, charges[2].session.course_id

    def fail_for_one(rows, *given):
        if rows[0].session.course_id == bad:
            raise ValueError("MRN 4711")
        return real(rows, *given)

    monkeypatch.setattr(release_runs, "decide_in_course", fail_for_one)
    run = ask_for_release(charges=charges, by=person(Role.CODER))
    run.refresh_from_db()
    assert (run.done, run.released) == (6, 4)
    assert run.finished_at
    kept = ReleaseAnswer.objects.filter(is_done=False)
    assert {answer.sentence for answer in kept} == {release_runs.BROKEN}
    assert {answer.charge.session.course_id for answer in kept} == {bad}
    assert [row.key for row in INVARIANTS if broken(row)] == []


def test_the_rights_are_those_of_the_moment_when_it_runs(charges, person, settings):
    settings.TASKS = WORKER
    coder = person(Role.CODER)
    run = ask_for_release(charges=charges, by=coder)
    coder.memberships.all().delete()
    assert finish_releases() == (1, 0)
    run.refresh_from_db()
    assert (run.done, run.released, releases()) == (6, 0, 0)
    assert set(run.answers.values_list("sentence", flat=True)) == {NOT_YOURS}


def test_another_facility_sees_nothing_of_it(charges, person, elsewhere, client):
    run = ask_for_release(charges=charges, by=person(Role.CODER))
    client.force_login(person(Role.CODER, elsewhere))
    assert client.get(reverse("release_run_detail", args=[run.pk])).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_loses_none_and_releases_none_twice(
    charges, person, settings
):
    settings.TASKS = WORKER
    run = ask_for_release(charges=charges, by=person(Role.CODER))
    killed_in_the_middle(KILLED)
    run.refresh_from_db()
    assert (run.done, run.finished_at, releases()) == (2, None, 2)
    assert DBTaskResult.objects.get().status == "RUNNING"
    call_command("worker", batch=True, verbosity=0)
    run.refresh_from_db()
    assert (run.done, run.released, releases()) == (6, 6, 6)
    assert run.answers.count() == 6
    assert [row.key for row in INVARIANTS if broken(row)] == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_one_release_release_each_charge_once(charges, person, settings):
    settings.TASKS = WORKER
    run = ask_for_release(charges=charges, by=person(Role.CODER))
    start, outcomes = threading.Barrier(2), []

    def work():
        try:
            start.wait(10)
            outcomes.append(finish_releases())
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert len(outcomes) == 2
    assert {failed for _, failed in outcomes} == {0}
    run.refresh_from_db()
    assert (run.done, run.released, releases()) == (6, 6, 6)
    assert run.answers.count() == 6
