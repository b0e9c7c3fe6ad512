"""Matching the columns of somebody's spreadsheet with ours, and reading it as csv or xlsx."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from accounts.readers import Unreadable
from accounts.workbooks import Bounds, workbook_rows
from authorizations.exchange.bounds import refusing_the_unreadable
from authorizations.exchange.csv_records import csv_records
from authorizations.exchange.department_csv import TABLES
from authorizations.exchange.row_reader import FileRefused, decode

SHEET = next(table for table in TABLES if table.name == "authorizations.csv")
SYNONYMS = {
    "authorization_number": "auth number,authorization,auth no,auth id,reference number,approval",
    "mrn": "medical record number,patient id,patient mrn",
    "course": "course number,course id,treatment course",
    "plan": "plan code,insurance plan,insurance",
    "facility": "site,location,department",
    "status": "auth status,determination",
    "urgency": "priority",
    "submitted_on": "submitted,date submitted,requested on,request date",
    "decided_on": "decided,decision date,determination date",
    "code": "cpt,cpt code,hcpcs,procedure,procedure code",
    "modifier": "mod,modifiers",
    "units_requested": "requested,units asked,requested units",
    "units_approved": "approved,approved units,units",
    "valid_from": "from,start,start date,effective from,valid start",
    "valid_through": "through,to,end,end date,expires,expiration,valid to,valid end",
    "evidence": "proof,document",
    "notes": "note,comment,comments,remarks",
}
MAY_BE_MISSING = {"urgency": "standard", "modifier": "", "notes": "", "evidence": "none"}
Cells = list[list[str]]
BOUNDS = Bounds(unpacked_bytes=64 * 1024 * 1024, rows=10_000, columns=200, seconds=10)


def read_cells(content: bytes, name: str) -> Cells:
    """The lines of a csv or of the first sheet of an xlsx. Raises FileRefused."""
    with refusing_the_unreadable():
        return cells_of_file(content, name)


def cells_of_file(content: bytes, name: str) -> Cells:
    if name.lower().endswith((".xlsx", ".xlsm")) or content.startswith(b"PK"):
        return excel_cells(content)
    records = csv_records(decode(content))
    return [[cell.strip() for cell in cells] for _, cells in records if any(cells)]


def excel_cells(content: bytes) -> Cells:
    """The first sheet of a workbook; its size is looked at before its cells are."""
    try:
        rows = [[cell_text(value) for value in row] for row in workbook_rows(content, BOUNDS)]
    except Unreadable as error:
        raise FileRefused(str(error)) from error
    return [row for row in rows if any(row)]


def cell_text(value: object) -> str:
    """A cell of a workbook as people would type it."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).strip()


def normal(text: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9]+", " ", text.lower()).split())


def match_columns(heading: Sequence[str]) -> dict[str, int | None]:
    """For each of our columns, where it stands in theirs; None where nothing fits."""
    theirs = {normal(cell): place for place, cell in reversed(list(enumerate(heading)))}
    found: dict[str, int | None] = {}
    for column in SHEET.columns:
        names = [normal(column), *(normal(name) for name in SYNONYMS[column].split(","))]
        found[column] = next((theirs[name] for name in names if name in theirs), None)
    return found


def as_our_csv(cells: Cells, places: Mapping[str, int | None]) -> bytes:
    """The sheet under our headings. Raises FileRefused when a needed column has no place."""
    if not cells:
        raise FileRefused("The file is empty. Its first line names the columns.")
    missing = [
        column
        for column in SHEET.columns
        if places.get(column) is None and column not in MAY_BE_MISSING
    ]
    if missing:
        names = ", ".join(column.replace("_", " ") for column in missing)
        raise FileRefused(f"No column is chosen for: {names}.")
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(SHEET.columns)
    for line in cells[1:]:
        writer.writerow([cell_of(line, places.get(column), column) for column in SHEET.columns])
    return out.getvalue().encode()


def cell_of(line: list[str], place: int | None, column: str) -> str:
    if place is None or place >= len(line):
        return MAY_BE_MISSING.get(column, "")
    return line[place] or MAY_BE_MISSING.get(column, "")
