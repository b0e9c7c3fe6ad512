"""The sheet of a workbook that people see: which one, its rows by number, and what is no value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from openpyxl.worksheet._reader import FORMULA_TAG, WorkSheetParser

from accounts.readers import Unreadable, shown_text
from accounts.workbooks import Bounds, TimedArchive, check_members, check_row, opened, reading

LARGEST_WHOLE = 10**15  # Excel keeps 15 digits of a number and writes noughts for the others
LONG = (
    "the cell holds a number of more than 15 digits, of which Excel keeps 15. Format the column "
    "as text and type the number again"
)
NO_RESULT = (
    "the cell holds a formula without a result. Open the workbook in Excel and save it, or paste "
    "the values"
)
COVERED = "the cell is merged with others. Unmerge it and fill each"


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell that holds no value, and the sentence why."""

    sentence: str


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row as the person sees it: its number, its values, and whether it is hidden."""

    number: int
    values: tuple[object, ...]
    is_hidden: bool = False


@dataclass
class Sheet:
    """A sheet with its name, the names of all visible ones, and its filled rows."""

    name: str
    names: list[str]
    rows: list[SheetRow]
    hidden_columns: set[int] = field(default_factory=set)


class Parser(WorkSheetParser):  # type: ignore[misc]
    """Reads the cells of a sheet; what is no value becomes its Fault."""

    def parse_cell(self, element: Any) -> Any:
        has_formula = element.find(FORMULA_TAG) is not None
        cell = super().parse_cell(element)
        cell["value"] = value_or_fault(cell["value"], cell["data_type"], has_formula=has_formula)
        return cell


def value_or_fault(value: object, data_type: str, *, has_formula: bool) -> object:
    """The value of a cell, or why it has none."""
    if data_type == "e":
        return Fault(f"the cell shows the error {shown_text(str(value))}. Correct it in the sheet")
    if value is None and has_formula and data_type != "str":
        return Fault(NO_RESULT)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number and abs(value) >= LARGEST_WHOLE:  # type: ignore[arg-type]
        return Fault(LONG)
    return value


def read_sheet(content: bytes, bounds: Bounds, asked: str = "") -> Sheet:
    """The asked sheet, else the active one that is visible. Raises Unreadable with a sentence."""
    check_members(content, bounds)
    with reading(content, bounds) as archive:
        book = opened(archive)
        shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if not shown:
            raise Unreadable("Every sheet of this workbook is hidden. Show the one to be read.")
        active = book.active if book.active in shown else shown[0]
        chosen = next((sheet for sheet in shown if sheet.title == asked), active)
        parser = parser_of(book, chosen)
        rows = list(filled_rows(parser, archive, bounds))
    hidden = hidden_columns(parser.column_dimensions)
    return Sheet(chosen.title, [s.title for s in shown], merged(rows, parser.merged_cells), hidden)


def parser_of(book: Any, sheet: Any) -> Parser:
    return Parser(
        sheet._get_source(),
        sheet._shared_strings,
        data_only=True,
        epoch=book.epoch,
        date_formats=book._date_formats,
        timedelta_formats=book._timedelta_formats,
    )


def filled_rows(parser: Parser, archive: TimedArchive, bounds: Bounds) -> Iterator[SheetRow]:
    """The rows that hold something, in their order, within the bounds."""
    for number, cells in parser.parse():
        width = max((cell["column"] for cell in cells), default=0)
        values: list[object] = [None] * min(width, bounds.columns + 1)
        for cell in cells:
            if cell["column"] <= len(values):
                values[cell["column"] - 1] = cell["value"]
        check_row(tuple(values) if width <= bounds.columns else (None,) * width, number, bounds)
        archive.check_time()
        attributes = parser.row_dimensions.pop(str(number), {})
        if any(value not in (None, "") for value in values):
            is_hidden = attributes.get("hidden") in ("1", "true")
            yield SheetRow(number, tuple(values), is_hidden)


def hidden_columns(dimensions: dict[str, Any]) -> set[int]:
    """The places, counted from 0, of the columns that nobody sees."""
    found: set[int] = set()
    for column in dimensions.values():
        if column.get("hidden") in ("1", "true"):
            found |= set(range(int(column["min"]) - 1, min(int(column["max"]), 1000)))
    return found


def merged(rows: Sequence[SheetRow], ranges: Any) -> list[SheetRow]:
    """The rows, where each cell that a merged one covers says so.

    A title merged across its own row hides no value and stays as it is.
    """
    tall = [area for area in (ranges.mergeCell if ranges else ()) if area.min_row < area.max_row]
    return [covered(row, tall) for row in rows] if tall else list(rows)


def covered(row: SheetRow, areas: Sequence[Any]) -> SheetRow:
    """A row whose cells under a merged one of a row above are faults."""
    values = list(row.values)
    for area in areas:
        if area.min_row < row.number <= area.max_row:
            for place in range(area.min_col - 1, min(area.max_col, len(values))):
                values[place] = Fault(COVERED)
    return SheetRow(row.number, tuple(values), row.is_hidden)
