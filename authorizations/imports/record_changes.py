"""What is to be written for a record, and what becomes of a line, before it is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from accounts.models import Facility
from accounts.web.text import shown_day
from authorizations.charges.session_timeline import SHOWN, timeline_value
from authorizations.exchange.row_reader import RowRefused
from authorizations.exchange.treatments_csv import TreatmentRow
from authorizations.imports.record_versions import (
    Difference,
    RecordVersion,
    treatment_row_of,
    wanted_cells,
)
from authorizations.models import (
    Course,
    GuidanceSession,
    ImageReview,
    ImportedRow,
    MachineChannel,
    RecordStatus,
    ReviewDecision,
    ReviewSource,
    TreatmentRecord,
)
from authorizations.models.import_runs import ImportedRowOutcome

Outcome = ImportedRow.Outcome
TAKEN_BACK = "Taken back by the record-and-verify system"
MOVED = "Recorded anew as the record-and-verify system corrected it"
NOTHING_STOOD = "Nothing of this record stood; it is not taken when it comes."
GAVE_WAY = "Another record of this treatment stands"


@dataclass(frozen=True, slots=True)
class RowResult:
    """What will become of one line, before anything is written."""

    file: int
    line: int
    record: str
    outcome: str
    kind: str = ""
    sentence: str = ""
    kept: str = ""

    @property
    def label(self) -> str:
        return str(Outcome(self.outcome).label)

    @property
    def tone(self) -> str:
        return ImportedRowOutcome(self.outcome).tone


@dataclass(slots=True)
class RecordChange:
    """What is to be written for one record: its session, and how the record stands then."""

    record: str
    said_at: datetime
    digest: str
    standing: str
    facility: Facility
    course: Course | None
    row: TreatmentRow | None = None
    session: int | None = None
    is_created: bool = False
    voids: list[tuple[int, str]] = field(default_factory=list)  # session, reason
    frees: list[int] = field(default_factory=list)  # sessions that give the number up
    is_linked: bool = False  # a session typed by hand takes the record's number
    values: dict[str, Any] = field(default_factory=dict)
    adds_review: bool = False
    review_said_at: datetime | None = None
    is_typed: bool = False
    sent_by: int | None = None  # whose import brought it, where another facility decides
    channel: MachineChannel | None = None
    wanted: dict[str, str] | None = None
    kind: str = ""
    sentence: str = ""

    @property
    def review_facts(self) -> dict[str, Any]:
        """How its approval counts: of a machine channel it does, in a person's file it waits."""
        if self.channel and self.channel.serves(self.facility):
            return {
                "decision": ReviewDecision.APPROVED,
                "source": ReviewSource.CHANNEL,
                "channel_id": self.channel.pk,
            }
        return {
            "decision": ReviewDecision.REPORTED,
            "source": ReviewSource.FILE,
            "channel_id": None,
        }

    @classmethod
    def of(cls, statement: RecordVersion, standing: str, **given: Any) -> RecordChange:
        return cls(
            statement.record,
            statement.said_at,
            statement.digest,
            standing,
            statement.facility,
            statement.course,
            row=statement.row,
            **given,
        )


def gives_way(
    session: GuidanceSession,
    approval: ImageReview | None,
    before: TreatmentRecord | None,
    why: RowRefused,
) -> RecordChange:
    """A record that stood and now waits, because an earlier treatment takes its place."""
    row = treatment_row_of(session, approval)
    return RecordChange(
        session.source_record,
        before.said_at if before else session.recorded_at,
        before.digest if before else "",
        RecordStatus.WAITS,
        session.facility,
        session.course,
        row=row,
        session=session.pk,
        voids=[(session.pk, GAVE_WAY)],
        wanted=wanted_cells(row),
        kind=why.kind,
        sentence=why.sentence,
    )


def said_again(row: TreatmentRecord) -> RecordChange:
    """The same standing, said again later."""
    return RecordChange(
        row.record,
        row.said_at,
        row.digest,
        row.standing,
        row.facility,
        row.course,
        session=row.session_id,
        wanted=row.wanted,
        kind=row.kind,
        sentence=row.sentence,
        review_said_at=row.review_said_at,
        is_typed=row.is_typed,
        sent_by=row.sent_by_id,
    )


def describe_changes(
    statement: RecordVersion, session: GuidanceSession, change: Difference, *, is_typed: bool
) -> str:
    """What changes, from what to what."""
    parts = []
    if change.is_moved:
        row = statement.row
        parts.append(
            f"fraction {session.fraction} on {shown_day(session.date_of_service)} → "
            f"{row.fraction} on {shown_day(row.date_of_service)}, recorded anew"
        )
    for name, value in change.values.items():
        before = getattr(session, name)
        old, new = timeline_value(before, session), timeline_value(value, session)
        parts.append(f"{SHOWN.get(name, name)}: {old} → {new}")
    if change.review == "add":
        parts.append("approval of the images added")
    elif change.review == "replace" and not change.is_moved:
        parts.append("the approval of its images changed, so it is recorded anew")
    start = "Typed by hand, now as the machine recorded it: " if is_typed else ""
    return f"{start}{'; '.join(parts)}."
