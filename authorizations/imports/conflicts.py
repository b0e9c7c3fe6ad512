"""A person decides where the record-and-verify system says what may not be changed silently."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from accounts.models import Facility, User
from accounts.roles import Permission, has_permission
from authorizations.exceptions import NotRecorded
from authorizations.imports.actions import name_channels, write_steps
from authorizations.imports.judge_touched import judge_touched
from authorizations.imports.latest_versions import LatestVersions
from authorizations.imports.planner import Planner
from authorizations.imports.record_versions import DELETED, RecordVersion, waiting_row
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
    """What stands here stays; the same line does not ask again."""
    fresh = waiting_for_answer(record, by, reason)
    if fresh.kind == COURSE_ELSEWHERE and fresh.session is None:
        fresh.standing = RecordStatus.REFUSED
        return resolved(fresh, by, reason)
    fresh.standing, fresh.wanted, fresh.kind, fresh.sentence = RecordStatus.STANDS, None, "", ""
    return resolved(fresh, by, reason)


@transaction.atomic
def take_over(*, record: TreatmentRecord, by: User, reason: str) -> TreatmentRecord:
    """What the system says counts. Raises NotRecorded while the charge is released.

    A line on a course of another facility is recorded where it was sent from, by the person who
    accepts it; the record names who sent it.
    """
    lock_imports()
    fresh = waiting_for_answer(record, by, reason)
    words = LatestVersions([], None, None)
    words.latest[fresh.record] = statement_of(fresh)
    decider = Planner(words, is_locked=True, taken_over=fresh.record)
    wrong = (RecordStatus.CONFLICT, RecordStatus.WAITS)
    if any(s.record == fresh.record and s.standing in wrong for s in decider.steps):
        raise NotRecorded(words.rows[0].sentence)
    name_channels(decider.steps, None)
    touched = write_steps(decider.steps, by)
    judge_touched(touched.courses, touched.imaged, by=by, on=None)
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


def statement_of(record: TreatmentRecord) -> RecordVersion:
    """What was said and did not stand, said again."""
    is_deletion = DELETED in record.wanted
    return RecordVersion(
        0,
        0,
        record.record,
        record.said_at,
        0,
        record.digest,
        record.facility,
        record.course,
        None if is_deletion else waiting_row(record),
    )


def resolved(record: TreatmentRecord, by: User, reason: str) -> TreatmentRecord:
    record.resolved_at, record.resolved_by = timezone.now(), by
    record.resolution = reason.strip()[:200]
    record.save()
    return record
