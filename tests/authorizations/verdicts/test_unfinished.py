"""Noted work is finished by the clock, is seen until it is, and one failure stops nothing else."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from accounts.models import KeptForm, Role, SentForm
from authorizations.imports import judge_touched as judging
from authorizations.models import ChargeVisit, GuidanceSession, SheetDraft, WaitingJudgement
from authorizations.notifications import scheduled_jobs as schedule
from authorizations.notifications.scheduled_jobs import run_due
from tests import factories as make
from tests.conftest import usual_days

pytestmark = pytest.mark.django_db
NIGHT = datetime(2026, 11, 22, 23, 0, tzinfo=ZoneInfo("America/Chicago"))


@pytest.fixture(autouse=True)
def _address(settings):
    settings.PUBLIC_URL = "https://ledger.example.org/"


@pytest.fixture
def killed(course, approved, person):
    """As a large import leaves it that is killed between its commit and its judging."""
    clerk = person(Role.FRONT_DESK)
    for values in usual_days(course, 3, {}):
        GuidanceSession.objects.create(course=course, recorded_by=clerk, **values)
    WaitingJudgement.objects.create(course=course, asked_for=clerk)
    return clerk


def outcomes() -> dict[str, str]:
    return {run.name: run.outcome for run in run_due(NIGHT)}


def test_courses_of_a_killed_import_are_judged_for_who_sent_it(killed, course):
    assert outcomes()["judging"] == "1 courses judged that had waited"
    assert not WaitingJudgement.objects.exists()
    charges = [charge for session in course.sessions.all() for charge in session.charges.all()]
    assert len(charges) == 3
    assert all(charge.status != "captured" for charge in charges)
    assert charges[0].events.first().by == killed
    assert "judging" not in outcomes()


def test_a_run_of_judging_again_that_was_killed_goes_on(course, approved, treat):
    treat(course)
    run = make.RejudgeRunFactory(courses=[course.pk, course.pk], done=1, finished_at=None)
    assert outcomes()["judging again"] == "1 runs of judging again finished"
    run.refresh_from_db()
    assert run.finished_at
    assert run.done == 2


def test_one_that_fails_stops_no_other(killed, monkeypatch, caplog):
    other = make.CourseFactory(facility=killed.memberships.get().facility)
    WaitingJudgement.objects.create(course=other, asked_for=killed)
    whole = judging.judge_course

    def fail_for_other(course, **given):
        if course.pk == other.pk:
            raise RuntimeError("broken")
        return whole(course, **given)

    monkeypatch.setattr(judging, "judge_course", fail_for_other)
    done = outcomes()
    assert done["judging"] == "1 courses judged that had waited, 1 failed"
    assert WaitingJudgement.objects.get().course == other
    with pytest.raises(CommandError, match="Not everything was done"):
        call_command("run_due")


def test_a_failing_job_stops_no_other(monkeypatch):
    def fail(*args):
        raise RuntimeError("broken")

    done: list[datetime] = []
    monkeypatch.setitem(schedule.EACH_TIME, "counts", fail)
    monkeypatch.setitem(schedule.EACH_TIME, "tasks", lambda now: done.append(now) or "")
    monkeypatch.setattr(schedule, "end_finished_courses", fail)
    runs = {run.name: run for run in run_due(NIGHT.replace(hour=3, day=23))}
    assert runs["counts"].outcome == runs["courses"].outcome == "failed: RuntimeError"
    assert runs["courses"].finished_at is None
    assert len(done) == 1


@pytest.mark.parametrize(
    ("role", "is_seen"),
    [(Role.CODER, True), (Role.MANAGER, True), (Role.FRONT_DESK, True), (Role.PHYSICIAN, False)],
)
def test_home_says_what_waits_and_since_when(killed, client_of, role, is_seen):
    page = client_of(role).get("/").content.decode()
    assert ("1 course of an import waits to be judged, since" in page) == is_seen


def test_home_says_nothing_of_another_facility(killed, person, elsewhere, client):
    client.force_login(person(Role.CODER, elsewhere))
    assert "waits to be judged" not in client.get("/").content.decode()


def test_the_bookkeeper_sees_runs_that_were_broken_off(client_of, course):
    make.RejudgeRunFactory(courses=[course.pk], finished_at=None)
    page = client_of(Role.ADMINISTRATOR).get("/").content.decode()
    assert "1 run of judging again is not finished" in page


def test_who_watches_the_machine_is_told_too(killed, client):
    answer = client.get(reverse("readyz"))
    assert answer.status_code == 200
    assert answer.content.decode().startswith("ready\n1 course of an import waits to be judged")


def test_what_nobody_needs_any_more_is_swept(person, course, treat):
    now = timezone.now()
    old = now - timedelta(days=31)
    charge = treat(course)[0].charges.get()
    KeptForm.objects.filter(pk=make.KeptFormFactory().pk).update(at=old)
    SentForm.objects.filter(pk=make.SentFormFactory().pk).update(at=old)
    make.ChargeVisitFactory(charge=charge, at=old)
    SheetDraft.objects.filter(pk=make.SheetDraftFactory().pk).update(updated_at=old)
    Session.objects.create(session_key="x" * 32, session_data="", expire_date=old)
    recent = make.KeptFormFactory()
    schedule.sweep(now)
    assert list(KeptForm.objects.all()) == [recent]
    for model in (SentForm, ChargeVisit, SheetDraft, Session):
        assert not model.objects.exists()


def test_the_probe_of_life_asks_nothing_of_the_database(coder, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = coder.get(reverse("healthz"))
    assert answer.content == b"ok\n"


def test_a_refusal_is_one_line_in_the_log():
    import logging
    import sys

    from django.core.exceptions import PermissionDenied

    from config.logs import RefusalsInOneLine

    def record_of(error):
        try:
            raise error
        except Exception:
            return logging.LogRecord("x", 30, "x", 1, "x", (), sys.exc_info())

    refusal, fault = record_of(PermissionDenied("no")), record_of(ValueError("broken"))
    assert RefusalsInOneLine().filter(refusal)
    assert RefusalsInOneLine().filter(fault)
    assert refusal.exc_info is None
    assert fault.exc_info is not None
