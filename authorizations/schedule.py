"""What is due by the clock, done once for each moment it was due, by one process at a time."""

from __future__ import annotations

import logging
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection
from django.utils import timezone

from accounts.models import User
from authorizations import digests
from authorizations.actions.ending import end_finished_courses
from authorizations.dashboards.counting import recount_days
from authorizations.models import JobRun
from authorizations.worklists.syncing import sync_tasks

log = logging.getLogger(__name__)
EVERY_DAY, WEEKDAYS, MONDAYS = frozenset(range(7)), frozenset(range(5)), frozenset({0})
TOO_LATE = timedelta(hours=20)
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


def keep_tasks(run: JobRun, now: datetime) -> str:
    opened, closed = sync_tasks(now)
    return f"{opened} tasks opened, {closed} closed"


def send_daily(run: JobRun, now: datetime) -> str:
    return send(run, now, "wants_daily", digests.daily)


def send_weekly(run: JobRun, now: datetime) -> str:
    return send(run, now, "wants_weekly", digests.weekly)


JOBS = (
    Job("courses", EVERY_DAY, time(1, 30), end_courses),
    Job("tasks", EVERY_DAY, time(2, 0), keep_tasks),
    Job("daily mail", WEEKDAYS, time(6, 30), send_daily),
    Job("weekly mail", MONDAYS, time(6, 45), send_weekly),
)


class NotAllSent(Exception):
    """Some mails did not go out; the next run tries those again."""


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
        raise NotAllSent(f"{sent} sent, {failed} failed")
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

    The days on which something changed are counted anew each time.
    """
    now = now or timezone.now()
    recount_days(now)
    runs = (run_job(job, now) for job in JOBS if now - last_due(job, now) < TOO_LATE)
    return [run for run in runs if run]


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
        except NotAllSent as shortfall:
            run.outcome = str(shortfall)
        run.save(update_fields=["outcome", "finished_at"])
        return run


@contextmanager
def alone(name: str) -> Iterator[bool]:
    """Whether this process alone does the job now; the database keeps the lock."""
    key = zlib.crc32(f"guidance ledger job {name}".encode())
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        is_mine = bool(cursor.fetchone()[0])
    try:
        yield is_mine
    finally:
        if is_mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])
