"""Import the day from the record-and-verify system: plan first, then write the good rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

import pghistory
from django.db import DataError, IntegrityError, OperationalError, transaction

from accounts.models import User
from authorizations.exchange.bounds import UNREADABLE
from authorizations.exchange.row_reader import FileRefused
from authorizations.imports.bulk_copy import create_sessions, save_records, save_results
from authorizations.imports.clinician_lookup import Clinicians
from authorizations.imports.file_reader import FileReader
from authorizations.imports.judge_touched import judge_touched, judge_waiting
from authorizations.imports.plan import ImportPlan, RecordChange, RowResult, plan_import
from authorizations.imports.record_versions import RecordVersion
from authorizations.imports.writer import (
    correct_by_record,
    free_record_numbers,
    void_imported_session,
)
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
    """Write the good rows of a plan, capture and judge their charges, save every line's result."""
    plan.runs = [
        ImportRun.objects.create(kind=ImportRun.Kind.TREATMENTS, sha256=digest, started_by=by)
        for digest in plan.hashes
    ]
    written = write_changes(with_channels(plan.changes, channel), by)
    save_results(plan.rows, plan.runs, sessions_of(plan.rows, written))
    withdraw_given(delivered_treatments(plan.changes), by=by)
    judge_touched(written.courses, written.imaged, by=by, on=on)
    return plan.runs


def with_channels(
    changes: Sequence[RecordChange], channel: MachineChannel | None
) -> list[RecordChange]:
    """Each with the machine channel that brought its version: this import's, or an earlier one."""
    rows = TreatmentRecord.objects.filter(record__any_of=[change.record for change in changes])
    before = {row.record: row for row in rows.select_related("channel")}

    def brought_by(version: RecordVersion) -> MachineChannel | None:
        known = before.get(version.record)
        return known.channel if known and known.digest == version.digest else channel

    return [replace(change, channel=brought_by(change.version)) for change in changes]


@dataclass(slots=True)
class Written:
    """What was written: the session of each record, those to be captured, courses to be judged."""

    sessions: dict[str, int] = field(default_factory=dict)
    imaged: list[int] = field(default_factory=list)
    courses: set[int] = field(default_factory=set)


def write_changes(changes: Sequence[RecordChange], by: User) -> Written:
    """Void, correct, record; in this order, so that a slot is free before it is taken."""
    written, clinicians = Written(), Clinicians()
    for change in changes:
        for session, reason in change.voids:
            written.courses.add(void_imported_session(session, reason, by))
    free_record_numbers({session for change in changes for session in change.frees})
    correcting = [c for c in changes if c.session and (c.values or c.is_linked or c.adds_review)]
    for change in sorted(correcting, key=lambda each: each.values.get("is_delivered", False)):
        written.courses.add(correct_by_record(change, by, clinicians))
        written.imaged.append(change.session)
    creating = [change for change in changes if change.is_created]
    created = create_sessions(creating, by, clinicians) if creating else {}
    written.imaged += created.values()
    written.courses |= {change.version.course.pk for change in creating}
    written.sessions = {c.record: c.session for c in changes if c.session} | created
    if changes:
        save_records(changes, written.sessions, by)
    return written


def sessions_of(rows: Iterable[RowResult], written: Written) -> dict[str, int]:
    """The session of each record, those of records that did not change looked up."""
    missing = {row.record for row in rows} - set(written.sessions) - {""}
    found = GuidanceSession.objects.filter(source_record__any_of=missing)
    return written.sessions | dict(found.values_list("source_record", "pk"))


class Delivered(NamedTuple):
    """A treatment that was recorded, as far as it shows that it was not missed."""

    course_id: int
    date_of_service: date
    session_of_day: int


def delivered_treatments(changes: Iterable[RecordChange]) -> list[Delivered]:
    return [
        Delivered(
            course_id=change.version.course.pk,
            date_of_service=change.version.row.date_of_service,
            session_of_day=change.version.row.session_of_day,
        )
        for change in changes
        if change.is_created
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
