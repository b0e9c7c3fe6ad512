"""The versions of a record as sent, and how one differs from the session that is recorded."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordVersion:
    """One version of a record as sent: its values, or that it is deleted (no row)."""

    file: int = 0
    line: int = 0
    record: str
    reported_at: datetime
    order: int = 0  # among versions without a moment of their own, the later in the files
    digest: str
    facility: Facility
    course: Course | None
    row: TreatmentRow | None
    kept: str = ""  # what the message held besides

    @property
    def rank(self) -> tuple[datetime, int, bool, str]:
        """Of two versions of a record the higher one counts, in whatever order they come."""
        return self.reported_at, self.order, self.digest == DELETED, self.digest

    @property
    def treatment(self) -> tuple[TreatmentRow, Course]:
        """Its values and their course, which a deletion has not."""
        if self.row is None or self.course is None:
            raise ValueError("A deletion has no values.")
        return self.row, self.course

    @property
    def is_reviewed(self) -> bool:
        """Whether an approval of the images comes with it."""
        return self.row is not None and self.row.reviewed is not None


def digest_of(row: TreatmentRow) -> str:
    return hashlib.sha256("\x1f".join(canonical(row).values()).encode()).hexdigest()


def wanted_cells(row: TreatmentRow | None) -> dict[str, str]:
    """A version to be stored while it is not recorded; the MRN is known from the course."""
    if row is None:
        return {DELETED: "yes"}
    return {name: text for name, text in canonical(row).items() if text and name != "mrn"}


def row_from(cells: dict[str, str], mrn: str) -> TreatmentRow:
    """A stored version as a row again."""
    return parse_treatment(Line(0, dict.fromkeys(COLUMNS, "") | cells | {"mrn": mrn}))


def waiting_row(record: TreatmentRecord) -> TreatmentRow:
    """The version of a record that waits for its slot or for a person."""
    return row_from(record.wanted, record.course.patient.mrn)


def version_of_record(
    record: TreatmentRecord, *, row: TreatmentRow | None = None, reported_at: datetime
) -> RecordVersion:
    """The version that was read before; its ``row`` where it is to be recorded now."""
    return RecordVersion(
        record=record.record,
        reported_at=reported_at,
        digest=record.digest,
        facility=record.facility,
        course=record.course,
        row=row,
    )


def approved_at(row: TreatmentRow, facility: Facility) -> datetime | None:
    """When the images were approved according to the row, as a moment."""
    at = row.reviewed
    return moment_of(at.date(), at.time(), facility.tz) if at else None


def warn_of_times(version: RecordVersion) -> str:
    """A notice for the preview where the image came after the beam; empty where it did not."""
    row = version.row
    if row is None or not row.is_delivered or is_tracking(row.modalities):
        return ""
    times = treatment_times(
        row.date_of_service, version.facility.tz, starts=row.starts, imaged=row.imaged
    )
    image, start = times.image_at, times.started_at
    if image is None or start is None or image <= start:
        return ""
    return (
        f"The image, {row.imaged:%H:%M}, is after the treatment began, {row.starts:%H:%M}: its "
        "charge is held until a wrong clock is corrected, or a coder says why."
    )


def placed_values(row: TreatmentRow, course: Course, facility: Facility) -> dict[str, Any]:
    """Which treatment the row is about, by the fields of a session."""
    return {
        "course": course,
        "facility": facility,
        "date_of_service": row.date_of_service,
        "fraction": row.fraction,
        "session_of_day": row.session_of_day,
    }


def session_values(row: TreatmentRow, facility: Facility) -> dict[str, Any]:
    """What happened, by the fields of a session; the therapist by name."""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """How a version differs from the session: which treatment it is, its values, its approval."""

    is_moved: bool = False
    values: dict[str, Any] = field(default_factory=dict)
    review: str = ""  # add it, or replace the one that came with the record

    def __bool__(self) -> bool:
        return self.is_moved or bool(self.values) or bool(self.review)

    @property
    def is_imaged(self) -> bool:
        return self.is_moved or bool(IMAGED & set(self.values))


def difference(
    version: RecordVersion,
    session: GuidanceSession,
    approval: ImageReview | None,
    *,
    is_carried: bool,
    corrected: Iterable[str] = (),
    is_typed: bool = False,
) -> Difference:
    """What would change. ``corrected`` names what a person corrected after this was reported.

    An empty cell does not erase what a person typed (``is_typed``).
    """
    (row, course), facility = version.treatment, version.facility
    place = placed_values(row, course, facility)
    is_moved = any(getattr(session, name) != value for name, value in place.items())
    values = {
        name: value
        for name, value in session_values(row, facility).items()
        if name not in corrected
        and not (is_typed and value in (None, "", []))
        and value_of(session, name) != value
    }
    review = ""
    if approval is None:
        review = "add" if row.reviewed else ""
    elif is_carried:
        is_imaged = is_moved or bool(IMAGED & set(values))
        is_same = not is_imaged and is_same_review(row, approval, facility)
        review = "" if is_same else "replace"
    return Difference(is_moved=is_moved, values=values, review=review)


def is_same_review(row: TreatmentRow, approval: ImageReview, facility: Facility) -> bool:
    if row.reviewed is None or approved_at(row, facility) != approval.reviewed_at:
        return False
    provider = approval.reviewed_by
    if row.reviewer_npi and provider.npi == row.reviewer_npi:
        return True
    return provider.name == (row.reviewer or row.reviewer_npi or NOT_NAMED)[:120]


def treatment_row_of(session: GuidanceSession, approval: ImageReview | None) -> TreatmentRow:
    """A session as the export would write it, to be stored while another has its slot."""
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
