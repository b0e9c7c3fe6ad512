"""From sessions, waiting records and new words to the claims that are placed."""

from __future__ import annotations

from typing import Any

from accounts.models import Facility
from authorizations.exchange.treatments_csv import TreatmentRow
from authorizations.imports.record_versions import row_from
from authorizations.imports.slot_assignment import SlotRequest
from authorizations.models import Course, GuidanceSession, TreatmentRecord
from authorizations.verdicts.clinic_clock import treatment_times


def claim_of_session(session: GuidanceSession, *, is_settled: bool) -> SlotRequest:
    """What a session that stands takes."""
    zone = session.facility.tz
    ended = session.ended_at
    return SlotRequest(
        session.source_record,
        session.course.patient_id,
        session.course_id,
        session.course.code,
        session.fraction,
        session.session_of_day,
        session.date_of_service,
        session.is_delivered,
        session.machine,
        session.started_at.astimezone(zone),
        ended.astimezone(zone) if ended else None,
        session.pk,
        session.facility_id,
        is_settled=is_settled,
        is_standing=True,
    )


def claim_of_row(
    row: TreatmentRow,
    course: Course,
    facility: Facility,
    session: GuidanceSession | None = None,
    by_hand: set[str] | frozenset[str] = frozenset(),
    *,
    is_settled: bool = False,
) -> SlotRequest:
    """What a row would take, with what a person corrected since in its session."""

    def kept(name: str, said: Any) -> Any:
        return getattr(session, name) if session and name in by_hand else said

    on = row.date_of_service
    times = treatment_times(on, facility.tz, starts=row.starts, imaged=row.imaged, ends=row.ends)
    starts = kept("started_at", times.started_at)
    return SlotRequest(
        row.record,
        course.patient_id,
        course.pk,
        course.code,
        row.fraction,
        row.session_of_day,
        on,
        kept("is_delivered", row.is_delivered),
        kept("machine", row.machine),
        starts.astimezone(facility.tz),
        times.ended_at,
        session.pk if session else 0,
        facility.pk,
        is_settled=is_settled,
    )


def claim_of_waiting(record: TreatmentRecord) -> SlotRequest:
    """What a record would take whose place was taken so far."""
    return claim_of_row(waiting_row(record), record.course, record.facility)


def waiting_row(record: TreatmentRecord) -> TreatmentRow:
    return row_from(record.wanted, record.course.patient.mrn)
