"""Judging many courses again when the books change: course by course, resumable."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import partial

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django_tasks import task

from accounts.background import JobFailed, run_alone
from accounts.models import User
from authorizations.models import ChangedVerdict, Charge, ChargeStatus, Course, RejudgeRun
from authorizations.verdicts.facts import RuleBooks
from authorizations.verdicts.judge_course import judge_course
from payers.models import Plan

INLINE_COURSES = 20


def touched_by(
    plans: QuerySet[Plan] | None = None,
    *,
    codes: Iterable[str] | None = None,
    since: date | None = None,
) -> QuerySet[Course]:
    """Courses with charges that stand, of these plans, codes and days; all where none are named."""
    rows = Charge.objects.live().exclude(status=ChargeStatus.NOT_BILLABLE)
    if plans is not None:
        rows = rows.filter(session__course__patient__coverages__plan__in=plans)
    if codes is not None:
        rows = rows.filter(code__in=list(codes))
    if since:
        rows = rows.filter(date_of_service__gte=since)
    return Course.objects.filter(pk__in=rows.values("session__course"))


def enqueue(*, cause: str, courses: QuerySet[Course], by: User) -> RejudgeRun:
    """Write down what is to be judged again, and why. ``start`` or the command does the work."""
    numbers = list(courses.order_by("pk").values_list("pk", flat=True).distinct())
    finished = None if numbers else timezone.now()
    return RejudgeRun.objects.create(
        cause=cause[:200], courses=numbers, started_by=by, finished_at=finished
    )


def start(run: RejudgeRun) -> None:
    """Do a short run at once; give a long one to the worker, so that no page waits for it."""
    if run.total <= INLINE_COURSES:
        work_off(run)
    else:
        go_on_with_run.enqueue(run.pk)


@task()
def go_on_with_run(number: int) -> None:
    """The worker's part: the run from where it stands, unless another process is at it."""
    run = RejudgeRun.objects.get(pk=number)
    run_alone(f"judging again {number}", lambda: work_off(run))


def work_off(run: RejudgeRun) -> RejudgeRun:
    """Judge course after course until none is left; each is kept before the next begins."""
    books = RuleBooks()
    while judge_next(run.pk, books):
        pass
    run.refresh_from_db()
    return run


@transaction.atomic
def judge_next(pk: int, books: RuleBooks) -> bool:
    """Judge the next course of a run and move it on, both or neither; whether more is left."""
    run = RejudgeRun.objects.select_for_update().get(pk=pk)
    if run.done < run.total:
        judge_for(run, books)
        run.done += 1
    if run.done == run.total and run.finished_at is None:
        run.finished_at = timezone.now()
    run.save(update_fields=["done", "changed", "flagged", "finished_at"])
    return run.finished_at is None


def judge_for(run: RejudgeRun, books: RuleBooks) -> None:
    """One course of the run: its open charges anew, its released ones held against the facts."""
    course = Course.objects.select_related("facility").get(pk=run.courses[run.done])
    marks = ChangedVerdict.objects.filter(charge__session__course=course)
    before = marks.count()
    changed = judge_course(course, by=run.started_by, books=books, cause=run.cause)
    run.changed += len(changed)
    run.flagged += marks.count() - before


def finish_runs() -> tuple[int, int]:
    """Go on with every run that was broken off; how many are finished now, and how many failed."""
    done = failed = 0
    for run in list(unfinished()):
        try:
            done += run_alone(f"judging again {run.pk}", partial(work_off, run))
        except JobFailed:
            failed += 1
    return done, failed


def unfinished() -> QuerySet[RejudgeRun]:
    """Runs that were not brought to their end, the oldest first."""
    return RejudgeRun.objects.filter(finished_at__isnull=True).order_by("pk")
