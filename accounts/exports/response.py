"""Downloads: a table with its filters, scope and order as CSV or as a workbook, streamed."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import IO, Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django_tables2.utils import Accessor
from xlsxwriter import Workbook

from accounts.access_log import record_access
from accounts.exports.column import ExportColumn
from accounts.exports.csv_writer import ROWS_AT_ONCE, csv_pieces, safe
from accounts.exports.postgres_copy import copied
from accounts.models import AccessEvent
from accounts.past import clock

CSV, XLSX = "csv", "xlsx"
TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
COLUMN_WIDTH = 16  # characters
SHEET_OPTIONS = {
    "constant_memory": True,
    "default_date_format": "yyyy-mm-dd",
    "strings_to_formulas": False,
    "strings_to_urls": False,
}
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
IN_MEMORY_BYTES = 2**20
PIECE_BYTES = 2**16
Columns = Sequence[ExportColumn]


@dataclass(frozen=True)
class LazyRows:
    """Rows of a question, each made into what the page shows of it when its turn comes."""

    rows: QuerySet
    make: Callable[[Any], Any]

    def __len__(self) -> int:
        return int(self.rows.count())

    def __iter__(self) -> Iterator[Any]:
        return map(self.make, self.rows.iterator(ROWS_AT_ONCE))


Rows = QuerySet | Sequence[Any] | LazyRows
Tables = Mapping[str, tuple[Columns, Rows]]


def asked_kind(request: HttpRequest) -> str:
    """``csv`` or ``xlsx`` when a table is asked for as a file; else nothing."""
    kind = request.GET.get("export", "")
    return kind if kind in TYPES else ""


def table_file(
    request: HttpRequest,
    tables: Tables,
    about: str = "",
    patient: Any = None,
    on: date | None = None,
) -> StreamingHttpResponse:
    """The table of a page that the address names; the only one needs no name. Raises Http404."""
    name = request.GET.get("table") or next(iter(tables))
    if name not in tables:
        raise Http404
    columns, rows = tables[name]
    return send_table(request, rows, columns, f"{about}-{name}" if about else name, patient, on)


def send_table(
    request: HttpRequest,
    rows: Rows,
    columns: Columns,
    name: str,
    patient: Any = None,
    on: date | None = None,
) -> StreamingHttpResponse:
    """All rows as a file, named after its day. That it is taken is written down first."""
    count = rows.count() if isinstance(rows, QuerySet) else len(rows)
    record_access(request, patient=patient, action=AccessEvent.Action.EXPORT, rows=count)
    kind, zone = asked_kind(request), timezone.get_current_timezone()
    response = StreamingHttpResponse(
        file_pieces(kind, rows, columns, name, zone), content_type=TYPES[kind]
    )
    disposition = f'attachment; filename="{name}-{on or clock.today()}.{kind}"'
    response["Content-Disposition"] = disposition
    return response


def file_pieces(
    kind: str, rows: Rows, columns: Columns, name: str, zone: tzinfo
) -> Iterable[bytes] | Iterable[str]:
    """By the quickest way there is: PostgreSQL writes a CSV of today's rows wherever it can."""
    headings = [column.heading for column in columns]
    if kind == XLSX:
        return read(workbook(name, headings, cells(rows, columns, zone)))
    if clock.known_at():  # the past is open only as long as the page is made
        return read(kept(csv_pieces(headings, cells(rows, columns, zone))))
    quick = copied(rows, columns, zone) if isinstance(rows, QuerySet) else None
    return quick or csv_pieces(headings, cells(rows, columns, zone))


def cells(rows: Rows, columns: Columns, zone: tzinfo) -> Iterator[Sequence[object]]:
    """One row of values after another, never all of them in memory."""
    shows = [(place, column.show) for place, column in enumerate(columns) if column.show]
    for found in values(rows, columns):
        row = list(found)
        for place, show in shows:
            row[place] = show(row[place])
        yield [local(cell, zone) if isinstance(cell, datetime) else cell for cell in row]


def values(rows: Rows, columns: Columns) -> Iterable[Sequence[object]]:
    """The cells of each row as they are remembered: of a question, or of rows already at hand."""
    paths = [column.path for column in columns]
    if isinstance(rows, QuerySet):
        return rows.values_list(*paths).iterator(ROWS_AT_ONCE)
    reads: list[Callable[[Any], Any]] = [Accessor(path).resolve for path in paths]
    return ([read_cell(row) for read_cell in reads] for row in rows)


def local(moment: datetime, zone: tzinfo) -> datetime:
    """By the facility's clock, without a zone: spreadsheets know none."""
    return moment.astimezone(zone).replace(tzinfo=None, microsecond=0)


def workbook(name: str, headings: Sequence[str], lines: Iterator[Sequence[object]]) -> IO[bytes]:
    """A workbook of one sheet, written row by row into a file that deletes itself.

    Its headings stay in sight and filter the rows; dates, times and numbers are such.
    """
    file = tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES)  # noqa: SIM115 – its reader closes it
    with Workbook(file, SHEET_OPTIONS) as book:
        heading = book.add_format({"bold": True, "bottom": 1})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        sheet = book.add_worksheet(name[:31])
        sheet.set_column(0, len(headings) - 1, COLUMN_WIDTH)
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, headings, heading)
        number = 0
        for number, line in enumerate(lines, start=1):
            for place, cell in enumerate(line):
                sheet.write(number, place, for_sheet(cell), *[moment] * isinstance(cell, datetime))
        sheet.autofilter(0, 0, number, len(headings) - 1)
    file.seek(0)
    return file


def for_sheet(value: Any) -> object:
    """A cell that is no formula and holds no character a workbook refuses."""
    return UNPRINTABLE.sub("", str(safe(value))) if isinstance(value, str) else value


def kept(pieces: Iterator[str]) -> IO[bytes]:
    """The whole file, written now."""
    file = tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES)  # noqa: SIM115 – its reader closes it
    for piece in pieces:
        file.write(piece.encode())
    file.seek(0)
    return file


def read(file: IO[bytes]) -> Iterator[bytes]:
    """The file in pieces; it is gone when the last is sent, or when nobody listens any more."""
    with file:
        while piece := file.read(PIECE_BYTES):
            yield piece
