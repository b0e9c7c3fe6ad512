"""Importing the day from the record-and-verify system: look first, then write the good rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from typing import NamedTuple

import pghistory
from django.db import DataError, IntegrityError, OperationalError, transaction

from accounts.models import User
from authorizations.exchange.bounds import UNREADABLE
from authorizations.exchange.row_reader import FileRefused
from authorizations.imports.bulk_copy import create_sessions, keep_lines, keep_records
from authorizations.imports.clinician_lookup import Clinicians
from authorizations.imports.file_reader import FileReader
from authorizations.imports.judge_touched import judge_touched, judge_waiting
from authorizations.imports.plan import ImportPlan, Outcome, RecordChange, RowResult, plan_import
from authorizations.imports.writer import correct_by_record, take_over_number, void_imported_session
from authorizations.models import GuidanceSession, ImportRun, MachineChannel, TreatmentRecord
from authorizations.treatments.missed import withdraw_given

ATTEMPTS = 4


class NotWhole(Exception):
    """All rows or none were wished for, and some are not good."""

    def __init__(self, plan: ImportPlan) -> None:
        count = len(plan.refused) + len(plan.conflicts)
        super().__init__(
            f"Nothing was written: {count} rows cannot be taken, and all rows or none were chosen."
        )
        self.plan = plan


def import_treatments(
    contents: Sequence[bytes],
    *,
    by: User,
    on: date | None = None,
    allowed: Collection[str] | None = None,
    facility: str = "",
    is_whole: bool = False,
    channel: MachineChannel | None = None,
) -> ImportPlan:
    """Plan and write in one transaction. Raises FileRefused, and NotWhole if all were wished for.

    ``on`` is the day of judgement (today at each facility unless given). Somebody else at work on
    the same patients is waited for; should the database break the wait, it is done again. Without
    a machine ``channel`` approvals of images are reports that wait for the physician.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with transaction.atomic(), pghistory.context(user=by.pk):
                reader = FileReader(allowed, facility)
                plan = plan_import(
                    contents, today=on, allowed=allowed, reader=reader, is_locked=True
                )
                if is_whole and (plan.refused or plan.conflicts):
                    raise NotWhole(plan)
                apply_import(plan, by=by, on=on, channel=channel)
                return plan
        except DataError as error:
            raise FileRefused(UNREADABLE) from error
        except (OperationalError, IntegrityError):
            if attempt == ATTEMPTS or transaction.get_connection().in_atomic_block:
                raise
    raise AssertionError("unreachable")


@transaction.atomic
def apply_import(
    plan: ImportPlan, *, by: User, on: date | None = None, channel: MachineChannel | None = None
) -> list[ImportRun]:
    """Write the good rows of a plan, capture and judge their charges, keep every line's fate."""
    plan.runs = [
        ImportRun.objects.create(kind=ImportRun.Kind.TREATMENTS, sha256=digest, started_by=by)
        for digest in plan.hashes
    ]
    name_channels(plan.steps, channel)
    touched = write_steps(plan.steps, by)
    keep_lines(line_of(plan.runs[row.file], row, touched.numbers) for row in known(plan, touched))
    withdraw_given(delivered_treatments(plan.steps), by=by)
    judge_touched(touched.courses, touched.imaged, by=by, on=on)
    return plan.runs


def name_channels(steps: list[RecordChange], channel: MachineChannel | None) -> None:
    """Which machine channel brought each word: this import's, or that of a word said before."""
    rows = TreatmentRecord.objects.filter(record__any_of=[step.record for step in steps])
    before = {row.record: row for row in rows.select_related("channel")}
    for step in steps:
        known = before.get(step.record)
        step.channel = known.channel if known and known.digest == step.digest else channel


class Touched:
    """What a writing changed: sessions by record, those to be captured, courses to be judged."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.created: list[int] = []
        self.imaged: list[int] = []
        self.courses: set[int] = set()


def write_steps(steps: list[RecordChange], by: User) -> Touched:
    """Take back, put right, record; in this order, so that a place is free before it is taken."""
    touched, clinicians = Touched(), Clinicians()
    for step in steps:
        for number, reason in step.voids:
            touched.courses.add(void_imported_session(number, reason, by))
    take_over_number({number for step in steps for number in step.frees})
    changing = [s for s in steps if s.session and (s.values or s.is_linked or s.adds_review)]
    for step in sorted(changing, key=lambda each: each.values.get("is_delivered", False)):
        touched.courses.add(correct_by_record(step, by, clinicians))
        touched.imaged.append(step.session)
    creating = [step for step in steps if step.is_created]
    if creating:
        numbers = create_sessions(creating, by, clinicians)
        for step in creating:
            step.session = numbers[step.record]
        touched.created = list(numbers.values())
        touched.imaged += touched.created
        touched.courses |= {step.course.pk for step in creating}
    if steps:
        keep_records(steps, by)
    touched.numbers = {step.record: step.session for step in steps if step.session}
    return touched


def known(plan: ImportPlan, touched: Touched) -> list[RowResult]:
    """The lines of the plan, the sessions of records that did not change looked up."""
    missing = {row.record for row in plan.rows} - set(touched.numbers)
    rows = GuidanceSession.objects.filter(source_record__any_of=missing - {""})
    touched.numbers |= dict(rows.values_list("source_record", "pk"))
    return plan.rows


def line_of(run: ImportRun, row: RowResult, numbers: dict[str, int]) -> tuple[object, ...]:
    session = None if row.outcome == Outcome.REFUSED else numbers.get(row.record)
    return (
        run.pk,
        row.line,
        row.record[:40],
        row.outcome,
        row.kind,
        row.sentence[:300],
        session,
        row.kept,
    )


class Given(NamedTuple):
    """A treatment that was recorded, as far as it says that it was not missed."""

    course_id: int
    date_of_service: date
    session_of_day: int


def delivered_treatments(steps: Iterable[RecordChange]) -> list[Given]:
    return [
        Given(step.course.pk, step.row.date_of_service, step.row.session_of_day)
        for step in steps
        if step.is_created
    ]


def read_and_import(
    contents: Iterable[bytes],
    *,
    by: User,
    on: date | None = None,
    facility: str = "",
    channel: MachineChannel | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> ImportPlan:
    """Plan, write and judge in one go, for the command line. Raises FileRefused.

    ``facility`` is the code of the only facility whose rows and courses are taken.
    """
    allowed = [facility] if facility else None
    plan = import_treatments(
        list(contents), by=by, on=on, allowed=allowed, facility=facility, channel=channel
    )
    judge_waiting(by=by, on=on, progress=progress)
    return plan


__all__ = [
    "FileRefused",
    "ImportPlan",
    "NotWhole",
    "RowResult",
    "apply_import",
    "import_treatments",
    "plan_import",
    "read_and_import",
]
