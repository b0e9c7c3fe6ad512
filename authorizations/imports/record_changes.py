"""What is to be written for a record, and what becomes of a line, before it is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from accounts.web.text import shown_day
from authorizations.charges.session_timeline import SHOWN, timeline_value
from authorizations.exchange.row_reader import NOT_FOUND_HERE, NOT_FOUND_KIND, RowRefused
from authorizations.exchange.treatments_csv import PassedOver
from authorizations.imports.record_versions import Difference, RecordVersion
from authorizations.models import (
    GuidanceSession,
    ImportedRow,
    MachineChannel,
    ReviewDecision,
    ReviewSource,
)
from authorizations.models.import_runs import ImportedRowOutcome

Outcome = ImportedRow.Outcome
VOIDED_BY_SENDER = "Taken back by the record-and-verify system"
REPLACED = "Recorded anew as the record-and-verify system corrected it"
SUPERSEDED = "Another record of this treatment stands"
NOTHING_RECORDED = "Nothing of this record stood; it is not taken when it comes."


@dataclass(frozen=True, slots=True, kw_only=True)
class RowResult:
    """What will become of one line, before anything is written."""

    file: int
    line: int
    record: str
    outcome: str
    kind: str = ""
    sentence: str = ""
    kept: str = ""  # what the message held besides

    @property
    def label(self) -> str:
        return str(Outcome(self.outcome).label)

    @property
    def tone(self) -> str:
        return ImportedRowOutcome(self.outcome).tone


def version_result(
    version: RecordVersion, outcome: str, *, kind: str = "", sentence: str = ""
) -> RowResult:
    """What becomes of the line of a version, with what its sender says that is not billed so."""
    if version.row and outcome != Outcome.REFUSED:
        sentence = f"{version.row.notice} {sentence}".strip()
    return RowResult(
        file=version.file,
        line=version.line,
        record=version.record,
        outcome=outcome,
        kind=kind,
        sentence=sentence[:300],
        kept=version.kept,
    )


def refused_result(*, file: int, line: int, record: str, refusal: RowRefused) -> RowResult:
    """A line that is no version of any record."""
    return RowResult(
        file=file,
        line=line,
        record=record,
        outcome=Outcome.REFUSED,
        kind=refusal.kind,
        sentence=refusal.sentence,
    )


def passed_result(*, file: int, item: PassedOver) -> RowResult:
    """A charge of a message that is none of a guided session."""
    return RowResult(
        file=file,
        line=item.line,
        record=item.record,
        outcome=Outcome.PASSED,
        sentence=item.sentence,
        kept=item.kept,
    )


def not_found_result(version: RecordVersion) -> RowResult:
    """The result of a line on a course, or of a record, that is not one's own."""
    return version_result(version, Outcome.REFUSED, kind=NOT_FOUND_KIND, sentence=NOT_FOUND_HERE)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordChange:
    """What is to be written for one record: the version that counts, its status, its session."""

    version: RecordVersion
    status: str
    session: int | None = None
    is_created: bool = False
    voids: Iterable[tuple[int, str]] = ()  # sessions, and the reason of each
    frees: Iterable[int] = ()  # sessions whose record number the new one takes
    is_linked: bool = False  # a session typed by hand takes the record's number
    values: dict[str, Any] = field(default_factory=dict)
    adds_review: bool = False
    review_reported_at: datetime | None = None
    is_typed: bool = False
    sent_by: int | None = None  # whose import brought it, where another facility decides
    channel: MachineChannel | None = None
    wanted: dict[str, str] | None = None
    kind: str = ""
    sentence: str = ""

    @property
    def record(self) -> str:
        return self.version.record

    @property
    def review_facts(self) -> dict[str, Any]:
        """How its approval counts: of a machine channel it does, in a person's file it waits."""
        if self.channel and self.channel.serves(self.version.facility):
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


def describe_changes(
    version: RecordVersion, session: GuidanceSession, change: Difference, *, is_typed: bool
) -> str:
    """What changes, from what to what."""
    parts = []
    if change.is_moved:
        row = version.row
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
