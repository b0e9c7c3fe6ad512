"""What an import may not change silently, and the sentence that says who may."""

from __future__ import annotations

from authorizations.exchange.row_reader import RowRefused
from authorizations.imports.existing_records import ExistingRecords
from authorizations.imports.record_versions import Difference, RecordVersion
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
TAKEN_BACK_HERE = (
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


def sent_by(statement: RecordVersion) -> str:
    """What the course's facility reads of a treatment that another facility sent."""
    return (
        f"{statement.facility.code} sent this treatment, and the course is of another facility: "
        "nothing is recorded of it yet. Take it over if the patient was treated there; else keep "
        "what stands, with a reason."
    )


def is_unbound(row: TreatmentRecord) -> bool:
    """Whether a record number was only named: nothing of it was ever recorded or waits."""
    is_out = row.standing in (RecordStatus.TAKEN_BACK, RecordStatus.REFUSED)
    return row.session_id is None and (is_out or row.kind == COURSE_ELSEWHERE)


def is_taken_back_here(known: ExistingRecords, session: GuidanceSession | None) -> bool:
    """Whether a person, not the system, took the session of a record back."""
    if session is None or session.voided_at is None:
        return False
    row = known.records.get(session.source_record)
    return row is None or row.standing in (RecordStatus.STANDS, RecordStatus.CONFLICT)


def conflict_of(
    known: ExistingRecords,
    session: GuidanceSession,
    statement: RecordVersion,
    change: Difference | None,
) -> RowRefused | None:
    """Why a person must decide about this change (None: a deletion); None where nobody must."""
    is_deletion = statement.row is None
    if session.voided_at:
        is_here = not is_deletion and bool(change) and is_taken_back_here(known, session)
        return RowRefused("taken_back_here", TAKEN_BACK_HERE) if is_here else None
    is_replaced = is_deletion or change.is_moved or change.review == "replace"
    if session.pk in known.released and (is_replaced or change.values):
        return RowRefused(CHARGE_RELEASED, RELEASED)
    if known.is_approved_here(session) and (is_deletion or change.is_imaged):
        return RowRefused("images_approved", APPROVED)
    row = known.records.get(statement.record)
    if is_deletion and row and row.is_typed and row.session_id == session.pk:
        return RowRefused("typed_here", TYPED_HERE)
    is_corrected = bool(known.corrected_since(session, statement.said_at))
    if is_replaced and not is_deletion and is_corrected:
        return RowRefused("corrected_here", CORRECTED_HERE)
    return None
