"""Judging what an import touched: at once for a day, in chunks for a hundred thousand rows."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from datetime import date

import pghistory
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django_tasks import task

from accounts.background import JobFailed, run_alone
from accounts.models import User
from authorizations.imports.bulk_copy import analyze_tables
from authorizations.models import (
    Charge,
    ChargeEvent,
    CodingReview,
    Course,
    GuidanceSession,
    WaitingJudgement,
)
from authorizations.verdicts.facts import RuleBooks
from authorizations.verdicts.judge_course import capture_and_judge, judge_course
from authorizations.worklists.sync_tasks import in_one_pass

log = logging.getLogger(__name__)
AT_ONCE = 100  # courses judged in the transaction of the import itself
MANY = 1000  # sessions, from which on they are judged after it
CHUNK = 25


@in_one_pass()
def judge_touched(
    courses: Collection[int], sessions: Collection[int], *, by: User, on: date | None
) -> None:
    """Capture and judge now, or note the courses for later where they are many."""
    if len(courses) > AT_ONCE or len(sessions) > MANY:
        WaitingJudgement.objects.bulk_create(
            (WaitingJudgement(course_id=number, asked_for=by) for number in sorted(courses)),
            ignore_conflicts=True,
        )
        return
    found = list(GuidanceSession.objects.live().filter(pk__in=sessions))
    others = set(courses) - {session.course_id for session in found}
    if not found and not others:
        return
    books = RuleBooks()
    capture_and_judge(found, by=by, on=on, books=books)
    for course in Course.objects.filter(pk__in=others).order_by("pk").select_related("facility"):
        judge_course(course, by=by, on=on, books=books)


def judge_waiting(
    *,
    by: User,
    on: date | None = None,
    most: int | None = None,
    among: QuerySet[Course] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Judge the waiting courses, each chunk in a transaction; return how many still wait.

    Broken off, it goes on where it stopped. ``most`` ends it after so many courses; ``among``: the
    courses of the facilities for which a person does it.
    """
    total, done, books, due = waiting_courses(among).count(), 0, None, CHUNK
    while done < total and (most is None or done < most):
        books = books or RuleBooks()
        if done >= due:
            analyze_tables(Charge, CodingReview, ChargeEvent)
            due = done * 2
        judged = judge_chunk(books, by=by, on=on, among=among)
        if not judged:
            break
        done += judged
        if progress:
            progress(min(done, total), total)
    return waiting_courses(among).count()


def waiting_courses(among: QuerySet[Course] | None) -> QuerySet[WaitingJudgement]:
    """What waits to be judged, all of it or of these courses."""
    rows = WaitingJudgement.objects.order_by("pk")
    return rows if among is None else rows.filter(course__in=among.order_by())


def judge_chunk(
    books: RuleBooks, *, by: User, on: date | None, among: QuerySet[Course] | None = None
) -> int:
    """A few courses in one transaction, the person named in the history."""
    with transaction.atomic(), pghistory.context(user=by.pk):
        return judge_next_touched(books, by=by, on=on, among=among)


@in_one_pass()
def judge_next_touched(
    books: RuleBooks, *, by: User, on: date | None, among: QuerySet[Course] | None = None
) -> int:
    """A course that somebody else is at work on is left for the next chunk."""
    rows = waiting_courses(among).select_for_update(of=("self",), skip_locked=True)[:CHUNK]
    waiting = list(rows.values_list("pk", "course_id"))
    numbers = [course for _, course in waiting]
    for course in Course.objects.filter(pk__in=numbers).order_by("pk").select_related("facility"):
        judge_course(course, by=by, on=on, books=books, sessions=uncharged(course))
    WaitingJudgement.objects.filter(pk__in=[pk for pk, _ in waiting]).delete()
    return len(waiting)


@task()
def go_on_judging() -> None:
    """The worker's part: judge what waits, unless another process is at it. Fails if some fail."""
    run_alone("judging", finish_all_waiting)


def finish_all_waiting() -> None:
    """Judge what waits; raises JobFailed where some could not be judged."""
    _, failed = finish_waiting()
    if failed:
        raise JobFailed(f"{failed} courses could not be judged.")


def finish_waiting() -> tuple[int, int]:
    """Judge every waiting course for the person it was asked for; how many were, and how many
    could not be. Each is judged in its own transaction, and one that fails stops no other.
    """
    judged = failed = 0
    books = RuleBooks()
    for number in list(WaitingJudgement.objects.values_list("pk", flat=True)):
        try:
            judged += judge_one(number, books)
        except Exception:
            log.exception("Waiting course %s could not be judged.", number)
            failed += 1
    return judged, failed


@transaction.atomic
def judge_one(number: int, books: RuleBooks) -> bool:
    """One waiting course; False where somebody else is at work on it or has judged it."""
    rows = WaitingJudgement.objects.select_for_update(skip_locked=True, of=("self",))
    waiting = rows.select_related("course__facility", "asked_for").filter(pk=number).first()
    if waiting is None:
        return False
    course, person = waiting.course, waiting.asked_for
    with pghistory.context(user=person.pk):
        judge_course(course, by=person, books=books, sessions=uncharged(course))
        waiting.delete()
    return True


def uncharged(course: Course) -> list[GuidanceSession]:
    """Imaged sessions of a course that never had a charge."""
    charges = Charge.objects.filter(session=OuterRef("pk"))
    rows = GuidanceSession.objects.live().filter(~Exists(charges), course=course)
    return [session for session in rows if session.modalities]
