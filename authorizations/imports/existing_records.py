"""What stands here already about the records and patients of an import, read in a few queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from authorizations.models import (
    Charge,
    ChargeStatus,
    Course,
    GuidanceSession,
    ImageReview,
    RecordStatus,
    ReviewDecision,
    ReviewSource,
    SessionCorrection,
    TreatmentRecord,
)

READ_WITH = ("course", "facility", "therapist")


class ExistingRecords:
    """Records, sessions, approvals, released charges and corrections by people."""

    def __init__(self, records: Collection[str]) -> None:
        rows = TreatmentRecord.objects.select_related("course", "facility")
        found = rows.filter(record__any_of=records)
        self.records = {row.record: row for row in found}
        sessions = GuidanceSession.objects.filter(source_record__any_of=records)
        self.by_record = {s.source_record: s for s in sessions.select_related(*READ_WITH)}
        self.live: dict[int, GuidanceSession] = {}
        self.waiting: list[TreatmentRecord] = []
        self.approvals: dict[int, ImageReview] = {}
        self.released: set[int] = set()
        self.by_hand: dict[int, list[tuple[datetime, set[str]]]] = defaultdict(list)

    def patients(self, records: Collection[str], courses: Collection[Course]) -> set[int]:
        """The patients that these records are about now, or were."""
        patients = {course.patient_id for course in courses}
        for record in records:
            session, row = self.by_record.get(record), self.records.get(record)
            patients |= {session.course.patient_id} if session else set()
            patients |= {row.course.patient_id} if row and row.course else set()
        return patients

    def read_patients(self, patients: Collection[int]) -> None:
        """Everything that stands for these patients, and what waits for its place."""
        rows = GuidanceSession.objects.live().filter(course__patient__in=patients)
        self.live = {s.pk: s for s in rows.select_related(*READ_WITH)}
        for session in self.live.values():
            if session.source_record:
                self.by_record[session.source_record] = session
        waits = TreatmentRecord.objects.filter(
            standing=RecordStatus.WAITS, course__patient__in=patients
        )
        self.waiting = list(waits.select_related("course__patient", "facility"))
        away = {row.record for row in self.waiting} - set(self.by_record)
        gave_way = GuidanceSession.objects.filter(source_record__any_of=away)
        self.by_record |= {s.source_record: s for s in gave_way.select_related(*READ_WITH)}
        names = {s.source_record for s in self.live.values()} - {""} - set(self.records)
        stand = TreatmentRecord.objects.select_related("course", "facility")
        self.records |= {row.record: row for row in stand.filter(record__any_of=names)}
        self.records |= {r.record: r for r in self.waiting}
        self._read_settled()

    def _read_settled(self) -> None:
        numbers = {*self.live, *(s.pk for s in self.by_record.values())}
        approved = ImageReview.objects.filter(
            session__in=numbers, decision__in=(ReviewDecision.REPORTED, ReviewDecision.APPROVED)
        ).select_related("reviewed_by")
        by_strength = sorted(approved, key=lambda row: row.decision == ReviewDecision.APPROVED)
        self.approvals = {row.session_id: row for row in by_strength}
        released = Charge.objects.filter(session__in=numbers, status=ChargeStatus.RELEASED)
        self.released = set(released.values_list("session_id", flat=True))
        corrected = SessionCorrection.objects.filter(session__in=numbers, said_at__isnull=True)
        for row in corrected:
            names = {name for name, _, _ in row.changes}
            self.by_hand[row.session_id].append((row.at, names))

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

    def is_settled(self, session: GuidanceSession) -> bool:
        """Released, or approved by a physician here: not changed silently."""
        return session.pk in self.released or self.is_approved_here(session)

    def corrected_since(self, session: GuidanceSession, said_at: datetime) -> set[str]:
        """What a person corrected later than that."""
        later = [names for moment, names in self.by_hand[session.pk] if moment > said_at]
        return set().union(*later)
