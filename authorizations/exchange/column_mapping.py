"""A facility's own treatment files: its headings, dates, numbers and words, put into ours.

Nothing is guessed while reading. What the mapping does not say is refused with a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from accounts.readers import Unreadable, read_decimal, read_moment, shown_text
from accounts.written_dates import read_written_clock, read_written_date, split_moment
from authorizations.exchange.column_matching import normal
from authorizations.exchange.csv_records import csv_records
from authorizations.exchange.row_reader import (
    FileRefused,
    Line,
    RowRefused,
    decode,
    has_offset,
    label,
    wrong_cell_count,
)
from authorizations.exchange.treatment_cells import CHANGED, to_a_tenth
from authorizations.exchange.treatments_csv import (
    ACTION,
    COLUMNS,
    OPTIONAL,
    ROTATIONS,
    SHIFTS,
)

SYNONYMS = {
    "record_id": "record,record no,record number,tx id,treatment id,session id,id",
    "facility": "site,department,location,clinic",
    "machine": "machine id,linac,unit,treatment unit,treatment machine",
    "date": "treatment date,tx date,date of service,service date,dos",
    "start_time": "start,time,beam on,treatment time,tx time,started",
    "end_time": "end,beam off,finished,stop time",
    "mrn": "medical record number,patient id,patient mrn,pat id",
    "course": "course id,course no,course number,treatment course",
    "fraction": "fx,fraction no,fraction number,fx no",
    "session_of_day": "session,session no,daily session,am pm",
    "delivered": "treated,completed,status,treatment delivered",
    "delivery_code": "cpt,cpt code,procedure,procedure code,code",
    "image_modality": "modality,imaging,image type,igrt,igrt modality",
    "image_time": "image at,imaging time,image acquired",
    "shift_lr_mm": "lr,lat,lateral,shift lr,lr mm,lr cm,lat cm,lat mm,lateral cm,shift lr cm",
    "shift_si_mm": "si,lng,long,longitudinal,shift si,si mm,si cm,lng cm,lng mm,shift si cm",
    "shift_ap_mm": "ap,vrt,vert,vertical,shift ap,ap mm,ap cm,vrt cm,vrt mm,shift ap cm",
    "pitch_deg": "pitch",
    "roll_deg": "roll",
    "yaw_deg": "yaw,rotation,rtn",
    "therapist": "rtt,performed by,therapist name",
    "reviewed_by_npi": "reviewer npi,physician npi,approved by npi,md npi",
    "reviewed_by": "reviewer,approved by,physician,md,reviewed by name",
    "reviewed_at": "approved at,review time,approval time,reviewed on",
    ACTION: "change,operation",
    CHANGED: "modified,last changed,last modified,updated at,modified at",
}
NEEDED = ("record_id", "date", "start_time", "mrn", "course", "fraction", "delivered")
NEEDED_TOO = ("delivery_code", "image_modality")
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
DATES = {
    "iso": ("%Y-%m-%d", r"\d{4}-\d{2}-\d{2}", "2026-11-03"),
    "mdy": ("%m/%d/%Y", r"\d{1,2}/\d{1,2}/\d{4}", "11/03/2026 (month/day/year)"),
    "dmy": ("%d/%m/%Y", r"\d{1,2}/\d{1,2}/\d{4}", "03/11/2026 (day/month/year)"),
    "dotted": ("%d.%m.%Y", r"\d{1,2}\.\d{1,2}\.\d{4}", "03.11.2026"),
    "compact": ("%Y%m%d", r"\d{8}", "20261103"),
}
TWO_DIGIT_YEAR = re.compile(r"^(\d{1,2}[-/.]\d{1,2})([-/.])(\d{2})$", re.ASCII)
AWAY = re.compile(r"\s*(Z|[+-]\d{2}:?\d{2})$", re.ASCII | re.IGNORECASE)  # from Greenwich
TIMES = ("start_time", "end_time", "image_time")
MOMENTS = ("reviewed_at", CHANGED)


@dataclass(frozen=True)
class Mapping:
    """How the files of one facility write what we ask for. ``columns``: ours → their heading."""

    facility: str
    columns: dict[str, str]
    date_format: str = "iso"
    decimal_mark: str = "point"
    delimiter: str = "comma"
    shift_unit: str = "mm"
    yes_words: tuple[str, ...] = ("yes",)
    no_words: tuple[str, ...] = ("no",)
    time_zone: str = "UTC"

    def fits(self, heading: Sequence[str]) -> bool:
        """Whether every heading it names stands in the file."""
        there = {normal(cell) for cell in heading}
        return all(normal(text) in there for text in self.columns.values())


def words(text: str) -> tuple[str, ...]:
    """Words as typed, separated by commas."""
    return tuple(word.strip().lower() for word in text.split(",") if word.strip())


def first_line(text: str, delimiter: str) -> list[str]:
    """The headings of a file under a delimiter."""
    _, cells = next(csv_records(text, delimiter), (1, []))
    return [cell.strip() for cell in cells]


def guess_delimiter(text: str) -> str:
    """The delimiter that cuts the first line into most cells: a suggestion, shown to a person."""
    return max(DELIMITERS, key=lambda name: len(first_line(text, DELIMITERS[name])))


def match_headings(heading: Sequence[str]) -> dict[str, str]:
    """For each of our columns, the heading that seems to be meant; a person confirms it."""
    theirs = {normal(cell): cell for cell in reversed(heading) if cell}
    found: dict[str, str] = {}
    for column in (*COLUMNS, *OPTIONAL):
        names = [normal(column), *(normal(name) for name in SYNONYMS[column].split(","))]
        match = next((theirs[name] for name in names if name in theirs), "")
        if match and match not in found.values():
            found[column] = match
    return found


def wrong_mapping(mapping: Mapping) -> list[str]:
    """What must be put right before files can be read so."""
    missing = [c for c in (*NEEDED, *NEEDED_TOO) if c not in mapping.columns]
    wrong = []
    if missing:
        wrong.append(f"Choose a column for: {', '.join(c.replace('_', ' ') for c in missing)}.")
    for column in SHIFTS:
        said = normal(mapping.columns.get(column, "")).split()
        other = "cm" if mapping.shift_unit == "mm" else "mm"
        if other in said:
            heading = mapping.columns[column]
            wrong.append(f"“{heading}” says {other}: choose that unit for shifts.")
    if set(mapping.yes_words) & set(mapping.no_words):
        wrong.append("A word cannot mean both delivered and not delivered.")
    if not mapping.yes_words:
        wrong.append("Say which word means delivered.")
    return wrong


def read_mapped(content: bytes, mapping: Mapping) -> Iterator[Line | tuple[int, RowRefused]]:
    """The lines of a facility's own file under our columns. Raises FileRefused."""
    text = decode(content)
    delimiter = DELIMITERS[mapping.delimiter]
    heading = first_line(text, delimiter)
    if not mapping.fits(heading):
        raise FileRefused(
            f"The first line lacks columns of the mapping of {mapping.facility}. "
            "Match the columns again on the import page."
        )
    places = {normal(cell): place for place, cell in reversed(list(enumerate(heading)))}
    at = {column: places[normal(theirs)] for column, theirs in mapping.columns.items()}
    records = csv_records(text, delimiter)
    next(records)
    for number, cells in records:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(heading):
            yield number, wrong_cell_count(len(cells), len(heading))
        else:
            yield mapped_line(number, cells, at, mapping)


def mapped_line(
    number: int, cells: list[str], at: dict[str, int], mapping: Mapping
) -> Line | tuple[int, RowRefused]:
    """One line under our columns, each cell as we write it."""
    said = {column: cells[place].strip() for column, place in at.items()}
    ours = dict.fromkeys(COLUMNS, "")
    try:
        for column, text in said.items():
            ours[column] = converted(column, text, mapping) if text else ""
        for column in TIMES:
            ours[column] = clock_of_day(said.get(column, ""), column, ours["date"], mapping)
    except RowRefused as refusal:
        record = said.get("record_id", "")
        return number, RowRefused(refusal.kind, refusal.sentence, record)
    ours["facility"] = ours["facility"] or mapping.facility
    return Line(number, ours)


def converted(column: str, text: str, mapping: Mapping) -> str:
    """A cell as our own export would write it. Raises RowRefused."""
    if column == "date":
        return day_and_clock(text, column, mapping)[0]
    if column in MOMENTS:
        day, clock = day_and_clock(text, column, mapping)
        return f"{day} {as_time(clock, column)[:5]}"
    if column in SHIFTS or column in ROTATIONS:
        return as_measure(text, column, mapping)
    if column == "delivered":
        return as_answer(text, mapping)
    return text.lower() if column == "image_modality" else text


def clock_of_day(text: str, column: str, on: str, mapping: Mapping) -> str:
    """A clock time out of a cell that may hold its day too, which is the day of service."""
    if not split_moment(text)[1]:
        return as_time(text, column) if text else ""
    day, clock = day_and_clock(text, column, mapping)
    if day != on:
        sentence = f"{label(column)} “{shown_text(text)}” is of another day than the treatment."
        raise RowRefused("bad_time", f"{sentence} Correct one of the two dates.")
    return as_time(clock, column)


def day_and_clock(text: str, column: str, mapping: Mapping) -> tuple[str, str]:
    """Day and time of a cell such as “11/03/2026 9:00 AM”, by the facility's own clock.

    A time with its offset from Greenwich, as 2026-11-03T15:00:00Z, is put on that clock.
    """
    written, clock = split_moment(text)
    day = as_date(written, column, mapping)
    if not clock:
        return day, ""
    away = AWAY.search(clock)
    if away is None:
        return day, clock
    plain = as_time(clock[: away.start()], column)
    try:
        moment = read_moment(f"{day} {plain}{away[1].upper()}")
    except Unreadable as error:
        raise RowRefused("bad_time", f"{label(column)} {error}") from error
    there = moment.astimezone(ZoneInfo(mapping.time_zone))
    return there.date().isoformat(), f"{there:%H:%M:%S}"


def as_date(text: str, column: str, mapping: Mapping) -> str:
    """A day written as the mapping says, or with its month's name, which reads in one way only."""
    _, shape, example = DATES[mapping.date_format]
    plain = TWO_DIGIT_YEAR.sub(r"\1\g<2>20\3", text)
    try:
        if not re.fullmatch(shape, plain, re.ASCII) and not any(c.isalpha() for c in text):
            raise Unreadable(text)
        order = "mdy" if mapping.date_format == "mdy" else "dmy"
        return read_written_date(text, order).isoformat()
    except Unreadable as error:
        sentence = (
            f"{label(column)} “{shown_text(text)}” is not written as the mapping of "
            f"{mapping.facility} says: {example}. Correct the cell or the mapping."
        )
        raise RowRefused("bad_date", sentence) from error


def as_time(text: str, column: str) -> str:
    """A clock time of 24 hours, or of 12 with am or pm."""
    try:
        clock = read_written_clock(text)
    except Unreadable as error:
        raise RowRefused("bad_time", wrong_time(text, column)) from error
    return f"{clock:%H:%M:%S}" if clock.second else f"{clock:%H:%M}"


def wrong_time(text: str, column: str) -> str:
    """Why a text is no clock time of the facility."""
    shown = f"{label(column)} “{shown_text(text)}” is not a time"
    if has_offset(text):
        return f"{shown} of the facility: give its day too, or the time on the facility's clock."
    return f"{shown}. Write it as 14:40 or 2:40 PM."


def as_measure(text: str, column: str, mapping: Mapping) -> str:
    """A shift in millimetres or a rotation in degrees, from the mark and unit of the mapping."""
    plain = text.replace(",", ".") if mapping.decimal_mark == "comma" else text
    kind = "bad_shift" if column in SHIFTS else "bad_rotation"
    wrong = mapping.decimal_mark == "comma" and "." in text
    try:
        value = read_decimal("x" if wrong else plain)
    except Unreadable as error:
        mark = "3,7" if mapping.decimal_mark == "comma" else "3.7"
        sentence = (
            f"{label(column)} “{shown_text(text)}” is not a number as the mapping of "
            f"{mapping.facility} writes it, such as {mark}. Correct the cell or the mapping."
        )
        raise RowRefused(kind, sentence) from error
    if column in SHIFTS and mapping.shift_unit == "cm":
        value *= 10
    return to_a_tenth(value)


def as_answer(text: str, mapping: Mapping) -> str:
    word = text.lower()
    if word in mapping.yes_words:
        return "yes"
    if word in mapping.no_words:
        return "no"
    known = ", ".join((*mapping.yes_words, *mapping.no_words))
    sentence = f"Delivered “{shown_text(text)}” is none of the words of the mapping: {known}."
    raise RowRefused("bad_delivered", sentence)
