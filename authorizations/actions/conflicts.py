"""A person decides where the record-and-verify system says what may not be changed silently."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from authorizations.actions.claims import waiting_row
from authorizations.actions.deciding import Decider
from authorizations.actions.errors import NotRecorded
from authorizations.actions.judging import judge_touched
from authorizations.actions.locks import lock_imports
from authorizations.actions.planning import Words
from authorizations.actions.said import DELETED, Statement
from authorizations.actions.treatments import name_channels, write_steps
from authorizations.models import RecordStanding, TreatmentRecord


@transaction.atomic
def keep_ours(*, record: TreatmentRecord, by: User, reason: str) -> TreatmentRecord:
    """What stands here stays; the same word of the system does not ask again."""
    fresh = waiting_for_answer(record, reason)
    fresh.standing, fresh.wanted, fresh.kind, fresh.sentence = RecordStanding.STANDS, None, "", ""
    return resolved(fresh, by, reason)


@transaction.atomic
def take_over(*, record: TreatmentRecord, by: User, reason: str) -> TreatmentRecord:
    """What the system says counts. Raises NotRecorded while the charge is released."""
    lock_imports()
    fresh = waiting_for_answer(record, reason)
    words = Words([], None, None)
    words.latest[fresh.record] = statement_of(fresh)
    decider = Decider(words, is_locked=True, taken_over=fresh.record)
    if any(step.standing == RecordStanding.CONFLICT for step in decider.steps):
        raise NotRecorded(words.rows[0].sentence)
    name_channels(decider.steps, None)
    touched = write_steps(decider.steps, by)
    judge_touched(touched.courses, touched.imaged, by=by, on=None)
    fresh.refresh_from_db()
    return resolved(fresh, by, reason)


def waiting_for_answer(record: TreatmentRecord, reason: str) -> TreatmentRecord:
    if not reason.strip():
        raise NotRecorded("Say why.")
    rows = TreatmentRecord.objects.select_for_update(of=("self",))
    fresh = rows.select_related("course__patient", "facility").get(pk=record.pk)
    if fresh.standing != RecordStanding.CONFLICT:
        raise NotRecorded("Somebody decided about this record already.")
    return fresh


def statement_of(record: TreatmentRecord) -> Statement:
    """What was said and did not stand, said again."""
    is_deletion = DELETED in record.wanted
    return Statement(
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
