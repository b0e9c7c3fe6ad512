"""What exists already of the records and patients of an import, read in a few queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from authorizations.imports.latest_versions import LatestVersions
from authorizations.imports.record_versions import RecordVersion
from authorizations.models import (
    Charge,
    ChargeStatus,
    GuidanceSession,
    ImageReview,
    RecordStatus,
    ReviewDecision,
    ReviewSource,
    SessionCorrection,
    TreatmentRecord,
)
from authorizations.verdicts.locks import lock_patients

READ_WITH = ("course__facility", "facility", "therapist")
Records = dict[str, TreatmentRecord]
Sessions = dict[str, GuidanceSession]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExistingRecords:
    """Records, sessions, approvals, released charges and corrections by people."""

    records: Records
    sessions: Sessions  # by record number, voided ones too
    live: dict[int, GuidanceSession]  # of these patients, those typed by hand too
    waiting: list[TreatmentRecord]  # of these patients, for a slot
    approvals: dict[int, ImageReview]
    released: set[int]
    corrections: dict[int, list[tuple[datetime, set[str]]]]

    def without(self, numbers: Collection[str]) -> ExistingRecords:
        """The same as if these record numbers had never been named."""
        if not numbers:
            return self
        records = {number: row for number, row in self.records.items() if number not in numbers}
        return replace(self, records=records)

    def is_carried(self, record: str, session: GuidanceSession) -> bool:
        """Whether the approval of the images came with the record, not from a physician here."""
        row, approval = self.records.get(record), self.approvals.get(session.pk)
        is_given_here = approval is not None and approval.source == ReviewSource.PRODUCT
        came = bool(row and row.review_said_at and row.session_id == session.pk)
        return came and not is_given_here

    def is_approved_here(self, session: GuidanceSession) -> bool:
        approval = self.approvals.get(session.pk)
        is_approved = approval is not None and approval.decision == ReviewDecision.APPROVED
        return is_approved and not self.is_carried(session.source_record, session)

    def is_protected(self, session: GuidanceSession) -> bool:
        """Released, or approved by a physician here: not changed silently."""
        return session.pk in self.released or self.is_approved_here(session)

    def corrected_since(self, session: GuidanceSession, moment: datetime) -> set[str]:
        """The values that a person corrected later than that."""
        corrections = self.corrections.get(session.pk, ())
        return set().union(*(names for at, names in corrections if at > moment))


def read_existing(versions: LatestVersions, *, is_locked: bool = False) -> ExistingRecords:
    """Read what exists of these records and of their patients, whose courses are locked if asked.

    What is changed before the lock is obtained is read again.
    """
    numbers = {*versions.latest, *versions.elsewhere}
    records, sessions = records_named(numbers), sessions_named(numbers)
    patients = patients_of(versions.latest.values(), records, sessions)
    if is_locked:
        lock_patients(patients)
        if sessions:
            records, sessions = records_named(numbers), sessions_named(numbers)
    recorded = GuidanceSession.objects.live().filter(course__patient__in=patients)
    live = {session.pk: session for session in recorded.select_related(*READ_WITH)}
    sessions |= {s.source_record: s for s in live.values() if s.source_record}
    waits = TreatmentRecord.objects.filter(
        standing=RecordStatus.WAITS, course__patient__in=patients
    )
    waiting = list(waits.select_related("course__patient", "facility"))
    sessions |= sessions_named({row.record for row in waiting} - set(sessions))
    records |= records_named({s.source_record for s in live.values()} - {""} - set(records))
    records |= {row.record: row for row in waiting}
    pks = {*live, *(session.pk for session in sessions.values())}
    return ExistingRecords(
        records=records,
        sessions=sessions,
        live=live,
        waiting=waiting,
        approvals=approvals_of(pks),
        released=released_among(pks),
        corrections=corrected_values(pks),
    )


def records_named(numbers: Collection[str]) -> Records:
    rows = TreatmentRecord.objects.select_related("course", "facility")
    return {row.record: row for row in rows.filter(record__any_of=numbers)}


def sessions_named(numbers: Collection[str]) -> Sessions:
    """The sessions of these record numbers, voided ones too."""
    rows = GuidanceSession.objects.select_related(*READ_WITH)
    return {row.source_record: row for row in rows.filter(source_record__any_of=numbers)}


def patients_of(
    versions: Iterable[RecordVersion], records: Records, sessions: Sessions
) -> set[int]:
    """The patients that these versions are about, or their records were."""
    patients = set()
    for version in versions:
        session, row = sessions.get(version.record), records.get(version.record)
        courses = (version.course, session and session.course, row and row.course)
        patients |= {course.patient_id for course in courses if course}
    return patients


def approvals_of(sessions: Collection[int]) -> dict[int, ImageReview]:
    """The approval of each session, a physician's before one that was only reported."""
    decisions = (ReviewDecision.REPORTED, ReviewDecision.APPROVED)
    rows = ImageReview.objects.filter(session__in=sessions, decision__in=decisions)
    by_strength = sorted(
        rows.select_related("reviewed_by"), key=lambda row: row.decision == ReviewDecision.APPROVED
    )
    return {row.session_id: row for row in by_strength}


def released_among(sessions: Collection[int]) -> set[int]:
    charges = Charge.objects.filter(session__in=sessions, status=ChargeStatus.RELEASED)
    return set(charges.values_list("session_id", flat=True))


def corrected_values(sessions: Collection[int]) -> dict[int, list[tuple[datetime, set[str]]]]:
    """When people corrected which values of each session; not what a record corrected."""
    found: dict[int, list[tuple[datetime, set[str]]]] = defaultdict(list)
    for row in SessionCorrection.objects.filter(session__in=sessions, said_at__isnull=True):
        found[row.session_id].append((row.at, {name for name, _, _ in row.changes}))
    return found
