"""The record-and-verify system's treatments as HL7 v2 DFT^P03 messages.

One FT1 is one treatment session, known by FT1-2; its values follow as OBX segments. PV1-3 names the
facility and the machine, PV1-19 the course, PID-3 the patient. Source: HL7 v2.5.1, chapter 6 (FT1).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone

from accounts.readers import OFFSET, Unreadable, offset_of, read_date, shown_text
from authorizations.exchange.hl7 import Message, Segment, read_messages
from authorizations.exchange.row_reader import FileRefused, Line, RowRefused, check_cells, required
from authorizations.exchange.treatments_csv import (
    COLUMNS,
    LONGEST,
    SHIFTS,
    Item,
    RefusedRow,
    TakenBack,
    parse_treatment,
    required_record,
)

MOMENT = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(?:\d\d(?:\.\d{1,4})?)?([+-]\d{4})?", re.ASCII)
OBSERVED = {
    "FRACTION": "fraction",
    "SESSION_OF_DAY": "session_of_day",
    "DELIVERED": "delivered",
    "DELIVERY_CODE": "delivery_code",
    "IMAGE_MODALITY": "image_modality",
    "IMAGE_TIME": "image_time",
    "END_TIME": "end_time",
    "SHIFT_LR": "shift_lr_mm",
    "SHIFT_SI": "shift_si_mm",
    "SHIFT_AP": "shift_ap_mm",
    "PITCH": "pitch_deg",
    "ROLL": "roll_deg",
    "YAW": "yaw_deg",
    "THERAPIST": "therapist",
    "REVIEWED_BY": "reviewed_by_npi",
    "REVIEWED_BY_NAME": "reviewed_by",
    "REVIEWED_AT": "reviewed_at",
}
DEGREES = ("", "deg", "degrees", "°")
READ = ("MSH", "EVN", "PID", "PV1", "FT1", "OBX")
CHARGE, CREDIT = ("CG", ""), "CR"
STAMP = re.compile(r"(\d{8})(\d{4})?(\d\d)?(?:\.(\d{1,4}))?([+-]\d{4})?", re.ASCII)


def parse_messages(content: bytes) -> Iterator[Item]:
    """Each treatment of the file, read or refused. Raises FileRefused where it is cut off."""
    messages = read_messages(content)
    if not messages:
        raise FileRefused("The file holds no message. The first line of a message begins with MSH.")
    for message in messages:
        yield from parse_message(message)


def parse_message(message: Message) -> Iterator[Item]:
    """The sessions of one message; what is wrong with the message is said once."""
    header = message.header
    groups = charge_groups(message)
    wrong = wrong_message(message, groups)
    if wrong:
        yield RefusedRow(header.line, header.text(10), wrong.kind, wrong.sentence)
        return
    kept = "\r".join(raw(s) for s in message.segments if s.name not in READ)
    for group in groups:
        yield message_or_refusal(message, group, kept)


def charge_groups(message: Message) -> list[list[Segment]]:
    """Each FT1 with the observations that follow it."""
    groups: list[list[Segment]] = []
    for segment in message.segments:
        if segment.name == "FT1":
            groups.append([segment])
        elif segment.name == "OBX" and groups:
            groups[-1].append(segment)
    return groups


def wrong_message(message: Message, groups: list[list[Segment]]) -> RowRefused | None:
    """Why nothing of this message can be read."""
    header = message.header
    said = f"{header.text(9)}^{header.text(9, 2)}"
    if said != "DFT^P03":
        return RowRefused("other_message", f"Message {shown_text(said)} is not read; send DFT^P03.")
    if not header.text(12).startswith("2."):
        sentence = f"MSH-12 says version “{shown_text(header.text(12))}”; versions 2.x are read."
        return RowRefused("other_version", sentence)
    missing = [name for name in ("PID", "PV1") if message.first(name) is None]
    missing += [] if groups else ["FT1"]
    if missing:
        sentence = f"The message lacks {', '.join(missing)}: it is cut off or not a treatment."
        return RowRefused("cut_off", sentence)
    return None


def raw(segment: Segment) -> str:
    return segment.marks.field.join(segment.fields)


def message_or_refusal(message: Message, group: list[Segment], kept: str) -> Item:
    charge = group[0]
    try:
        said = said_at(message)
        if charge.text(6) == CREDIT:
            return taken_back(message, charge, said, kept)
        cells, offset = cells_of(message, group)
        row = parse_treatment(Line(charge.line, cells))
    except RowRefused as refusal:
        return RefusedRow(charge.line, charge.text(2), refusal.kind, refusal.sentence)
    return replace(row, utc_offset=offset, kept=kept, said=said)


def taken_back(message: Message, charge: Segment, said: datetime | None, kept: str) -> TakenBack:
    """A credit (FT1-6 CR): the record of FT1-2 was deleted."""
    line = Line(charge.line, {"record_id": charge.text(2), "facility": message.text("PV1", 3)})
    check_cells(line, LONGEST)
    facility = required(line, "facility", "unknown_facility")
    return TakenBack(charge.line, required_record(line), facility, said, kept)


def said_at(message: Message) -> datetime | None:
    """When the sender said so: EVN-2, the moment recorded, else MSH-7, the moment sent."""
    text = message.text("EVN", 2) or message.header.text(7)
    found = STAMP.fullmatch(text)
    if not text:
        return None
    try:
        if not found:
            raise ValueError(text)
        day, clock, seconds, part, zone = found.groups()
        read_date(f"{day[:4]}-{day[4:6]}-{day[6:]}")
        digits = f"{day}{clock or '0000'}{seconds or '00'}{(part or '0'):0<6}"
        moment = datetime.strptime(digits, "%Y%m%d%H%M%S%f")  # noqa: DTZ007 - local unless named
    except ValueError as error:
        sentence = (
            f"The message's time “{shown_text(text)}” is not a moment. Write it as 20261119070000."
        )
        raise RowRefused("bad_date", sentence) from error
    return moment.replace(tzinfo=timezone(offset_in(zone))) if zone else moment


def cells_of(message: Message, group: list[Segment]) -> tuple[dict[str, str], timedelta | None]:
    """The cells of the daily export's columns, and the offset the message names for its times."""
    charge = group[0]
    if charge.text(6) not in CHARGE:
        raise RowRefused(
            "other_transaction",
            f"FT1-6 is “{shown_text(charge.text(6))}”; CG and CR are read. Change the session on "
            "its page.",
        )
    day, start, offset = time_of_transaction(charge)
    cells = dict.fromkeys(COLUMNS, "") | {
        "record_id": charge.text(2),
        "facility": message.text("PV1", 3),
        "machine": message.text("PV1", 3, 2),
        "course": message.text("PV1", 19) or message.text("PV1", 20),
        "mrn": message.text("PID", 3),
        "date": day,
        "start_time": start,
    }
    for observation in group[1:]:
        put(observation, cells)
    return cells, offset


def put(observation: Segment, cells: dict[str, str]) -> None:
    """One observation into its column; one withdrawn by its sender (OBX-11) is left out."""
    column = OBSERVED.get(observation.text(3).upper())
    if column is None or observation.text(11) in ("D", "X", "W"):
        return
    check_unit(observation, column)
    cells[column] = observation.text(5)


def check_unit(observation: Segment, column: str) -> None:
    """Shifts come in millimetres, rotations in degrees; nothing is converted silently."""
    unit = observation.text(6)
    if column in SHIFTS and unit not in ("", "mm"):
        sentence = f"{observation.text(3)} is in {unit}. Send millimetres (OBX-6 mm)."
        raise RowRefused("bad_unit", sentence)
    if column.endswith("_deg") and unit not in DEGREES:
        sentence = f"{observation.text(3)} is in {unit}. Send degrees (OBX-6 deg)."
        raise RowRefused("bad_unit", sentence)


def time_of_transaction(charge: Segment) -> tuple[str, str, timedelta | None]:
    """Date, time and offset of FT1-4. Raises RowRefused with how it is written."""
    found = MOMENT.fullmatch(charge.text(4))
    if not found:
        sentence = (
            f"FT1-4 “{shown_text(charge.text(4))}” is not a moment. Write it as 20261119070000."
        )
        raise RowRefused("bad_date", sentence)
    year, month, day, hour, minute, zone = found.groups()
    return f"{year}-{month}-{day}", f"{hour}:{minute}", offset_in(zone) if zone else None


def offset_in(zone: str) -> timedelta:
    """An offset from Greenwich as HL7 writes it, -0600. Raises RowRefused."""
    found = OFFSET.fullmatch(zone)
    try:
        return offset_of(found).utcoffset(None) if found else timedelta()
    except Unreadable as error:
        raise RowRefused("bad_zone", str(error)) from error
