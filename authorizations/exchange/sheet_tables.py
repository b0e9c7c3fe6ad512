"""Somebody's spreadsheet as rows numbered as people see them, from csv or xlsx."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time

from accounts.exports.csv_writer import DANGEROUS
from accounts.readers import Unreadable
from accounts.workbooks import Bounds
from authorizations.exchange.bounds import refusing_the_unreadable
from authorizations.exchange.column_matching import known_headings
from authorizations.exchange.csv_records import csv_records
from authorizations.exchange.foreign_files import refuse_foreign
from authorizations.exchange.refusals import FileRefused
from authorizations.exchange.row_reader import decode

BOUNDS = Bounds(unpacked_bytes=64 * 1024 * 1024, rows=10_000, columns=200, seconds=10)
SEPARATORS = (",", ";", "\t", "|")
ROWS_ABOVE = 30  # a title, a date, an address may stand above the headings
FEWEST_HEADINGS = 3


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One filled row: its number as a spreadsheet shows it, its cells, and those with no value."""

    number: int
    cells: tuple[str, ...]
    faults: dict[int, str] = field(default_factory=dict)
    is_hidden: bool = False

    def cell(self, place: int | None) -> str:
        """The text at a place; nothing beyond the end of the row."""
        return self.cells[place] if place is not None and place < len(self.cells) else ""


@dataclass(frozen=True, slots=True)
class SheetTable:
    """The filled rows of a sheet. ``name`` and ``names`` are those of a workbook's sheets."""

    lines: list[SheetLine]
    name: str = ""
    names: tuple[str, ...] = ()
    hidden_columns: frozenset[int] = frozenset()

    def heading_number(self) -> int:
        """The row that names most columns we know, among the first; else the first one."""
        first = self.lines[:ROWS_ABOVE]
        best = max(first, key=lambda line: (known_headings(line.cells), -line.number))
        is_heading = known_headings(best.cells) >= FEWEST_HEADINGS
        return (best if is_heading else first[0]).number

    def heading(self, number: int) -> SheetLine:
        """The row of headings with that number. Raises FileRefused where the row is empty."""
        for line in self.lines:
            if line.number == number:
                return line
        raise FileRefused(f"Row {number} is empty. Choose the row that names the columns.")

    def below(self, number: int) -> list[SheetLine]:
        """The rows under the headings, but the headings again where a page began anew."""
        again = [cell.lower() for cell in self.heading(number).cells]
        return [
            line
            for line in self.lines
            if line.number > number and [cell.lower() for cell in line.cells] != again
        ]


def read_sheet_table(content: bytes, name: str, sheet: str = "") -> SheetTable:
    """The rows of a csv, or of the asked or visible sheet of an xlsx. Raises FileRefused."""
    with refusing_the_unreadable():
        refuse_foreign(content)
        if name.lower().endswith((".xlsx", ".xlsm")) or content.startswith(b"PK"):
            table = workbook_table(content, sheet)
        else:
            table = text_table(decode(content))
    if not table.lines:
        raise FileRefused("The file is empty. One of its first rows names the columns.")
    return table


def text_table(text: str) -> SheetTable:
    """The rows of a text, cut by the separator under which its headings are known best."""
    tables = [SheetTable(lines_of_text(text, separator)) for separator in SEPARATORS]
    return max(tables, key=headings_and_width)


def headings_and_width(table: SheetTable) -> tuple[int, int]:
    first = table.lines[:ROWS_ABOVE]
    known = max((known_headings(line.cells) for line in first), default=0)
    return known, max((len(line.cells) for line in first), default=0)


def lines_of_text(text: str, separator: str) -> list[SheetLine]:
    records = csv_records(text, separator)
    stripped = (tuple(unprotected(cell.strip()) for cell in cells) for _, cells in records)
    return [SheetLine(row, cells) for row, cells in enumerate(stripped, 1) if any(cells)]


def unprotected(cell: str) -> str:
    """A cell without the apostrophe that our own files put before what looks like a formula."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(DANGEROUS) else cell


def workbook_table(content: bytes, asked: str) -> SheetTable:
    """The rows of a workbook's sheet; its size is looked at before its cells are."""
    # Loads openpyxl, which most processes never need.
    from accounts.workbook_sheets import Fault, read_sheet

    try:
        sheet = read_sheet(content, BOUNDS, asked)
    except Unreadable as error:
        raise FileRefused(str(error)) from error
    lines = []
    for row in sheet.rows:
        faults = {n: v.sentence for n, v in enumerate(row.values) if isinstance(v, Fault)}
        cells = tuple("" if isinstance(v, Fault) else unprotected(cell_text(v)) for v in row.values)
        if any(cells) or faults:
            lines.append(SheetLine(row.number, cells, faults, row.is_hidden))
    return SheetTable(lines, sheet.name, tuple(sheet.names), frozenset(sheet.hidden_columns))


def cell_text(value: object) -> str:
    """A cell of a workbook as people would type it; a moment keeps its time of day."""
    if isinstance(value, datetime):
        is_day = value.time() == time(0)
        return value.date().isoformat() if is_day else value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M:%S")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).strip()


def with_mended_cells(table: SheetTable, changes: dict[tuple[int, int], str]) -> SheetTable:
    """The table with cells typed anew: by row number and place."""
    lines = []
    for line in table.lines:
        mine = {place: text for (row, place), text in changes.items() if row == line.number}
        if mine:
            width = max(len(line.cells), max(mine) + 1)
            cells = tuple(mine.get(n, line.cell(n)).strip() for n in range(width))
            faults = {n: said for n, said in line.faults.items() if n not in mine}
            line = replace(line, cells=cells, faults=faults)
        lines.append(line)
    return replace(table, lines=lines)


def rows_as_csv(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """Rows as a file that Excel opens and this page reads again."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(heading)
    writer.writerows(rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()
