"""What the record-and-verify system says about a record, and how that differs from what stands."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from accounts.models import Facility
from authorizations.exchange.row_reader import Line
from authorizations.exchange.treatments_csv import (
    COLUMNS,
    ROTATIONS,
    SHIFTS,
    TreatmentRow,
    canonical,
    parse_treatment,
)
from authorizations.models import Course, GuidanceSession, ImageReview, TreatmentRecord
from authorizations.verdicts.clinic_clock import moment_of, treatment_times
from coding.rules.modalities import is_tracking

DELETED = "deleted"
NOT_NAMED = "not named"
PLACE = ("course", "facility", "date_of_service", "fraction", "session_of_day")
VALUES = (
    "machine",
    "started_at",
    "ended_at",
    "is_delivered",
    "delivery_code",
    "modalities",
    "image_at",
    *SHIFTS,
    *ROTATIONS,
    "therapist",
)
IMAGED = frozenset(("modalities", "image_at", *SHIFTS, *ROTATIONS))


@dataclass(slots=True)
class RecordVersion:
    """One word of the system about one record: its values, or that it is deleted (no row)."""

    file: int
    line: int
    record: str
    said_at: datetime
    order: int  # among words without a moment of their own, the later in the files
    digest: str
    facility: Facility
    course: Course | None = None
    row: TreatmentRow | None = None
    kept: str = ""

    @property
    def rank(self) -> tuple[datetime, int, bool, str]:
        """Of two words about a record the higher one counts, in whatever order they come."""
        return self.said_at, self.order, self.digest == DELETED, self.digest


def digest_of(row: TreatmentRow) -> str:
    return hashlib.sha256("\x1f".join(canonical(row).values()).encode()).hexdigest()


def wanted_cells(row: TreatmentRow | None) -> dict[str, str]:
    """What was said, to be kept where it does not stand; the MRN is known from the course."""
    if row is None:
        return {DELETED: "yes"}
    return {name: text for name, text in canonical(row).items() if text and name != "mrn"}


def row_from(cells: dict[str, str], mrn: str) -> TreatmentRow:
    """What was kept, read again."""
    return parse_treatment(Line(0, dict.fromkeys(COLUMNS, "") | cells | {"mrn": mrn}))


def waiting_row(record: TreatmentRecord) -> TreatmentRow:
    """The version of a record that waits, as a row again."""
    return row_from(record.wanted, record.course.patient.mrn)


def approved_at(row: TreatmentRow, facility: Facility) -> datetime | None:
    """When the row says that the images were approved, as a moment."""
    said = row.reviewed
    return moment_of(said.date(), said.time(), facility.tz) if said else None


def warn_of_times(statement: RecordVersion) -> str:
    """A notice for the preview where the image came after the beam; empty where it did not."""
    row = statement.row
    if row is None or not row.is_delivered or is_tracking(row.modalities):
        return ""
    times = treatment_times(
        row.date_of_service, statement.facility.tz, starts=row.starts, imaged=row.imaged
    )
    image, start = times.image_at, times.started_at
    if image is None or start is None or image <= start:
        return ""
    return (
        f"The image, {row.imaged:%H:%M}, is after the treatment began, {row.starts:%H:%M}: its "
        "charge is held until a wrong clock is corrected, or a coder says why."
    )


def placed_values(row: TreatmentRow, course: Course, facility: Facility) -> dict[str, Any]:
    """Which treatment the row is about, as the session keeps it."""
    return {
        "course": course,
        "facility": facility,
        "date_of_service": row.date_of_service,
        "fraction": row.fraction,
        "session_of_day": row.session_of_day,
    }


def session_values(row: TreatmentRow, facility: Facility) -> dict[str, Any]:
    """What happened, as the session keeps it; the therapist by name."""
    times = treatment_times(
        row.date_of_service, facility.tz, starts=row.starts, imaged=row.imaged, ends=row.ends
    )
    return {
        "machine": row.machine,
        "started_at": times.started_at,
        "ended_at": times.ended_at,
        "is_delivered": row.is_delivered,
        "delivery_code": row.delivery_code,
        "modalities": list(row.modalities),
        "image_at": times.image_at,
        **dict(zip(SHIFTS, row.shifts, strict=True)),
        **dict(zip(ROTATIONS, row.rotations, strict=True)),
        "therapist": row.therapist,
    }


def value_of(session: GuidanceSession, name: str) -> Any:
    value = getattr(session, name)
    if name == "therapist":
        return value.name if value else ""
    return value


@dataclass(slots=True)
class Difference:
    """How what is said differs from the session: its place, its values, its approval."""

    is_moved: bool = False
    values: dict[str, Any] = field(default_factory=dict)
    review: str = ""  # add it, or replace the one that came with the record

    def __bool__(self) -> bool:
        return self.is_moved or bool(self.values) or bool(self.review)

    @property
    def is_imaged(self) -> bool:
        return self.is_moved or bool(IMAGED & set(self.values))


def difference(
    statement: RecordVersion,
    session: GuidanceSession,
    approval: ImageReview | None,
    *,
    is_carried: bool,
    by_hand: Iterable[str] = (),
    is_typed: bool = False,
) -> Difference:
    """What would change. ``by_hand`` names what a person corrected later than this was said.

    An empty cell does not wipe out what a person typed (``is_typed``).
    """
    row = statement.row
    found = Difference()
    place = placed_values(row, statement.course, statement.facility)
    found.is_moved = any(getattr(session, name) != value for name, value in place.items())
    for name, value in session_values(row, statement.facility).items():
        is_kept = name in by_hand or (is_typed and value in (None, "", []))
        if not is_kept and value_of(session, name) != value:
            found.values[name] = value
    if approval is None:
        found.review = "add" if row.reviewed else ""
    elif is_carried and (found.is_imaged or not is_same_review(row, approval, statement.facility)):
        found.review = "replace"
    return found


def is_same_review(row: TreatmentRow, approval: ImageReview, facility: Facility) -> bool:
    if row.reviewed is None or approved_at(row, facility) != approval.reviewed_at:
        return False
    provider = approval.reviewed_by
    if row.reviewer_npi and provider.npi == row.reviewer_npi:
        return True
    return provider.name == (row.reviewer or row.reviewer_npi or NOT_NAMED)[:120]


def treatment_row_of(session: GuidanceSession, approval: ImageReview | None) -> TreatmentRow:
    """A session as the system's export would write it, to be kept while its place is taken."""
    zone = session.facility.tz

    def clock(moment: datetime | None) -> time | None:
        return moment.astimezone(zone).time() if moment else None

    reviewed = approval.reviewed_at.astimezone(zone).replace(tzinfo=None) if approval else None
    return TreatmentRow(
        line=0,
        record=session.source_record,
        facility=session.facility.code,
        machine=session.machine,
        date_of_service=session.date_of_service,
        starts=clock(session.started_at),
        ends=clock(session.ended_at),
        mrn="",
        course=session.course.code,
        fraction=session.fraction,
        session_of_day=session.session_of_day,
        is_delivered=session.is_delivered,
        delivery_code=session.delivery_code,
        modalities=tuple(session.modalities),
        imaged=clock(session.image_at),
        shifts=tuple(getattr(session, name) for name in SHIFTS),
        rotations=tuple(getattr(session, name) for name in ROTATIONS),
        therapist=value_of(session, "therapist"),
        reviewer_npi=approval.reviewed_by.npi if approval else "",
        reviewer=approval.reviewed_by.name if approval else "",
        reviewed=reviewed,
    )
