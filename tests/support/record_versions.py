"""Versions of treatment records as files of a record-and-verify system."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from authorizations.exchange.treatments_csv import COLUMNS, OPTIONAL
from tests.conftest import usual_session
from tests.support.hl7_messages import message

MONDAY = date(2026, 10, 5)
TODAY = MONDAY + timedelta(days=30)


@dataclass(frozen=True)
class Word:
    """Something said about a record at a minute; ``shift`` None: it is taken back."""

    record: int
    minute: int
    day: int = 0
    fraction: int = 1
    hour: int = 9
    machine: str = "TB1"
    shift: str | None = "1.2"
    delivered: str = "yes"
    reviewed: bool = False
    as_csv: bool = False

    @property
    def on(self) -> date:
        return MONDAY + timedelta(days=self.day)

    @property
    def said(self) -> datetime:
        return datetime(2026, 10, 12, 8) + timedelta(minutes=self.minute)


def as_message(word: Word, course) -> str:
    place = f"{course.facility.code}^{word.machine}"
    start = f"{word.on:%Y%m%d}{word.hour:02d}0000"
    more = {"REVIEWED_BY_NAME": "Ada Ray", "REVIEWED_AT": f"{word.on} 18:00"}
    text = message(
        course,
        record=f"R{word.record}",
        moment=start,
        place=place,
        charge="CR" if word.shift is None else "CG",
        FRACTION=str(word.fraction),
        SHIFT_LR=word.shift or "0",
        DELIVERED=word.delivered,
        IMAGE_TIME=f"{word.hour - 1:02d}:56",
        **(more if word.reviewed else {}),
    )
    return text.replace("EVN|P03|20261005090000", f"EVN|P03|{word.said:%Y%m%d%H%M%S}")


def as_row(word: Word, course) -> str:
    cells = dict.fromkeys((*COLUMNS, *OPTIONAL), "") | {
        "record_id": f"R{word.record}",
        "facility": course.facility.code,
        "machine": word.machine,
        "date": str(word.on),
        "start_time": f"{word.hour:02d}:00",
        "mrn": course.patient.mrn,
        "course": course.code,
        "fraction": str(word.fraction),
        "delivered": word.delivered,
        "delivery_code": "77407",
        "image_modality": "cbct",
        "image_time": f"{word.hour - 1:02d}:56",
        "shift_lr_mm": word.shift or "",
        "shift_si_mm": "-2.0",
        "shift_ap_mm": "0.0",
        "action": "delete" if word.shift is None else "",
        "changed_at": f"{word.said:%Y-%m-%d %H:%M:%S}",
    }
    if word.reviewed:
        cells |= {"reviewed_by": "Ada Ray", "reviewed_at": f"{word.on} 18:00"}
    return ",".join(cells.values()) + "\n"


def as_files(words: list[Word], course) -> list[bytes]:
    """The words of one sending as a file of messages and a file of rows."""
    messages = "".join(as_message(word, course) for word in words if not word.as_csv)
    rows = "".join(as_row(word, course) for word in words if word.as_csv)
    heading = ",".join((*COLUMNS, *OPTIONAL)) + "\n"
    return [text.encode() for text in (messages, rows and heading + rows) if text]


def typed(course, word: Word) -> dict[str, object]:
    start = datetime(word.on.year, word.on.month, word.on.day, word.hour, tzinfo=course.facility.tz)
    return usual_session(course, word.fraction, start) | {"machine": word.machine}
