"""Which record takes which fraction, and which machine at what time: one answer for any order.

Protected sessions come first, then all by day, start and record number. The first gets the slot.
What one facility has recorded is never superseded by the line of another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from authorizations.exchange.row_reader import RowRefused
from authorizations.imports.record_versions import RecordVersion, version_of_record, waiting_row
from authorizations.models import GuidanceSession, TreatmentRecord
from authorizations.verdicts.clinic_clock import treatment_times

SHORTEST = timedelta(minutes=1)
Fraction = tuple[int, int, int]  # course, fraction, session of the day


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotRequest:
    """What a record, or a session typed by hand, takes: a fraction of a course, a machine's time.

    ``session`` is the session that records it already, 0 where there is none.
    """

    record: str
    patient: int
    course: int
    course_code: str
    fraction: int
    session_of_day: int
    on: date
    is_delivered: bool
    machine: str
    starts: datetime
    ends: datetime | None
    session: int
    facility: int
    is_protected: bool = False  # released, or approved by a physician here
    is_unchanged: bool = False  # the import has nothing new about it

    @property
    def key(self) -> Fraction:
        return self.course, self.fraction, self.session_of_day

    @property
    def rank(self) -> tuple[bool, date, datetime, str]:
        return not self.is_protected, self.on, self.starts.replace(tzinfo=None), self.record

    def is_same_treatment(self, other: SlotRequest) -> bool:
        """Whether both are about one treatment; without delivery a fraction stays due."""
        return self.on == other.on or (self.is_delivered and other.is_delivered)

    def yields_to(self, other: SlotRequest) -> bool:
        """Whether the other is recorded already, and at another facility: that one stays."""
        is_recorded = other.is_unchanged or (bool(other.session) and not self.session)
        return is_recorded and not self.is_unchanged and self.facility != other.facility

    def competes_with(self, other: SlotRequest) -> bool:
        """Whether one of the two is new; what is recorded side by side stays so."""
        return not (self.is_unchanged and other.is_unchanged)

    def overlaps(self, other: SlotRequest) -> bool:
        """Whether one patient would lie on two machines at once."""
        is_at_once = self.starts < other.until and other.starts < self.until
        return self.machine != other.machine and is_at_once

    @property
    def until(self) -> datetime:
        """The end of a stay of at least a minute: some senders name no end."""
        return max(self.ends or self.starts, self.starts + SHORTEST)


def request_of_session(session: GuidanceSession, *, is_protected: bool) -> SlotRequest:
    """What a recorded session takes."""
    zone = session.facility.tz
    ended = session.ended_at
    return SlotRequest(
        record=session.source_record,
        patient=session.course.patient_id,
        course=session.course_id,
        course_code=session.course.code,
        fraction=session.fraction,
        session_of_day=session.session_of_day,
        on=session.date_of_service,
        is_delivered=session.is_delivered,
        machine=session.machine,
        starts=session.started_at.astimezone(zone),
        ends=ended.astimezone(zone) if ended else None,
        session=session.pk,
        facility=session.facility_id,
        is_protected=is_protected,
        is_unchanged=True,
    )


def request_of_version(
    version: RecordVersion,
    *,
    session: GuidanceSession | None = None,
    corrected: Iterable[str] = (),
    is_protected: bool = False,
) -> SlotRequest:
    """What a version would take, with the values ``corrected`` by a person since in its session."""
    (row, course), facility = version.treatment, version.facility
    on = row.date_of_service
    times = treatment_times(on, facility.tz, starts=row.starts, imaged=row.imaged, ends=row.ends)
    values: dict[str, Any] = {
        "started_at": times.started_at,
        "is_delivered": row.is_delivered,
        "machine": row.machine,
    }
    if session:
        values |= {name: getattr(session, name) for name in corrected if name in values}
    return SlotRequest(
        record=row.record,
        patient=course.patient_id,
        course=course.pk,
        course_code=course.code,
        fraction=row.fraction,
        session_of_day=row.session_of_day,
        on=on,
        is_delivered=values["is_delivered"],
        machine=values["machine"],
        starts=values["started_at"].astimezone(facility.tz),
        ends=times.ended_at,
        session=session.pk if session else 0,
        facility=facility.pk,
        is_protected=is_protected,
    )


def request_of_waiting(record: TreatmentRecord) -> SlotRequest:
    """What a record would take whose slot was taken so far."""
    row = waiting_row(record)
    return request_of_version(version_of_record(record, row=row, reported_at=record.said_at))


@dataclass(slots=True)
class SlotAssignment:
    """Who gets what: refused records, and those that are a session typed by hand."""

    refusals: dict[str, RowRefused] = field(default_factory=dict)
    typed: dict[str, int] = field(default_factory=dict)  # record → session typed by hand


@dataclass(slots=True)
class _Taken:
    """The slots that are taken so far."""

    fractions: dict[Fraction, list[SlotRequest]] = field(default_factory=lambda: defaultdict(list))
    # by patient and day
    stays: dict[tuple[int, date], list[SlotRequest]] = field(
        default_factory=lambda: defaultdict(list)
    )
    # sessions typed by hand that no record matched yet
    typed: dict[Fraction, list[SlotRequest]] = field(default_factory=lambda: defaultdict(list))
    # records that have a session, by patient
    recorded: dict[int, list[SlotRequest]] = field(default_factory=lambda: defaultdict(list))


def assign_slots(requests: Iterable[SlotRequest]) -> SlotAssignment:
    """Give every record its slot, a session typed by hand, or the reason why it has to wait."""
    taken = _Taken()
    records = []
    for request in requests:
        if not request.record:
            taken.typed[request.key].append(request)
            taken.stays[request.patient, request.on].append(request)
            continue
        records.append(request)
        if request.session:
            taken.recorded[request.patient].append(request)
    assigned = SlotAssignment()
    for request in sorted(records, key=lambda each: each.rank):
        try:
            _assign(request, taken, assigned)
        except RowRefused as refusal:
            assigned.refusals[request.record] = refusal
    return assigned


def _assign(request: SlotRequest, taken: _Taken, assigned: SlotAssignment) -> None:
    """Raises RowRefused where another record or machine has the slot."""
    elsewhere = [o for o in taken.recorded[request.patient] if request.yields_to(o)]
    _check_fraction(request, taken, elsewhere)
    by_hand = taken.typed[request.key]
    typed = next((other for other in by_hand if other.is_same_treatment(request)), None)
    if typed and typed.facility != request.facility:
        raise already_recorded(request, "a session typed by hand at another facility")
    if typed:
        by_hand.remove(typed)
        assigned.typed[request.record] = typed.session
    else:
        _check_machine(request, taken, elsewhere)
        taken.stays[request.patient, request.on].append(request)
    taken.fractions[request.key].append(request)


def _check_fraction(request: SlotRequest, taken: _Taken, elsewhere: list[SlotRequest]) -> None:
    others = [other for other in elsewhere if other.key == request.key]
    for other in (*taken.fractions[request.key], *others):
        if other.is_same_treatment(request) and request.competes_with(other):
            raise already_recorded(request, other.record)


def _check_machine(request: SlotRequest, taken: _Taken, elsewhere: list[SlotRequest]) -> None:
    others = [other for other in elsewhere if other.on == request.on]
    for other in (*taken.stays[request.patient, request.on], *others):
        if request.overlaps(other) and request.competes_with(other):
            is_here = other.facility == request.facility
            machine = other.machine if is_here else "A machine of another facility"
            sentence = (
                f"{machine} claims this patient at the same time. Correct the time or the "
                "machine in the record-and-verify system."
            )
            raise RowRefused("two_machines", sentence)


def already_recorded(request: SlotRequest, other: str) -> RowRefused:
    sentence = (
        f"Fraction {request.fraction} of course {request.course_code} is already recorded as "
        f"{other}. If both were given, correct the fraction number."
    )
    return RowRefused("duplicate_fraction", sentence)
