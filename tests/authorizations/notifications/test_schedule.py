"""What is due is done once; mails hold numbers and links, never a patient."""

from __future__ import annotations

import threading
from datetime import datetime, time, timedelta
from smtplib import SMTPException
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from authorizations.models import JobRun, MailChoice
from authorizations.notifications import scheduled_jobs as schedule
from authorizations.notifications.scheduled_jobs import EVERY_DAY, JOBS, Job, last_due, run_due
from tests import factories as make

CHICAGO = ZoneInfo("America/Chicago")
MONDAY = datetime(2026, 11, 23, 7, 0, tzinfo=CHICAGO)
DAILY, WEEKLY = "Your work on Monday 23 November", "The week of 23 November"


@pytest.fixture(autouse=True)
def _address(settings):
    settings.PUBLIC_URL = "https://ledger.example.org/"


@pytest.fixture
def staff(person):
    """Somebody of each role with an address."""
    people = {}
    for role in ("front_desk", "manager", "coder", "physician", "therapist", "auditor"):
        people[role] = person(role)
        people[role].email = f"{role}@example.org"
        people[role].save()
    return people


@pytest.fixture
def case(course, authorize, treat):
    """A canary: a patient whose every identifier would be seen."""
    patient = course.patient
    patient.last_name, patient.first_name, patient.mrn = "Canarylast", "Canaryfirst", "CANARY77"
    patient.save()
    authorize(course, units=2)
    treat(course, 4, reviewed=False)
    make.CourseFactory(facility=course.facility, first_fraction_on=MONDAY.date())
    return course


@pytest.mark.django_db
def test_each_role_gets_its_work_and_the_manager_the_week(staff, case):
    run_due(MONDAY)
    sent = {
        (message.to[0].split("@")[0], message.subject.partition(": ")[2]): message.body
        for message in mail.outbox
    }
    assert set(sent) == {
        ("front_desk", DAILY),
        ("manager", DAILY),
        ("coder", DAILY),
        ("physician", DAILY),
        ("therapist", DAILY),
        ("manager", WEEKLY),
    }
    desk = sent["front_desk", DAILY]
    assert "     1  Running short of units" in desk
    assert "https://ledger.example.org/courses/?queue=short" in desk
    assert "Images awaiting review" in sent["physician", DAILY]
    assert "Fractions due at" in sent["therapist", DAILY]
    week = sent["manager", WEEKLY]
    assert "https://ledger.example.org/payer-dashboard/approved/?since=" in week
    assert "Approved in full (1 of 1, too few to compare)" in week
    assert "a week ago" not in sent["manager", WEEKLY]  # nothing was recorded yet
    assert all(reverse("mail_choice") in body for body in sent.values())


@pytest.mark.django_db
def test_no_mail_holds_anything_of_a_patient(staff, case, caplog):
    run_due(MONDAY)
    patient = case.patient
    said = "".join(m.subject + m.body + str(m.extra_headers) for m in mail.outbox) + caplog.text
    canaries = (
        "Canarylast",
        "Canaryfirst",
        "CANARY77",
        case.code,
        "A1000001",
        case.diagnosis,
        str(patient.date_of_birth),
        f"/courses/{case.pk}/",
    )
    assert mail.outbox
    for canary in canaries:
        assert canary not in said


@pytest.mark.django_db
def test_what_is_done_is_not_done_again(staff, case):
    assert {run.name for run in run_due(MONDAY)} == {"tasks", *(job.name for job in JOBS)}
    count = len(mail.outbox)
    assert run_due(MONDAY + timedelta(minutes=10)) == []
    assert len(mail.outbox) == count
    run_due(MONDAY + timedelta(days=1))
    assert {r.name for r in JobRun.objects.filter(due_at__gt=MONDAY)} == {
        "courses",
        "daily mail",
    }


@pytest.mark.django_db
def test_a_person_who_says_no_gets_none(staff, case, client):
    client.force_login(staff["manager"])
    client.post(reverse("mail_choice"), {"wants_daily": "on"})
    assert not MailChoice.objects.get(user=staff["manager"]).wants_weekly
    make.MailChoiceFactory(user=staff["coder"], wants_daily=False)
    run_due(MONDAY)
    subjects = [(m.to[0], m.subject.partition(": ")[2]) for m in mail.outbox]
    assert ("manager@example.org", DAILY) in subjects
    assert ("manager@example.org", WEEKLY) not in subjects
    assert not any(to == "coder@example.org" for to, _ in subjects)


@pytest.mark.django_db
def test_a_quiet_morning_brings_no_daily_mail(staff):
    run_due(MONDAY)
    assert [m.subject.partition(": ")[2] for m in mail.outbox] == [WEEKLY]


@pytest.mark.django_db
def test_who_could_not_be_reached_is_tried_again_and_nobody_twice(staff, case, monkeypatch):
    whole = EmailMessage.send

    def send(message, *args, **options):
        if message.to == ["coder@example.org"]:
            raise SMTPException("mailbox of coder@example.org")
        return whole(message, *args, **options)

    monkeypatch.setattr(EmailMessage, "send", send)
    runs = {run.name: run for run in run_due(MONDAY)}
    assert runs["daily mail"].finished_at is None
    assert runs["daily mail"].outcome == "4 sent, 1 failed"
    before = len(mail.outbox)
    monkeypatch.setattr(EmailMessage, "send", whole)
    (again,) = run_due(MONDAY + timedelta(minutes=10))
    assert again.finished_at
    assert [m.to for m in mail.outbox[before:]] == [["coder@example.org"]]


@pytest.mark.django_db
def test_mails_without_an_address_of_the_app_say_what_to_set(staff, case, settings):
    settings.PUBLIC_URL = ""
    with pytest.raises(ImproperlyConfigured, match="PUBLIC_URL"):
        run_due(MONDAY)


@pytest.mark.django_db
def test_the_command_says_what_it_did(staff, case, capsys, time_machine):
    time_machine.move_to(MONDAY)
    call_command("run_due")
    assert "daily mail due 2026-11-23" in capsys.readouterr().out


@pytest.mark.django_db
def test_the_command_fails_aloud_when_something_is_left(staff, case, monkeypatch, time_machine):
    time_machine.move_to(MONDAY)

    def send(message, *args, **options):
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailMessage, "send", send)
    with pytest.raises(CommandError, match="Not everything was done"):
        call_command("run_due")


AT_TWO = Job("at two", EVERY_DAY, time(2, 0), lambda run, now: "")


@pytest.mark.parametrize(
    ("name", "now", "due"),
    [
        ("daily mail", MONDAY, (2026, 11, 23, 6, 30)),
        ("daily mail", MONDAY.replace(hour=6, minute=29), (2026, 11, 20, 6, 30)),
        ("daily mail", datetime(2026, 11, 22, 12, tzinfo=CHICAGO), (2026, 11, 20, 6, 30)),
        ("weekly mail", datetime(2026, 11, 29, 12, tzinfo=CHICAGO), (2026, 11, 23, 6, 45)),
        ("at two", datetime(2026, 11, 1, 9, tzinfo=CHICAGO), (2026, 11, 1, 2, 0)),  # clocks go back
        ("at two", datetime(2027, 3, 14, 9, tzinfo=CHICAGO), (2027, 3, 14, 2, 0)),  # and forward
    ],
)
def test_the_latest_moment_a_job_was_due(name, now, due):
    job = next(job for job in (*JOBS, AT_TWO) if job.name == name)
    assert last_due(job, now) == datetime(*due, tzinfo=CHICAGO)


@pytest.mark.django_db
def test_mails_of_monday_are_not_sent_on_thursday(staff, case):
    runs = run_due(MONDAY + timedelta(days=3))
    assert {run.name for run in runs} == {"courses", "tasks", "daily mail"}


@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_the_work_once(person):
    started, rounds = threading.Barrier(4), []

    def work(run, now):
        rounds.append(run.pk)
        return "done"

    job = schedule.Job("race", schedule.EVERY_DAY, MONDAY.time(), work)

    def run() -> None:
        started.wait()
        schedule.run_job(job, MONDAY)
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(rounds) == 1
    assert JobRun.objects.get().outcome == "done"
