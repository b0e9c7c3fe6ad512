"""A person decides where the record-and-verify system sends what may not be changed silently."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from accounts.models import Facility, User
from accounts.roles import Permission, has_permission
from authorizations.exceptions import NotRecorded
from authorizations.imports.actions import with_channels, write_changes
from authorizations.imports.existing_records import read_existing
from authorizations.imports.judge_touched import judge_touched
from authorizations.imports.latest_versions import LatestVersions
from authorizations.imports.planner import plan_changes
from authorizations.imports.record_versions import (
    DELETED,
    RecordVersion,
    version_of_record,
    waiting_row,
)
from authorizations.models import RecordStatus, TreatmentRecord
from authorizations.models.treatment_records import COURSE_ELSEWHERE
from authorizations.verdicts.locks import lock_imports


def may_decide_conflict(record: TreatmentRecord, by: User) -> bool:
    """Whether a person decides about a record: of another facility's line, at the course's."""
    place = place_of_decision(record)
    if record.kind == COURSE_ELSEWHERE:
        return has_permission(by, Permission.IMPORT, place)
    deciders = (Permission.RECORD_SESSIONS, Permission.OVERRIDE)
    return any(has_permission(by, permission, place) for permission in deciders)


def place_of_decision(record: TreatmentRecord) -> Facility:
    """The facility whose people decide about a record: the course's, of another facility's line."""
    return record.course.facility if record.kind == COURSE_ELSEWHERE else record.facility


@transaction.atomic
def keep_ours(*, record: TreatmentRecord, by: User, reason: str) -> TreatmentRecord:
    """What is recorded here stays; the same line does not ask again."""
    fresh = waiting_for_answer(record, by, reason)
    if fresh.kind == COURSE_ELSEWHERE and fresh.session is None:
        fresh.standing = RecordStatus.REFUSED
        return resolved(fresh, by, reason)
    fresh.standing, fresh.wanted, fresh.kind, fresh.sentence = RecordStatus.STANDS, None, "", ""
    return resolved(fresh, by, reason)


@transaction.atomic
def take_over(*, record: TreatmentRecord, by: User, reason: str) -> TreatmentRecord:
    """The version of the system counts. Raises NotRecorded while the charge is released.

    A line on a course of another facility is recorded where it was sent from, by the person who
    accepts it; the record names who sent it.
    """
    lock_imports()
    fresh = waiting_for_answer(record, by, reason)
    versions = LatestVersions(latest={fresh.record: version_in_conflict(fresh)})
    existing = read_existing(versions, is_locked=True)
    planned = plan_changes(versions, existing, accepted=fresh.record)
    wrong = (RecordStatus.CONFLICT, RecordStatus.WAITS)
    if any(c.record == fresh.record and c.status in wrong for c in planned.changes):
        raise NotRecorded(planned.results[0].sentence)
    written = write_changes(with_channels(planned.changes, None), by)
    judge_touched(written.courses, written.imaged, by=by, on=None)
    fresh.refresh_from_db()
    return resolved(fresh, by, reason)


def waiting_for_answer(record: TreatmentRecord, by: User, reason: str) -> TreatmentRecord:
    if not reason.strip():
        raise NotRecorded("Say why.")
    rows = TreatmentRecord.objects.select_for_update(of=("self",))
    fresh = rows.select_related("course__patient", "course__facility", "facility").get(pk=record.pk)
    if not may_decide_conflict(fresh, by):
        raise NotRecorded(f"This is for people of {place_of_decision(fresh)} to decide.")
    if fresh.standing != RecordStatus.CONFLICT:
        raise NotRecorded("Somebody decided about this record already.")
    return fresh


def version_in_conflict(record: TreatmentRecord) -> RecordVersion:
    """The version about which a person decides."""
    row = None if DELETED in record.wanted else waiting_row(record)
    return version_of_record(record, row=row, reported_at=record.said_at)


def resolved(record: TreatmentRecord, by: User, reason: str) -> TreatmentRecord:
    record.resolved_at, record.resolved_by = timezone.now(), by
    record.resolution = reason.strip()[:200]
    record.save()
    return record
