"""How the page asks for a sheet to be read: sheet, headings, columns, dates, words, cells."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.http import QueryDict

from accounts.readers import Unreadable, read_whole_number
from authorizations.exchange.column_matching import SHEET, match_columns, normal
from authorizations.exchange.sheet_rows import MEANING, WORDS, SheetReading
from authorizations.exchange.sheet_tables import SheetTable, read_sheet_table, with_mended_cells
from authorizations.models import DateOrder
from authorizations.web.file_store import NotStored as NotStored

CELL = re.compile(r"cell-([0-9]{1,6})-([0-9]{1,4})", re.ASCII)
MOST_PLACES = 200
CHANGES = "changes.json"  # stands beside the file under one ticket
ORDERS = dict(DateOrder.choices)
Changes = dict[str, str]  # by sheet, row and place, written in one key
Files = list[tuple[str, bytes]]


@dataclass(frozen=True)
class SavedMatch:
    """What was matched before for sheets with these headings."""

    columns: Mapping[str, str]
    order: str
    words: Mapping[str, Mapping[str, str]]

    def fits(self, heading: tuple[str, ...]) -> bool:
        """Whether every heading it names stands in the sheet."""
        there = {normal(cell) for cell in heading}
        return bool(self.columns) and all(normal(text) in there for text in self.columns.values())

    def places(self, heading: tuple[str, ...]) -> dict[str, int | None]:
        at = {normal(cell): place for place, cell in reversed(list(enumerate(heading)))}
        return {
            column: at.get(normal(self.columns[column])) if column in self.columns else None
            for column in SHEET.columns
        }


@dataclass(frozen=True)
class AskedSheet:
    """A table with the cells mended in it, how it is read, and what was typed into it."""

    table: SheetTable
    reading: SheetReading
    changes: Changes
    is_changed: bool = False  # something was typed that is not stored yet


def sheet_as_asked(files: Files, asked: QueryDict, saved: list[SavedMatch]) -> AskedSheet:
    """The sheet as the page asks for it. Raises FileRefused."""
    name, content = files[0]
    table = read_sheet_table(content, name, asked.get("sheet", ""))
    stored = stored_changes(files)
    table = with_mended_cells(table, changes_of(stored, table.name))
    typed = typed_changes(asked, table)
    changes = stored | {key_of(table.name, *place): text for place, text in typed.items()}
    table = with_mended_cells(table, typed)
    return AskedSheet(table, asked_reading(table, asked, saved), changes, bool(typed))


def asked_reading(table: SheetTable, asked: QueryDict, saved: list[SavedMatch]) -> SheetReading:
    """The headings and columns chosen on the page, else those saved, else those that fit."""
    number = asked_heading(table, asked)
    cells = table.heading(number).cells
    is_same = (asked.get("read_sheet"), asked.get("read_heading")) == (table.name, str(number))
    if is_same:
        places = asked_places(asked, len(cells))
        return SheetReading(number, places, asked_order(asked), asked_words(asked))
    fitting = next((match for match in saved if match.fits(cells)), None)
    if fitting:
        return SheetReading(number, fitting.places(cells), fitting.order, fitting.words)
    return SheetReading(number, match_columns(cells), asked_order(asked), {})


def asked_heading(table: SheetTable, asked: QueryDict) -> int:
    """The row of headings: as chosen for this sheet, else the one found."""
    if asked.get("read_sheet") != table.name:
        return table.heading_number()
    try:
        number = read_whole_number(asked.get("heading", ""), smallest=1, largest=10_000)
    except Unreadable:
        return table.heading_number()
    return number


def asked_order(asked: QueryDict) -> str:
    order = asked.get("order", "")
    return order if order in ORDERS else ""


def asked_places(asked: QueryDict, count: int) -> dict[str, int | None]:
    """Which of their columns was chosen for each of ours."""
    known = {str(place): place for place in range(count)}
    return {column: known.get(asked.get(f"column-{column}", "")) for column in SHEET.columns}


def asked_words(asked: QueryDict) -> dict[str, dict[str, str]]:
    """What their words mean, as chosen: by column, their word as compared and ours."""
    found: dict[str, dict[str, str]] = {}
    for name in asked:
        kind, _, rest = name.partition(":")
        column, _, word = rest.partition(":")
        ours = str(asked[name])
        if kind == "word" and column in WORDS and ours in WORDS[column]:
            found.setdefault(column, {})[normal(word)] = ours
    return found


def unknown_words(asked: AskedSheet) -> list[tuple[str, str, str]]:
    """Their words that mean none of ours yet, or were given a meaning: column, word, meaning."""
    reading = asked.reading
    found: dict[tuple[str, str], str] = {}
    for line in asked.table.below(reading.heading):
        for column in WORDS:
            word = normal(line.cell(reading.places.get(column)))
            if word and word not in MEANING[column] and not is_our_word(column, word):
                found[column, word] = reading.words.get(column, {}).get(word, "")
    return [(column, word, meaning) for (column, word), meaning in found.items()]


def is_our_word(column: str, word: str) -> bool:
    return word in {normal(ours) for ours in WORDS[column]}


def typed_changes(asked: QueryDict, table: SheetTable) -> dict[tuple[int, int], str]:
    """The cells typed on the page that differ from the table: by row number and place."""
    lines = {line.number: line for line in table.lines}
    found: dict[tuple[int, int], str] = {}
    for name in asked:
        cell = CELL.fullmatch(name)
        if cell is None:
            continue
        row, place = int(cell[1]), int(cell[2])
        text = str(asked[name]).strip()
        if row in lines and place < MOST_PLACES and text != lines[row].cell(place):
            found[row, place] = text
    return found


def key_of(sheet: str, row: int, place: int) -> str:
    return f"{row}-{place}-{sheet}"


def changes_of(changes: Changes, sheet: str) -> dict[tuple[int, int], str]:
    """What was typed into that sheet before."""
    found = {}
    for key, text in changes.items():
        row, place, name = key.split("-", 2)
        if name == sheet:
            found[int(row), int(place)] = text
    return found


def stored_changes(files: Files) -> Changes:
    """What the ticket's files have as typed before; the first of them is the sheet itself."""
    return next((json.loads(content) for name, content in files[1:] if name == CHANGES), {})


def with_changes(files: Files, changes: Changes) -> Files:
    """The files to be set aside again with what was typed."""
    return [files[0], (CHANGES, json.dumps(changes).encode())]
