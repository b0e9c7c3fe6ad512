"""A facility's own treatment files: its headings, dates, numbers and words, put into ours.

Nothing is guessed while reading. What the mapping does not say is refused with a sentence.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

from authorizations.exchange.columns import normal
from authorizations.exchange.reading import (
    FileRefused,
    Line,
    RowRefused,
    decode,
    label,
    wrong_cell_count,
)
from authorizations.exchange.treatments_csv import (
    ACTION,
    CHANGED,
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
CLOCK = re.compile(r"(\d{1,2}):?(\d{2})(?::(\d{2}))?\s*([AaPp])?\.?[Mm]?\.?")
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

    def fits(self, heading: Sequence[str]) -> bool:
        """Whether every heading it names stands in the file."""
        there = {normal(cell) for cell in heading}
        return all(normal(text) in there for text in self.columns.values())


def words(text: str) -> tuple[str, ...]:
    """Words as typed, separated by commas."""
    return tuple(word.strip().lower() for word in text.split(",") if word.strip())


def first_line(text: str, delimiter: str) -> list[str]:
    """The headings of a file under a delimiter."""
    try:
        cells = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
    except csv.Error as error:
        raise FileRefused(f"Line 1 cannot be read as CSV: {error}.") from error
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
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        next(reader)
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(heading):
                yield reader.line_num, wrong_cell_count(len(cells), len(heading))
                continue
            yield mapped(reader.line_num, cells, at, mapping)
    except csv.Error as error:
        raise FileRefused(f"Line {reader.line_num} cannot be read as CSV: {error}.") from error


def mapped(
    number: int, cells: list[str], at: dict[str, int], mapping: Mapping
) -> Line | tuple[int, RowRefused]:
    """One line under our columns, each cell as we write it."""
    said = {column: cells[place].strip() for column, place in at.items()}
    ours = dict.fromkeys(COLUMNS, "")
    try:
        for column, text in said.items():
            ours[column] = converted(column, text, mapping) if text else ""
    except RowRefused as refusal:
        record = said.get("record_id", "")
        return number, RowRefused(refusal.kind, refusal.sentence, record)
    ours["facility"] = ours["facility"] or mapping.facility
    return Line(number, ours)


def converted(column: str, text: str, mapping: Mapping) -> str:
    """A cell as our own export would write it. Raises RowRefused."""
    if column == "date":
        return as_date(text.split()[0], column, mapping)
    if column in TIMES:
        return as_time(text.split(maxsplit=1)[1] if has_date(text) else text, column)
    if column in MOMENTS:
        day, _, clock = text.partition(" ")
        return f"{as_date(day, column, mapping)} {as_time(clock, column)[:5]}"
    if column in SHIFTS or column in ROTATIONS:
        return as_measure(text, column, mapping)
    if column == "delivered":
        return as_answer(text, mapping)
    return text.lower() if column == "image_modality" else text


def has_date(text: str) -> bool:
    """Whether a time stands behind its date in one cell."""
    return bool(re.match(r"\d+[-/.]\d+[-/.]\d+ ", text))


def as_date(text: str, column: str, mapping: Mapping) -> str:
    pattern, shape, example = DATES[mapping.date_format]
    try:
        if not re.fullmatch(shape, text):
            raise ValueError(text)
        return datetime.strptime(text, pattern).date().isoformat()  # noqa: DTZ007 - a date
    except ValueError as error:
        sentence = (
            f"{label(column)} “{text}” is not written as the mapping of {mapping.facility} says: "
            f"{example}. Correct the cell or the mapping."
        )
        raise RowRefused("bad_date", sentence) from error


def as_time(text: str, column: str) -> str:
    """A clock time of 24 hours, or of 12 with am or pm."""
    found = CLOCK.fullmatch(text.strip())
    hour = int(found[1]) if found else 99
    half = (found[4] or "").lower() if found else ""
    if half:
        hour = hour % 12 + (12 if half == "p" else 0) if 1 <= hour <= 12 else 99
    if not found or hour > 23 or int(found[2]) > 59 or int(found[3] or 0) > 59:
        sentence = f"{label(column)} “{text}” is not a time. Write it as 14:40 or 2:40 PM."
        raise RowRefused("bad_time", sentence)
    seconds = f":{found[3]}" if found[3] else ""
    return f"{hour:02d}:{found[2]}{seconds}"


def as_measure(text: str, column: str, mapping: Mapping) -> str:
    """A shift in millimetres or a rotation in degrees, from the mark and unit of the mapping."""
    plain = text.replace(",", ".") if mapping.decimal_mark == "comma" else text
    kind = "bad_shift" if column in SHIFTS else "bad_rotation"
    wrong = mapping.decimal_mark == "comma" and "." in text
    try:
        value = Decimal("x" if wrong else plain)
    except InvalidOperation as error:
        mark = "3,7" if mapping.decimal_mark == "comma" else "3.7"
        sentence = (
            f"{label(column)} “{text}” is not a number as the mapping of {mapping.facility} "
            f"writes it, such as {mark}. Correct the cell or the mapping."
        )
        raise RowRefused(kind, sentence) from error
    if column in SHIFTS and mapping.shift_unit == "cm" and value.is_finite():
        value *= 10
    return f"{value.normalize():f}" if value.is_finite() else text


def as_answer(text: str, mapping: Mapping) -> str:
    word = text.lower()
    if word in mapping.yes_words:
        return "yes"
    if word in mapping.no_words:
        return "no"
    known = ", ".join((*mapping.yes_words, *mapping.no_words))
    sentence = f"Delivered “{text}” is none of the words of the mapping: {known}."
    raise RowRefused("bad_delivered", sentence)
