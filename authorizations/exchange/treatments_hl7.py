"""The record-and-verify system's treatments as HL7 v2 DFT^P03 messages.

One FT1 is one treatment session, known by FT1-2; its values follow as OBX segments. PV1-3 names the
facility and the machine, PV1-19 the course, PID-3 the patient. Where a sender has other habits, its
mapping says where these stand. Source: HL7 v2.5.1, chapter 6 (FT1).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone

from accounts.readers import (
    OFFSET,
    Unreadable,
    offset_of,
    read_date,
    read_decimal,
    shown_text,
)
from authorizations.exchange.hl7 import Message, Segment
from authorizations.exchange.hl7_beyond import contradictions, kept_of, passed_over
from authorizations.exchange.hl7_framing import read_messages
from authorizations.exchange.hl7_places import OURS, Sender, check_unit, value_at
from authorizations.exchange.row_reader import FileRefused, Line, RowRefused, check_cells, label
from authorizations.exchange.row_reader import required as required_cell
from authorizations.exchange.treatment_cells import to_a_tenth
from authorizations.exchange.treatments_csv import (
    COLUMNS,
    LONGEST,
    SHIFTS,
    Item,
    PassedOver,
    RefusedRow,
    TakenBack,
    parse_treatment,
    required_record,
)

MOMENT = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(?:\d\d(?:\.\d{1,4})?)?([+-]\d{4})?", re.ASCII)
CLOCK = re.compile(r"(\d\d)(\d\d)(?:\d\d(?:\.\d{1,4})?)?", re.ASCII)
DAY_ONLY = re.compile(r"\d{8}", re.ASCII)
CHARGE, CREDIT = ("CG", ""), "CR"
STAMP = re.compile(r"(\d{8})(\d{4})?(\d\d)?(?:\.(\d{1,4}))?([+-]\d{4})?", re.ASCII)
NEEDED = ("record_id", "facility", "mrn", "course", "fraction", "delivered", "delivery_code")
TIMES = ("start_time", "end_time", "image_time")
SenderOf = Callable[[Message], Sender]


def our_sender(message: Message) -> Sender:
    """The sender of a message where nobody has a mapping: our own places."""
    return OURS


def parse_messages(content: bytes, sender_of: SenderOf = our_sender) -> Iterator[Item]:
    """Each treatment of the file, read or refused. Raises FileRefused where there is none."""
    messages = read_messages(content)
    if not messages:
        raise FileRefused("The file holds no message. The first line of a message begins with MSH.")
    for message in messages:
        yield from parse_message(message, sender_of)


def parse_message(message: Message, sender_of: SenderOf = our_sender) -> Iterator[Item]:
    """The sessions of one message; what is wrong with the message is said once."""
    header = message.header
    groups = charge_groups(message)
    wrong = message.fault or wrong_message(message, groups)
    if wrong:
        yield RefusedRow(header.line, header.text(10)[:40], wrong.kind, wrong.sentence)
        return
    try:
        sender = sender_of(message)
    except RowRefused as refusal:
        yield RefusedRow(header.line, header.text(10)[:40], refusal.kind, refusal.sentence)
        return
    for group in groups:
        yield message_or_refusal(message, group, sender)


def charge_groups(message: Message) -> list[list[Segment]]:
    """Each FT1 with the segments that follow it."""
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
    if message.event != "DFT^P03":
        said = shown_text(message.event)
        return RowRefused("other_message", f"Message {said} is not read; send DFT^P03.")
    if not header.text(12).startswith("2."):
        sentence = f"MSH-12 says version “{shown_text(header.text(12))}”; versions 2.x are read."
        return RowRefused("other_version", sentence)
    missing = [name for name in ("PID", "PV1") if message.first(name) is None]
    missing += [] if groups else ["FT1"]
    if missing:
        sentence = f"The message lacks {', '.join(missing)}: it is cut off or not a treatment."
        return RowRefused("cut_off", sentence)
    return None


def message_or_refusal(message: Message, group: list[Segment], sender: Sender) -> Item:
    """The charge of one FT1: a session, one taken back, passed over or refused."""
    charge, kept = group[0], kept_of(message, group, sender)
    record = value_at(sender.places.get("record_id", ""), message, group)[:40]
    try:
        said = said_at(message)
        if charge.text(6) == CREDIT:
            return taken_back(message, group, said, sender)
        why = passed_over(group, sender)
        if why:
            return PassedOver(charge.line, record, why, kept)
        cells, offset = cells_of(message, group, sender)
        row = parse_treatment(Line(charge.line, cells))
    except RowRefused as refusal:
        return RefusedRow(charge.line, record, refusal.kind, refusal.sentence)
    notice = contradictions(charge, row)
    return replace(row, utc_offset=offset, kept=kept, said=said, notice=notice)


def taken_back(
    message: Message, group: list[Segment], said: datetime | None, sender: Sender
) -> TakenBack:
    """A credit (FT1-6 CR): the record was deleted."""
    values = {c: value_at(sender.places.get(c, ""), message, group) for c in RECORD_AND_PLACE}
    line = Line(group[0].line, values | {"facility": values["facility"] or sender.facility})
    check_cells(line, LONGEST)
    facility = required_cell(line, "facility", "unknown_facility")
    record = required_record(line)
    return TakenBack(group[0].line, record, facility, said, kept_of(message, group, sender))


RECORD_AND_PLACE = ("record_id", "facility")


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


def cells_of(
    message: Message, group: list[Segment], sender: Sender
) -> tuple[dict[str, str], timedelta | None]:
    """The cells of the daily export's columns, and the offset the message names for its times."""
    charge = group[0]
    if charge.text(6) not in CHARGE:
        raise RowRefused(
            "other_transaction",
            f"FT1-6 is “{shown_text(charge.text(6))}”; CG and CR are read. Change the session on "
            "its page.",
        )
    cells = dict.fromkeys(COLUMNS, "")
    for column, place in sender.places.items():
        check_unit(column, sender, group)
        cells[column] = worded(column, value_at(place, message, group), sender)
    cells["facility"] = cells["facility"] or sender.facility
    refuse_what_lacks(cells, sender)
    offset = put_times(cells, sender)
    return cells, offset


def worded(column: str, text: str, sender: Sender) -> str:
    """A value in our words and units: this sender's word for delivered, its shifts in cm."""
    if column in SHIFTS and sender.shift_unit == "cm" and text:
        return in_millimetres(text)
    return sender.words.get(f"{column}:{text.lower()}", text)


def in_millimetres(text: str) -> str:
    """Centimetres as millimetres; what is no number is left for the reader of numbers to refuse."""
    try:
        return to_a_tenth(read_decimal(text) * 10)
    except Unreadable:
        return text


def refuse_what_lacks(cells: dict[str, str], sender: Sender) -> None:
    """One sentence for all that is missing; a single thing is said by its own reader."""
    lacking = [column for column in NEEDED if not cells[column]]
    has_time = cells["start_time"] and not DAY_ONLY.fullmatch(cells["start_time"])
    lacking += [] if has_time else ["start_time"]
    if len(lacking) < 2:
        return
    names = ", ".join(f"{label(c).lower()} ({sender.places.get(c, 'no place')})" for c in lacking)
    remedy = "Correct the mapping of this sender." if sender.is_mapped else HOW_TO_MAP
    raise RowRefused("message_lacks", f"The message lacks: {names}. {remedy}")


HOW_TO_MAP = "Other places are not read unless an HL7 mapping of this sender names them."


def put_times(cells: dict[str, str], sender: Sender) -> timedelta | None:
    """Date and times as the daily export writes them; the offset where the start names one."""
    shown = sender.places.get("start_time", "")
    day, start, offset = time_of_transaction(cells["date"], cells["start_time"], shown)
    cells |= {"date": day, "start_time": start}
    for column in TIMES[1:]:
        text = cells[column]
        if clock := CLOCK.fullmatch(text):
            cells[column] = f"{clock[1]}:{clock[2]}"
        elif moment := MOMENT.fullmatch(text):
            if f"{moment[1]}-{moment[2]}-{moment[3]}" != day:
                sentence = f"{label(column)} “{shown_text(text)}” is of another day."
                raise RowRefused("bad_time", f"{sentence} Correct one of the two dates.")
            cells[column] = f"{moment[4]}:{moment[5]}"
            offset = common_offset(column, text, moment[6], offset)
    return offset


def common_offset(column: str, text: str, zone: str, start: timedelta | None) -> timedelta | None:
    """The one offset that a message names, with any of its times. Raises RowRefused for two."""
    named = offset_in(zone) if zone else start
    if start not in (None, named):
        sentence = f"{label(column)} “{shown_text(text)}” names another offset than the start time."
        raise RowRefused("bad_zone", f"{sentence} Correct one of the two.")
    return named


def time_of_transaction(on: str, at: str, shown: str) -> tuple[str, str, timedelta | None]:
    """Date, time and offset of a treatment. Raises RowRefused with how it is written."""
    clock = CLOCK.fullmatch(at) or re.fullmatch(r"(\d\d):(\d\d)(?::\d\d)?", at, re.ASCII)
    text = f"{on[:8]}{clock[1]}{clock[2]}" if clock else at
    found = MOMENT.fullmatch(text)
    if not found or not on.startswith(text[:8]):
        sentence = f"{shown} “{shown_text(at)}” is not a moment. Write it as 20261119070000."
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
