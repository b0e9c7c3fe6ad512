"""What is due by the clock, done once for each moment it was due, by one process at a time."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.background import alone
from accounts.models import KeptForm, SentForm, SignInFailure, User
from accounts.sign_in_throttle import REMEMBERED
from authorizations.charges.release_runs import finish_releases
from authorizations.courses.ending import end_finished_courses
from authorizations.dashboards.rollups.refresh import recount_days
from authorizations.imports.judge_touched import finish_waiting
from authorizations.models import ChargeVisit, JobRun, SheetDraft
from authorizations.notifications import digests
from authorizations.verdicts.rejudge import finish_runs
from authorizations.worklists.sync_tasks import sync_tasks

log = logging.getLogger(__name__)
EVERY_DAY, WEEKDAYS, MONDAYS = frozenset(range(7)), frozenset(range(5)), frozenset({0})
TOO_LATE = timedelta(hours=20)
SENT_KEYS_ARE_KEPT, VISITS_ARE_KEPT = timedelta(days=30), timedelta(days=1)
JOBS_ARE_KEPT = timedelta(days=7)
Compose = Callable[[User, datetime], EmailMessage | None]


@dataclass(frozen=True)
class Job:
    """Something to be done on some days at a time. ``work`` answers what came of it."""

    name: str
    days: frozenset[int]
    at: time
    work: Callable[[JobRun, datetime], str]


def end_courses(run: JobRun, now: datetime) -> str:
    return f"{end_finished_courses(now)} courses ended"


class NotAllDone(Exception):
    """Some of a job could not be done; the next run tries that again."""


def send_daily(run: JobRun, now: datetime) -> str:
    return send(run, now, "wants_daily", digests.daily)


def send_weekly(run: JobRun, now: datetime) -> str:
    return send(run, now, "wants_weekly", digests.weekly)


def finish_judging(now: datetime) -> str:
    return outcome_of(*finish_waiting(), "courses judged that had waited")


def finish_rejudging(now: datetime) -> str:
    return outcome_of(*finish_runs(), "runs of judging again finished")


def go_on_releasing(now: datetime) -> str:
    return outcome_of(*finish_releases(), "releases of many charges finished")


def keep_tasks(now: datetime) -> str:
    """What only time changes: a deadline that passed, a follow-up that is due."""
    opened, closed = sync_tasks(now)
    return f"{opened} tasks opened, {closed} closed" if opened or closed else ""


def count_days(now: datetime) -> str:
    recount_days(now)
    return ""


def sweep(now: datetime) -> str:
    """What nobody needs any more: drafts and kept forms too old, sent keys, visits, sessions."""
    rows = (
        KeptForm.objects.stale(now),
        SheetDraft.objects.stale(now),
        SentForm.objects.filter(at__lt=now - SENT_KEYS_ARE_KEPT),
        ChargeVisit.objects.filter(at__lt=now - VISITS_ARE_KEPT),
        Session.objects.filter(expire_date__lt=now),
        SignInFailure.objects.filter(at__lt=now - REMEMBERED),
        DBTaskResult.objects.exclude(status="READY").filter(started_at__lt=now - JOBS_ARE_KEPT),
    )
    swept = sum(found.delete()[0] for found in rows)
    return f"{swept} old rows swept" if swept else ""


def outcome_of(done: int, failed: int, words: str) -> str:
    """How much was done; raises NotAllDone where something failed."""
    if failed:
        raise NotAllDone(f"{done} {words}, {failed} failed")
    return f"{done} {words}" if done else ""


# Done at every run, whatever the hour: the work that a broken-off process left behind.
EACH_TIME: dict[str, Callable[[datetime], str]] = {
    "counts": count_days,
    "judging": finish_judging,
    "judging again": finish_rejudging,
    "releases": go_on_releasing,
    "tasks": keep_tasks,
    "sweeping": sweep,
}
JOBS = (
    Job("courses", EVERY_DAY, time(1, 30), end_courses),
    Job("daily mail", WEEKDAYS, time(6, 30), send_daily),
    Job("weekly mail", MONDAYS, time(6, 45), send_weekly),
)


def send(run: JobRun, now: datetime, wants: str, compose: Compose) -> str:
    """To each person once: who has had it is written down before the next one is sent."""
    sent = failed = 0
    for person in digests.people(wants).exclude(pk__in=run.told):
        message = compose(person, now)
        try:
            sent += message.send() if message else 0
        except (SMTPException, OSError) as error:
            log.warning("No mail to person %s: %s", person.pk, type(error).__name__)
            failed += 1
            continue
        run.told.append(person.pk)
        run.save(update_fields=["told"])
    if failed:
        raise NotAllDone(f"{sent} sent, {failed} failed")
    return f"{sent} sent"


def last_due(job: Job, now: datetime) -> datetime:
    """The latest moment at which the job was due, by the clock of the schedule."""
    day = now.astimezone(settings.SCHEDULE_TIME_ZONE).date()
    while True:
        due = datetime.combine(day, job.at, tzinfo=settings.SCHEDULE_TIME_ZONE)
        if due <= now and day.weekday() in job.days:
            return due
        day -= timedelta(days=1)


def run_due(now: datetime | None = None) -> list[JobRun]:
    """Do what is due and not yet done; the runs made now. What is long past is left alone.

    Work that a broken-off process left behind is finished first. A job that fails stops no other.
    Raises ImproperlyConfigured after all of them where something is not set.
    """
    now = now or timezone.now()
    runs = [finish_work(name, work, now) for name, work in EACH_TIME.items()]
    missing: list[ImproperlyConfigured] = []
    for job in JOBS:
        if now - last_due(job, now) < TOO_LATE:
            try:
                runs.append(run_job(job, now))
            except ImproperlyConfigured as error:
                missing.append(error)
    if missing:
        raise missing[0]
    return [run for run in runs if run]


def finish_work(name: str, work: Callable[[datetime], str], now: datetime) -> JobRun | None:
    """Work of every run, by one process at a time; nothing to report where nothing waited."""
    with alone(name) as is_mine:
        run = JobRun(name=name, due_at=now, started_at=now)
        if not is_mine:
            return None
        try:
            run.outcome, run.finished_at = work(now), timezone.now()
        except Exception as error:
            run.outcome = said_of(error, name)
        return run if run.outcome else None


def said_of(error: Exception, name: str) -> str:
    """What became of a job that failed; its traceback is in the log."""
    if isinstance(error, NotAllDone):
        return str(error)
    log.error("The job “%s” failed.", name, exc_info=error)
    return f"failed: {type(error).__name__}"


def run_job(job: Job, now: datetime) -> JobRun | None:
    """One job, unless it is done or somebody else is at it."""
    with alone(job.name) as is_mine:
        if not is_mine:
            return None
        run, _ = JobRun.objects.get_or_create(name=job.name, due_at=last_due(job, now))
        if run.finished_at:
            return None
        try:
            run.outcome, run.finished_at = job.work(run, now), timezone.now()
        except ImproperlyConfigured:
            raise
        except Exception as error:
            run.outcome = said_of(error, job.name)
        run.save(update_fields=["outcome", "finished_at"])
        return run
