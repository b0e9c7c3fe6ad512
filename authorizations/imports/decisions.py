"""What a new version of a record changes: recorded, corrected, voided, waiting, or a conflict."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from authorizations.exchange.row_reader import RowRefused
from authorizations.imports.comparison import Comparison, conflict_of
from authorizations.imports.record_changes import (
    NOTHING_RECORDED,
    REPLACED,
    SUPERSEDED,
    VOIDED_BY_SENDER,
    Outcome,
    RecordChange,
    RowResult,
    describe_changes,
    not_found_result,
    version_result,
)
from authorizations.imports.record_versions import (
    Difference,
    RecordVersion,
    wanted_cells,
    warn_of_times,
)
from authorizations.imports.slots import SlotAssignment
from authorizations.models import GuidanceSession, RecordStatus
from authorizations.models.treatment_records import COURSE_ELSEWHERE

Decision = tuple[RecordChange, RowResult]


def decide_version(version: RecordVersion, compared: Comparison, slots: SlotAssignment) -> Decision:
    """What a new version changes, and what becomes of its line."""
    record = version.record
    session, live = compared.session(record), compared.live_session(record)
    if record in compared.conflicts:
        return leave_to_person(version, session, compared.conflicts[record], compared)
    if version.row is None:
        return void_record(version, live, compared)
    if session and compared.is_voided_here(record):
        change = new_change(version, RecordStatus.STANDS, compared, session=session)
        return change, version_result(version, Outcome.REPEATED)
    if record in slots.refusals:
        return wait_for_slot(version, live, slots.refusals[record], compared)
    if record in slots.typed:
        return link_typed(version, compared.existing.live[slots.typed[record]], live, compared)
    if live:
        return correct_or_replace(version, live, compared.differences[record], compared)
    return create(version, session, compared)


def new_change(
    version: RecordVersion,
    status: RecordStatus,
    compared: Comparison,
    *,
    session: GuidanceSession | None = None,
    is_created: bool = False,
    is_linked: bool = False,
    adds_review: bool = False,
    **more: Any,
) -> RecordChange:
    """The change of a record, with what is known of it from before."""
    before = compared.existing.records.get(version.record)
    of_session = before if before and session and before.session_id == session.pk else None
    brings_review = adds_review or (is_created and version.is_reviewed)
    reviewed_before = of_session.review_said_at if of_session else None
    return RecordChange(
        version=version,
        status=status,
        session=session.pk if session else None,
        is_created=is_created,
        is_linked=is_linked,
        adds_review=adds_review,
        sent_by=before.sent_by_id if before else None,
        is_typed=is_linked or bool(of_session and of_session.is_typed),
        review_reported_at=version.reported_at if brings_review else reviewed_before,
        **more,
    )


def leave_to_person(
    version: RecordVersion,
    session: GuidanceSession | None,
    why: RowRefused,
    compared: Comparison,
    *,
    is_linked: bool = False,
) -> Decision:
    """A conflict: what is recorded is left as it is, and the new version is stored for a person."""
    course = version.course or (session.course if session else None)
    change = new_change(
        replace(version, course=course),
        RecordStatus.CONFLICT,
        compared,
        session=session,
        is_linked=is_linked,
        wanted=wanted_cells(version.row),
        kind=why.kind,
        sentence=why.sentence,
    )
    if why.kind == COURSE_ELSEWHERE:
        return change, not_found_result(version)
    return change, version_result(version, Outcome.CONFLICT, kind=why.kind, sentence=why.sentence)


def void_record(
    version: RecordVersion, live: GuidanceSession | None, compared: Comparison
) -> Decision:
    """The sender deleted the record: its session is voided."""
    change = new_change(
        replace(version, course=live.course if live else None),
        RecordStatus.TAKEN_BACK,
        compared,
        session=live,
        voids=[(live.pk, VOIDED_BY_SENDER)] if live else [],
    )
    sentence = "" if live else NOTHING_RECORDED
    return change, version_result(version, Outcome.TAKEN_BACK, sentence=sentence)


def wait_for_slot(
    version: RecordVersion, live: GuidanceSession | None, why: RowRefused, compared: Comparison
) -> Decision:
    """Its slot is taken: it is stored, and recorded when the slot becomes free."""
    change = new_change(
        version,
        RecordStatus.WAITS,
        compared,
        session=live,
        voids=[(live.pk, SUPERSEDED)] if live else [],
        wanted=wanted_cells(version.row),
        kind=why.kind,
        sentence=why.sentence,
    )
    return change, version_result(version, Outcome.REFUSED, kind=why.kind, sentence=why.sentence)


def create(
    version: RecordVersion, before: GuidanceSession | None, compared: Comparison
) -> Decision:
    """A new session; one that was voided ``before`` gives its record number up."""
    change = new_change(
        version,
        RecordStatus.STANDS,
        compared,
        is_created=True,
        frees=[before.pk] if before else [],
    )
    return change, version_result(version, Outcome.RECORDED, sentence=warn_of_times(version))


def link_typed(
    version: RecordVersion,
    typed: GuidanceSession,
    live: GuidanceSession | None,
    compared: Comparison,
) -> Decision:
    """A session typed by hand is this record: it takes its number and what the machine recorded."""
    change = compared.difference_from(version, typed, is_typed=True)
    why = conflict_of(compared.existing, typed, version, change)
    if why:
        return leave_to_person(version, live or typed, why, compared, is_linked=live is None)
    if change.is_moved:
        change = replace(change, review="replace")
    before = compared.session(version.record)
    return correct_or_replace(
        version,
        typed,
        change,
        compared,
        is_linked=True,
        voids=[(live.pk, REPLACED)] if live else [],
        frees=[before.pk] if before else [],
    )


def correct_or_replace(
    version: RecordVersion,
    session: GuidanceSession,
    change: Difference,
    compared: Comparison,
    *,
    is_linked: bool = False,
    voids: Collection[tuple[int, str]] = (),
    frees: Collection[int] = (),
) -> Decision:
    """A session is corrected, or voided and replaced where it is another treatment now."""
    is_replaced = change.is_moved or change.review == "replace"
    if is_replaced:
        voids, frees = [(session.pk, REPLACED), *voids], [session.pk, *frees]
    planned = new_change(
        version,
        RecordStatus.STANDS,
        compared,
        session=None if is_replaced else session,
        is_created=is_replaced,
        is_linked=is_linked and not is_replaced,
        adds_review=change.review == "add" and not is_replaced,
        values={} if is_replaced else change.values,
        voids=voids,
        frees=frees,
    )
    if not change:
        return planned, version_result(version, Outcome.REPEATED)
    sentence = describe_changes(version, session, change, is_typed=is_linked)
    sentence = f"{warn_of_times(version)} {sentence}".strip()
    return planned, version_result(version, Outcome.CORRECTED, sentence=sentence)
