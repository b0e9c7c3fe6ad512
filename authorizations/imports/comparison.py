"""What of an import is new, how it differs from what exists, and what a person must decide."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime

from authorizations.exchange.row_reader import RowRefused
from authorizations.imports.existing_records import ExistingRecords
from authorizations.imports.record_changes import (
    NOTHING_RECORDED,
    Outcome,
    RowResult,
    not_found_result,
    version_result,
)
from authorizations.imports.record_versions import DELETED, Difference, RecordVersion, difference
from authorizations.imports.reference_data import may_import_for
from authorizations.models import GuidanceSession, RecordStatus, TreatmentRecord
from authorizations.models.treatment_records import COURSE_ELSEWHERE

CHARGE_RELEASED = "charge_released"
RELEASED = (
    "Its charge is released. A coder voids the charge first; then take over what the "
    "record-and-verify system says on the page of conflicts."
)
APPROVED = (
    "A physician approved these images here. Decide on the page of conflicts: taken over, the "
    "images are to be approved anew."
)
VOIDED_HERE = (
    "A person took this session back here, and the record-and-verify system still sends it. Decide "
    "on the page of conflicts."
)
TYPED_HERE = (
    "A person typed this session here too, and the record-and-verify system took its record back. "
    "Decide on the page of conflicts."
)
CORRECTED_HERE = (
    "A person corrected this session here after it was sent. Decide on the page of conflicts which "
    "of the two is right."
)


@dataclass(slots=True, kw_only=True)
class Comparison:
    """The latest version of each record, compared with what exists of it.

    ``accepted`` is the record about which a person decided for the sender.
    """

    existing: ExistingRecords
    allowed: Collection[str] | None = None
    accepted: str = ""
    new: dict[str, RecordVersion] = field(default_factory=dict)
    differences: dict[str, Difference] = field(default_factory=dict)
    conflicts: dict[str, RowRefused] = field(default_factory=dict)
    repeated: list[RecordVersion] = field(default_factory=list)
    reported_again: dict[str, datetime] = field(default_factory=dict)  # by record, the last time
    results: list[RowResult] = field(default_factory=list)  # of other facilities' records

    def session(self, record: str) -> GuidanceSession | None:
        """The session of a record, live or voided."""
        return self.existing.sessions.get(record)

    def live_session(self, record: str) -> GuidanceSession | None:
        session = self.session(record)
        return session if session and not session.voided_at else None

    def corrected(self, version: RecordVersion, session: GuidanceSession | None) -> set[str]:
        """The values a person corrected since; none where a person decided for the sender."""
        if session is None or version.record == self.accepted:
            return set()
        return self.existing.corrected_since(session, version.reported_at)

    def reported_at(self, row: TreatmentRecord) -> datetime:
        """When the version that counts was reported the last time, in this import or before."""
        return self.reported_again.get(row.record, row.said_at)

    def difference_from(
        self, version: RecordVersion, session: GuidanceSession, *, is_typed: bool = False
    ) -> Difference:
        return difference(
            version,
            session,
            self.existing.approvals.get(session.pk),
            is_carried=self.existing.is_carried(version.record, session),
            corrected=self.corrected(version, session),
            is_typed=is_typed,
        )

    def is_voided_here(self, record: str) -> bool:
        """Whether a person voided the session of this record, and did not change the decision."""
        is_voided = is_voided_by_person(self.existing, self.session(record))
        return is_voided and record != self.accepted


def compare_versions(
    latest: Collection[RecordVersion],
    existing: ExistingRecords,
    *,
    allowed: Collection[str] | None,
    accepted: str = "",
) -> Comparison:
    """Separate new versions from repeated ones, and find what a person must decide about."""
    unused = {v.record for v in latest if is_number_elsewhere(v, existing, is_used=False)}
    existing = existing.without(unused)
    compared = Comparison(existing=existing, allowed=allowed, accepted=accepted)
    for version in latest:
        if is_number_elsewhere(version, existing):
            compared.results.append(number_elsewhere_result(version, allowed))
        elif version.record == accepted or is_newer(version, existing):
            compared.new[version.record] = version
            compare_with_session(version, compared)
        else:
            compared.repeated.append(version)
            if is_reported_later(version, existing.records.get(version.record)):
                compared.reported_again[version.record] = version.reported_at
    return compared


def compare_with_session(version: RecordVersion, compared: Comparison) -> None:
    """How a new version differs from the session of its record, and whether a person decides."""
    record, existing = version.record, compared.existing
    session = existing.sessions.get(record)
    if session is None:
        return
    if session.voided_at is None and not may_import_for(session.course.facility, compared.allowed):
        compared.conflicts[record] = RowRefused(COURSE_ELSEWHERE, sent_by(version))
        return
    change = None if version.row is None else compared.difference_from(version, session)
    conflict = conflict_of(existing, session, version, change)
    if conflict and (record != compared.accepted or conflict.kind == CHARGE_RELEASED):
        compared.conflicts[record] = conflict
    elif conflict and change:
        change = replace(change, review="replace")
    if change is not None:
        compared.differences[record] = change


def is_newer(version: RecordVersion, existing: ExistingRecords) -> bool:
    """Whether this is a later version than the one that counts so far, and another."""
    row = existing.records.get(version.record)
    if row is None:
        session = existing.sessions.get(version.record)
        is_later = session is None or version.reported_at > session.recorded_at
        return is_later or bool(version.order)
    if version.digest == row.digest:
        return False
    stored = (row.said_at, 0, row.digest == DELETED, row.digest)
    return bool(version.order) or version.rank > stored


def is_reported_later(version: RecordVersion, row: TreatmentRecord | None) -> bool:
    """Whether a version that is known already was reported again, at a later moment."""
    if row is None or row.kind == COURSE_ELSEWHERE or row.digest != version.digest:
        return False
    return not version.order and version.reported_at > row.said_at


def is_number_elsewhere(
    version: RecordVersion, existing: ExistingRecords, *, is_used: bool = True
) -> bool:
    """Whether the record number is another facility's; not ``is_used``: only named there."""
    session = existing.sessions.get(version.record)
    row = existing.records.get(version.record)
    found = session or row
    if found is None or found.facility_id == version.facility.pk:
        return False
    is_unused = session is None and row is not None and is_unbound(row)
    return is_unused != is_used


def number_elsewhere_result(version: RecordVersion, allowed: Collection[str] | None) -> RowResult:
    """A record number of another facility is answered as an unknown one is."""
    if version.row is None and allowed is not None:
        return version_result(version, Outcome.TAKEN_BACK, sentence=NOTHING_RECORDED)
    return not_found_result(version)


def sent_by(version: RecordVersion) -> str:
    """What the course's facility reads of a treatment that another facility sent."""
    return (
        f"{version.facility.code} sent this treatment, and the course is of another facility: "
        "nothing is recorded of it yet. Take it over if the patient was treated there; else keep "
        "what stands, with a reason."
    )


def is_unbound(row: TreatmentRecord) -> bool:
    """Whether a record number was only named: nothing of it was ever recorded or waits."""
    is_out = row.standing in (RecordStatus.TAKEN_BACK, RecordStatus.REFUSED)
    return row.session_id is None and (is_out or row.kind == COURSE_ELSEWHERE)


def is_voided_by_person(existing: ExistingRecords, session: GuidanceSession | None) -> bool:
    """Whether a person, not the sender, voided the session of a record."""
    if session is None or session.voided_at is None:
        return False
    row = existing.records.get(session.source_record)
    return row is None or row.standing in (RecordStatus.STANDS, RecordStatus.CONFLICT)


def conflict_of(
    existing: ExistingRecords,
    session: GuidanceSession,
    version: RecordVersion,
    change: Difference | None,
) -> RowRefused | None:
    """Why a person must decide about this change (None: a deletion); None where nobody must."""
    if session.voided_at:
        is_here = bool(change) and is_voided_by_person(existing, session)
        return RowRefused("taken_back_here", VOIDED_HERE) if is_here else None
    is_replaced = change is None or change.is_moved or change.review == "replace"
    if session.pk in existing.released and (is_replaced or (change and change.values)):
        return RowRefused(CHARGE_RELEASED, RELEASED)
    if existing.is_approved_here(session) and (change is None or change.is_imaged):
        return RowRefused("images_approved", APPROVED)
    row = existing.records.get(version.record)
    if change is None and row and row.is_typed and row.session_id == session.pk:
        return RowRefused("typed_here", TYPED_HERE)
    is_corrected = bool(existing.corrected_since(session, version.reported_at))
    if is_replaced and change is not None and is_corrected:
        return RowRefused("corrected_here", CORRECTED_HERE)
    return None
