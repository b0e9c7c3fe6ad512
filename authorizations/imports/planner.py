"""What an import changes: compare with what exists, give every record its slot, decide."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from authorizations.exchange.row_reader import RowRefused
from authorizations.imports.comparison import (
    Comparison,
    compare_versions,
    is_newer,
    is_unbound,
    sent_by,
)
from authorizations.imports.decisions import create, decide_version, link_typed, new_change
from authorizations.imports.existing_records import ExistingRecords
from authorizations.imports.latest_versions import LatestVersions
from authorizations.imports.record_changes import (
    NOTHING_RECORDED,
    SUPERSEDED,
    Outcome,
    RecordChange,
    RowResult,
    not_found_result,
    version_result,
)
from authorizations.imports.record_versions import (
    RecordVersion,
    treatment_row_of,
    version_of_record,
    waiting_row,
    wanted_cells,
)
from authorizations.imports.reference_data import may_import_for
from authorizations.imports.slots import (
    SlotAssignment,
    SlotRequest,
    assign_slots,
    request_of_session,
    request_of_version,
    request_of_waiting,
)
from authorizations.models import GuidanceSession, RecordStatus, TreatmentRecord
from authorizations.models.treatment_records import COURSE_ELSEWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedChanges:
    """What is to be written, what becomes of each line, and of records of no line."""

    changes: list[RecordChange]
    results: list[RowResult]
    moved: list[tuple[str, str]]  # record, what becomes of it


def plan_changes(
    versions: LatestVersions,
    existing: ExistingRecords,
    *,
    allowed: Collection[str] | None = None,
    accepted: str = "",
) -> PlannedChanges:
    """What these versions change in what exists. Reads and writes no database.

    ``allowed`` are the codes of the facilities for which a person imports, all unless given;
    ``accepted`` is the record about which a person decided for the sender.
    """
    compared = compare_versions(
        versions.latest.values(), existing, allowed=allowed, accepted=accepted
    )
    slots = assign_slots(slot_requests(compared))
    decisions = [decide_version(version, compared, slots) for version in compared.new.values()]
    freed = [fill_slot(row, compared, slots) for row in freed_records(compared, slots)]
    superseded = [supersede(*each, compared) for each in superseded_sessions(compared, slots)]
    changes = [change for change, _ in decisions]
    changes += left_to_others(versions, compared)
    changes += [*freed, *superseded]
    changes += reported_again(compared, {change.record for change in changes})
    results = [*versions.results, *compared.results, *(result for _, result in decisions)]
    results += (repeated_result(version, compared, slots) for version in compared.repeated)
    moved = moved_records(freed, superseded, allowed)
    return PlannedChanges(changes=changes, results=results, moved=moved)


def moved_records(
    freed: Iterable[RecordChange],
    superseded: Iterable[RecordChange],
    allowed: Collection[str] | None,
) -> list[tuple[str, str]]:
    """What becomes of records of no line, for those who import for their facilities."""
    moved = [(change, "Its place became free: it is recorded now.") for change in freed]
    moved += ((change, f"It gives way. {change.sentence}") for change in superseded)
    return [
        (change.record, sentence)
        for change, sentence in moved
        if may_import_for(change.version.facility, allowed)
    ]


def slot_requests(compared: Comparison) -> Iterator[SlotRequest]:
    """What is recorded, what waits and what is new, all asking for their slots."""
    existing = compared.existing
    if not compared.new:
        return
    for session in existing.live.values():
        record = session.source_record
        if record not in compared.new or record in compared.conflicts:
            yield request_of_session(session, is_protected=existing.is_protected(session))
    for row in existing.waiting:
        if row.record not in compared.new:
            yield request_of_waiting(row)
    for record, version in compared.new.items():
        if version.row and record not in compared.conflicts and not compared.is_voided_here(record):
            live = compared.live_session(record)
            yield request_of_version(
                version,
                session=live,
                corrected=compared.corrected(version, live),
                is_protected=live is not None and existing.is_protected(live),
            )


def repeated_result(
    version: RecordVersion, compared: Comparison, slots: SlotAssignment
) -> RowResult:
    """The result of a version that changes nothing: the status of its record."""
    row = compared.existing.records.get(version.record)
    if row and row.kind == COURSE_ELSEWHERE and version.row is None:
        return version_result(version, Outcome.TAKEN_BACK, sentence=NOTHING_RECORDED)
    if row and row.kind == COURSE_ELSEWHERE:
        return not_found_result(version)
    if row is None or row.digest != version.digest:
        return version_result(version, Outcome.REPEATED, sentence=superseded_by(row))
    if row.standing == RecordStatus.CONFLICT:
        return version_result(version, Outcome.CONFLICT, kind=row.kind, sentence=row.sentence)
    if row.standing == RecordStatus.WAITS and is_freed(row, compared, slots):
        return version_result(version, Outcome.RECORDED)
    if row.standing == RecordStatus.WAITS:
        return version_result(version, Outcome.REFUSED, kind=row.kind, sentence=row.sentence)
    return version_result(version, Outcome.REPEATED)


def superseded_by(row: TreatmentRecord | None) -> str:
    """Why an older version changes nothing."""
    if row is None:
        return ""
    if row.standing == RecordStatus.TAKEN_BACK:
        return "This record was taken back later; it stays so."
    return "A later state of this record is known; it stays so."


def left_to_others(versions: LatestVersions, compared: Comparison) -> Iterator[RecordChange]:
    """Lines on courses of other facilities, stored for those facilities to decide.

    They never touch what this facility's own lines report of the same record.
    """
    for record, version in versions.elsewhere.items():
        row, session = compared.existing.records.get(record), compared.session(record)
        is_here = row is not None and row.facility_id == version.facility.pk
        is_accepted = (
            is_here
            and session is not None
            and not may_import_for(session.course.facility, compared.allowed)
        )
        is_unused = session is None and (row is None or is_unbound(row))
        if record in versions.latest or not (is_accepted or is_unused):
            continue
        if is_here and not is_newer(version, compared.existing):
            continue
        yield new_change(
            version,
            RecordStatus.CONFLICT,
            compared,
            session=session,
            wanted=wanted_cells(version.row),
            kind=COURSE_ELSEWHERE,
            sentence=sent_by(version),
        )


def is_freed(row: TreatmentRecord, compared: Comparison, slots: SlotAssignment) -> bool:
    """Whether a record that waited has its slot now; a new version of it is decided by itself."""
    has_slot = bool(compared.new) and row.record not in slots.refusals
    return has_slot and row.record not in compared.new


def freed_records(compared: Comparison, slots: SlotAssignment) -> list[TreatmentRecord]:
    return [row for row in compared.existing.waiting if is_freed(row, compared, slots)]


def fill_slot(row: TreatmentRecord, compared: Comparison, slots: SlotAssignment) -> RecordChange:
    """A record that waited and is recorded now."""
    version = version_of_record(row, row=waiting_row(row), reported_at=compared.reported_at(row))
    if row.record in slots.typed:
        typed = compared.existing.live[slots.typed[row.record]]
        change, _ = link_typed(version, typed, None, compared)
    else:
        change, _ = create(version, compared.session(row.record), compared)
    return change


def superseded_sessions(
    compared: Comparison, slots: SlotAssignment
) -> Iterator[tuple[GuidanceSession, RowRefused]]:
    """Sessions of records without news whose slot an earlier treatment takes, and why."""
    for session in compared.existing.live.values():
        record = session.source_record
        why = slots.refusals.get(record) if record else None
        if why and record not in compared.new:
            yield session, why


def supersede(session: GuidanceSession, why: RowRefused, compared: Comparison) -> RecordChange:
    """A record that had its slot and waits now, because an earlier treatment takes it."""
    before = compared.existing.records.get(session.source_record)
    row = treatment_row_of(session, compared.existing.approvals.get(session.pk))
    version = RecordVersion(
        record=session.source_record,
        reported_at=compared.reported_at(before) if before else session.recorded_at,
        digest=before.digest if before else "",
        facility=session.facility,
        course=session.course,
        row=row,
    )
    return RecordChange(
        version=version,
        status=RecordStatus.WAITS,
        session=session.pk,
        voids=[(session.pk, SUPERSEDED)],
        wanted=wanted_cells(row),
        kind=why.kind,
        sentence=why.sentence,
    )


def reported_again(compared: Comparison, written: Collection[str]) -> Iterator[RecordChange]:
    """Versions that count already and were reported at a later moment; nothing else changes."""
    for record, moment in compared.reported_again.items():
        row = compared.existing.records[record]
        if record not in written:
            yield RecordChange(
                version=version_of_record(row, reported_at=moment),
                status=row.standing,
                session=row.session_id,
                is_typed=row.is_typed,
                review_reported_at=row.review_said_at,
                sent_by=row.sent_by_id,
                wanted=row.wanted,
                kind=row.kind,
                sentence=row.sentence,
            )
