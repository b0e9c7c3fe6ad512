"""The rows of a spreadsheet under our columns: dates, codes and words written as we write them.

Nothing is guessed: a column whose dates read in two ways waits for the person's choice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from accounts.readers import Unreadable, shown_text
from accounts.written_dates import (
    needs_order,
    order_of,
    read_written_clock,
    read_written_date,
    split_moment,
)
from authorizations.exchange.column_matching import MAY_BE_MISSING, SHEET, normal
from authorizations.exchange.refusals import FileRefused, RowRefused
from authorizations.exchange.row_reader import Line, label
from authorizations.exchange.sheet_tables import SheetLine, SheetTable

DATES = ("submitted_on", "decided_on", "valid_from", "valid_through")
Places = Mapping[str, int | None]
CODE_AND_MODIFIER = re.compile(r"([0-9A-Za-z]{5})\s*[-–/ ]\s*([0-9A-Za-z]{2})")
WORDS = {
    "status": {
        "submitted": "submitted,pending,in process,in progress,requested,sent,in review,open",
        "pended": "pended,pend,more info needed,additional info requested,info requested",
        "approved": "approved,auth,authorized,auth d,approve,granted,certified,approved in full",
        "partially_approved": (
            "partially approved,partial,partial approval,partially,modified,reduced,"
            "approved with changes"
        ),
        "denied": "denied,denial,deny,declined,not approved,adverse,rejected",
    },
    "urgency": {
        "standard": "standard,routine,normal,std,non urgent",
        "expedited": "expedited,urgent,stat,rush,exp",
    },
    "evidence": {
        "letter": "letter,approval letter,fax,mail,faxed letter",
        "portal": "portal,website,web,online,portal print,screenshot",
        "phone": "phone,call,telephone,verbal,by phone",
        "none": "none,no,pending",
    },
}
MEANING = {
    column: {normal(name): word for word, names in words.items() for name in names.split(",")}
    for column, words in WORDS.items()
}


@dataclass(frozen=True)
class SheetReading:
    """How a sheet is read: its row of headings, our columns in it, the order of its dates.

    ``words`` are what this department writes for our words, by column, as a person matched them.
    """

    heading: int
    places: Places
    order: str = ""
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def our_rows(table: SheetTable, reading: SheetReading) -> Iterator[Line | tuple[int, RowRefused]]:
    """Each row under our columns, or its refusal. Raises FileRefused for a missing column."""
    check_places(reading.places)
    lines = table.below(reading.heading)
    orders = orders_of(lines, reading)
    for line in lines:
        try:
            yield our_row(line, reading, orders)
        except RowRefused as refusal:
            yield line.number, refusal


def check_places(places: Places) -> None:
    """Raise FileRefused when a needed column has no place."""
    missing = [
        column.replace("_", " ")
        for column in SHEET.columns
        if places.get(column) is None and column not in MAY_BE_MISSING
    ]
    if missing:
        raise FileRefused(f"No column is chosen for: {', '.join(missing)}.")


def orders_of(lines: list[SheetLine], reading: SheetReading) -> dict[str, str]:
    """The order of the dates of each column: as chosen, else as the column or the sheet shows."""
    if reading.order:
        return dict.fromkeys(DATES, reading.order)
    own = {
        column: order_of(line.cell(reading.places.get(column)) for line in lines)
        for column in DATES
    }
    decided = set(own.values()) - {""}
    shared = decided.pop() if len(decided) == 1 else ""
    return {column: order or shared for column, order in own.items()}


def is_order_unknown(table: SheetTable, reading: SheetReading) -> bool:
    """Whether some date of the sheet reads in two ways and nothing in it decides."""
    lines = table.below(reading.heading)
    orders = orders_of(lines, reading)
    return any(
        not orders[column] and needs_order(line.cell(reading.places.get(column)))
        for column in DATES
        for line in lines
    )


def our_row(line: SheetLine, reading: SheetReading, orders: Mapping[str, str]) -> Line:
    """A row as our own export would write it. Raises RowRefused, naming cell and value."""
    ours: dict[str, str] = {}
    for column in SHEET.columns:
        place = reading.places.get(column)
        if place in line.faults:
            raise RowRefused("bad_cell", f"{label(column)}: {line.faults[place]}.")
        text = line.cell(place)
        ours[column] = in_our_words(column, text, reading, orders.get(column, ""))
    split_code(ours)
    return Line(line.number, ours)


def in_our_words(column: str, text: str, reading: SheetReading, order: str) -> str:
    if not text:
        return MAY_BE_MISSING.get(column, "")
    if column in DATES:
        return day_of(text, column, order)
    if column in MEANING:
        word = normal(text)
        learned = reading.words.get(column, {})
        return learned.get(word) or MEANING[column].get(word, text)
    return text


def day_of(text: str, column: str, order: str) -> str:
    """A date as 2026-11-20; the time of day stays where a request was submitted."""
    day, clock = split_moment(text)
    try:
        written = read_written_date(day, order).isoformat()
        if column != "submitted_on" or not clock:
            return written
        return f"{written} {read_written_clock(clock):%H:%M}"
    except Unreadable as error:
        raise RowRefused("bad_date", f"{label(column)} {error}") from error


def split_code(ours: dict[str, str]) -> None:
    """Part “77387-26” into code and modifier. Raises RowRefused where two modifiers differ."""
    found = CODE_AND_MODIFIER.fullmatch(ours["code"])
    if found is None:
        return
    code, modifier = found[1], found[2].upper()
    if ours["modifier"] and ours["modifier"].upper() != modifier:
        sentence = (
            f"Code “{shown_text(ours['code'])}” says modifier {modifier} and its own column says "
            f"“{shown_text(ours['modifier'])}”. Correct one of the two."
        )
        raise RowRefused("bad_modifier", sentence)
    ours["code"], ours["modifier"] = code, modifier
