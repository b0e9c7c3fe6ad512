"""The record-and-verify system's daily export as CSV: one line per treatment session."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from authorizations.exchange.row_reader import (
    Line,
    RowRefused,
    check_cells,
    decode,
    parse_choice,
    parse_count,
    parse_date,
    parse_time,
    read_lines,
    required,
)
from authorizations.exchange.treatment_cells import (
    CHANGED,
    optional_moment,
    optional_stamp,
    optional_time,
    parse_code,
    parse_modalities,
    parse_name,
    parse_npi,
    rotation,
    shift,
)

LONGEST_RECORD = 40
LONGEST = {
    "facility": 16,
    "machine": 16,
    "mrn": 20,
    "course": 24,
    "therapist": 120,
    "reviewed_by": 120,
}
SHIFTS = ("shift_lr_mm", "shift_si_mm", "shift_ap_mm")
ROTATIONS = ("pitch_deg", "roll_deg", "yaw_deg")
COLUMNS = (
    "record_id",
    "facility",
    "machine",
    "date",
    "start_time",
    "end_time",
    "mrn",
    "course",
    "fraction",
    "session_of_day",
    "delivered",
    "delivery_code",
    "image_modality",
    "image_time",
    *SHIFTS,
    *ROTATIONS,
    "therapist",
    "reviewed_by_npi",
    "reviewed_by",
    "reviewed_at",
)
ACTION = "action"
OPTIONAL = (ACTION, CHANGED)  # delete a record; when it was last changed
DELETE = ("delete", "deleted")


@dataclass(frozen=True, slots=True)
class TreatmentRow:
    """One treatment session as exported. Times are the facility's own; shifts mm, turns degrees."""

    line: int
    record: str
    facility: str
    machine: str
    date_of_service: date
    starts: time
    ends: time | None
    mrn: str
    course: str
    fraction: int
    session_of_day: int
    is_delivered: bool
    delivery_code: str
    modalities: tuple[str, ...]
    imaged: time | None
    shifts: tuple[Decimal | None, ...]
    rotations: tuple[Decimal | None, ...]
    therapist: str
    reviewer_npi: str
    reviewer: str
    reviewed: datetime | None
    utc_offset: timedelta | None = None  # as the sender states it, if it does
    kept: str = ""  # what the message held besides, unread
    said: datetime | None = None  # when the sender said so; local time unless it names an offset
    notice: str = ""  # where the sender says something else than will be billed


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A record that the record-and-verify system deleted: it no longer stands."""

    line: int
    record: str
    facility: str
    said: datetime | None = None
    kept: str = ""


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """One line that cannot be taken: where, which record, and why."""

    line: int
    record: str
    kind: str
    sentence: str


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A charge that is none of a guided session: nothing is recorded and nothing is wrong."""

    line: int
    record: str
    sentence: str
    kept: str = ""


Item = TreatmentRow | TakenBack | RefusedRow | PassedOver


def parse_treatments(content: bytes) -> Iterator[Item]:
    """Each line of the file, read or refused. Raises FileRefused for a file that is no export."""
    yield from parse_lines(read_lines(decode(content), COLUMNS))


def parse_lines(lines: Iterable[Line | tuple[int, RowRefused]]) -> Iterator[Item]:
    """Each line as a treatment, a deletion or a refusal."""
    for item in lines:
        if isinstance(item, Line):
            yield line_or_refusal(item)
        else:
            number, refusal = item
            yield RefusedRow(number, refusal.record, refusal.kind, refusal.sentence)


def line_or_refusal(line: Line) -> Item:
    try:
        action = line.optional(ACTION).lower()
        if action in DELETE:
            return parse_deletion(line)
        if action not in ("", "record", "recorded"):
            sentence = f"Action “{line.optional(ACTION)}” is not known. Write delete or leave it."
            raise RowRefused("bad_action", sentence)
        return parse_treatment(line)
    except RowRefused as refusal:
        return RefusedRow(line.number, line.text("record_id"), refusal.kind, refusal.sentence)


def parse_deletion(line: Line) -> TakenBack:
    check_cells(line, LONGEST)
    return TakenBack(
        line.number,
        required_record(line),
        required(line, "facility", "unknown_facility"),
        optional_stamp(line),
    )


def required_record(line: Line) -> str:
    """The number of the record: what makes the same record the same session."""
    record = required(line, "record_id", "blank_record")
    if len(record) > LONGEST_RECORD:
        sentence = f"Record id has {len(record)} characters; at most {LONGEST_RECORD} are kept."
        raise RowRefused("long_record", sentence)
    return record


def parse_treatment(line: Line) -> TreatmentRow:
    """One line as a treatment session. Raises RowRefused with its kind and sentence."""
    check_cells(line, LONGEST)
    return TreatmentRow(
        line=line.number,
        record=required_record(line),
        facility=required(line, "facility", "unknown_facility"),
        machine=line.text("machine"),
        date_of_service=parse_date(line.text("date")),
        starts=parse_time(line.text("start_time"), "start_time"),
        ends=optional_time(line, "end_time"),
        mrn=required(line, "mrn", "unknown_mrn"),
        course=required(line, "course", "blank_course"),
        fraction=parse_count(line.text("fraction"), "fraction", "fraction_out_of_range"),
        session_of_day=parse_count(line.text("session_of_day") or "1", "session_of_day"),
        is_delivered=parse_choice(
            line.text("delivered").lower(), "delivered", ("yes", "no"), "bad_delivered"
        )
        == "yes",
        delivery_code=parse_code(line),
        modalities=parse_modalities(line.text("image_modality")),
        imaged=optional_time(line, "image_time"),
        shifts=tuple(shift(line, column) for column in SHIFTS),
        rotations=tuple(rotation(line, column) for column in ROTATIONS),
        therapist=parse_name(line, "therapist"),
        reviewer_npi=parse_npi(line, "reviewed_by_npi"),
        reviewer=parse_name(line, "reviewed_by"),
        reviewed=optional_moment(line, "reviewed_at"),
        said=optional_stamp(line),
    )


def canonical(row: TreatmentRow) -> dict[str, str]:
    """The row as our own columns would write it: what was said, without how it came."""
    reviewed = row.reviewed.strftime("%Y-%m-%d %H:%M") if row.reviewed else ""
    return dict(
        zip(
            COLUMNS,
            (
                row.record,
                row.facility,
                row.machine,
                row.date_of_service.isoformat(),
                written(row.starts),
                written(row.ends),
                row.mrn,
                row.course,
                str(row.fraction),
                str(row.session_of_day),
                "yes" if row.is_delivered else "no",
                row.delivery_code,
                "+".join(row.modalities),
                written(row.imaged),
                *("" if n is None else f"{n:.1f}" for n in (*row.shifts, *row.rotations)),
                row.therapist,
                row.reviewer_npi,
                row.reviewer,
                reviewed,
            ),
            strict=True,
        )
    )


def written(at: time | None) -> str:
    return at.isoformat() if at else ""
