"""Releasing many charges in the worker: course by course, each charge with its own answer."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from functools import partial

import pghistory
from django.conf import settings
from django.db import OperationalError, transaction
from django.utils import timezone
from django_tasks import task

from accounts.background import JobFailed, run_alone
from accounts.models import User
from accounts.roles import Permission
from authorizations.charges.bulk import ChargeResult, decide_in_course
from authorizations.models import Charge, ReleaseAnswer, ReleaseRun
from authorizations.worklists.sync_tasks import in_one_pass

NOT_YOURS = "Not released: you do not release charges of this facility any more."
BROKEN = "Not released: something failed here. Release it on its own page."
log = logging.getLogger(__name__)


def is_long(charges: Sequence[Charge]) -> bool:
    """Whether so many are released by the worker, with a page that shows how far it is."""
    return len(charges) > settings.RELEASED_AT_ONCE


@transaction.atomic
def ask_for_release(*, charges: Iterable[Charge], by: User) -> ReleaseRun:
    """Write down which charges are to be released, and leave them to the worker."""
    ordered = sorted(charges, key=lambda charge: (charge.session.course_id, charge.pk))
    finished = None if ordered else timezone.now()
    numbers = [charge.pk for charge in ordered]
    run = ReleaseRun.objects.create(charges=numbers, asked_by=by, finished_at=finished)
    go_on_with_release.enqueue(run.pk)
    return run


@task()
def go_on_with_release(number: int) -> None:
    """The worker's part: the release from where it stands, unless another process is at it."""
    run_alone(f"release {number}", partial(release_rest, number))


def release_rest(number: int) -> None:
    """Course after course until each charge is answered; each course is kept before the next."""
    while release_next_course(number):
        pass


@transaction.atomic
def release_next_course(number: int) -> bool:
    """One course with its answers and the place in the run, all or none; whether more is left."""
    run = (
        ReleaseRun.objects.select_for_update(of=("self",)).select_related("asked_by").get(pk=number)
    )
    if run.finished_at is None:
        charges = next_charges(run)
        with pghistory.context(user=run.asked_by_id):
            answers = answer_course(charges, run.asked_by)
        ReleaseAnswer.objects.bulk_create(
            ReleaseAnswer(run=run, charge=row.charge, is_done=row.is_done, sentence=row.sentence)
            for row in answers
        )
        run.done += len(charges)
        run.released += sum(row.is_done for row in answers)
        run.finished_at = timezone.now() if run.done == run.total else None
        run.save(update_fields=["done", "released", "finished_at"])
    return run.finished_at is None


def next_charges(run: ReleaseRun) -> list[Charge]:
    """The charges of the course that is next."""
    rows = Charge.objects.select_related("session__course__facility", "facility", "plan__payer")
    first = rows.get(pk=run.charges[run.done])
    same = rows.filter(pk__in=run.charges[run.done :], session__course=first.session.course_id)
    return list(same.order_by("pk"))


def answer_course(charges: list[Charge], by: User) -> list[ChargeResult]:
    """Release those that the person may release now, as the roles are at this moment."""
    allowed: set[int] = set()
    if by.is_active:
        mine = Charge.objects.for_user(by, Permission.REVIEW_CHARGES)
        numbers = [charge.pk for charge in charges]
        allowed = set(mine.filter(pk__in=numbers).values_list("pk", flat=True))
    asked = [charge for charge in charges if charge.pk in allowed]
    found = released(asked, by) if asked else {}
    return [found.get(charge.pk) or ChargeResult(charge, False, NOT_YOURS) for charge in charges]


def released(charges: list[Charge], by: User) -> dict[int, ChargeResult]:
    """What became of each. A course that fails keeps its charges and stops no other."""
    try:
        with transaction.atomic(), in_one_pass():
            return decide_in_course(charges, "release", by, {})
    except OperationalError:
        raise  # the database is away: nothing is answered, the run goes on later
    except Exception:
        log.exception("The charges of course %s were not released.", charges[0].session.course_id)
    return {charge.pk: ChargeResult(charge, False, BROKEN) for charge in charges}


def finish_releases() -> tuple[int, int]:
    """Go on with every release that was broken off; how many ended now, and how many failed."""
    done = failed = 0
    for number in list(ReleaseRun.objects.unfinished().values_list("pk", flat=True)):
        try:
            done += run_alone(f"release {number}", partial(release_rest, number))
        except JobFailed:
            failed += 1
    return done, failed
