"""Downloads: a list with its filters, its scope and its order as CSV or as a workbook, streamed."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from typing import IO, Any

from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django_tables2 import RequestConfig
from openpyxl import Workbook

from accounts import clock
from accounts.access_log import record_access
from accounts.models import AccessEvent
from authorizations.exchange.sheets import ROWS_AT_ONCE, csv_pieces, safe
from authorizations.tables.exports import Exported

CSV, XLSX = "csv", "xlsx"
TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
IN_MEMORY_BYTES = 2**20
PIECE_BYTES = 2**16


def asked_kind(request: HttpRequest) -> str:
    """``csv`` or ``xlsx`` when the list is asked for as a file; else nothing."""
    kind = request.GET.get("export", "")
    return kind if kind in TYPES else ""


def download(request: HttpRequest, rows: QuerySet, table: type, name: str) -> StreamingHttpResponse:
    """The rows as the list shows them, all pages of them. Written down before the first leaves."""
    ordered = table(rows)
    RequestConfig(request, paginate=False).configure(ordered)
    rows, columns, kind = ordered.data.data, table.exported, asked_kind(request)
    record_access(request, action=AccessEvent.Action.EXPORT, rows=rows.count())
    lines = cells(rows, columns, timezone.get_current_timezone())
    headings = [column.heading for column in columns]
    if kind == XLSX:
        pieces = read(workbook(name, headings, lines))
    elif clock.known_at():  # the past is open only as long as the page is made
        pieces = read(kept(csv_pieces(headings, lines)))
    else:
        pieces = csv_pieces(headings, lines)
    response = StreamingHttpResponse(pieces, content_type=TYPES[kind])
    disposition = f'attachment; filename="{name}-{clock.today()}.{kind}"'
    response["Content-Disposition"] = disposition
    return response


def cells(rows: QuerySet, columns: Sequence[Exported], zone: tzinfo) -> Iterator[Sequence[object]]:
    """One row of values after another, never all of them in memory."""
    shows = [(place, column.show) for place, column in enumerate(columns) if column.show]
    for found in rows.values_list(*(c.path for c in columns)).iterator(ROWS_AT_ONCE):
        row = list(found)
        for place, show in shows:
            row[place] = show(row[place])
        yield [local(cell, zone) if isinstance(cell, datetime) else cell for cell in row]


def local(moment: datetime, zone: tzinfo) -> datetime:
    """By the facility's clock, without a zone: spreadsheets know none."""
    return moment.astimezone(zone).replace(tzinfo=None, microsecond=0)


def workbook(name: str, headings: Sequence[str], lines: Iterator[Sequence[object]]) -> IO[bytes]:
    """A workbook of one sheet, written row by row into a file that deletes itself."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(name[:31])
    sheet.append(headings)
    for line in lines:
        sheet.append([for_sheet(cell) for cell in line])
    file = tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES)  # noqa: SIM115 – its reader closes it
    book.save(file)
    file.seek(0)
    return file


def for_sheet(value: Any) -> object:
    """A cell that is no formula and holds no character a workbook refuses."""
    return UNPRINTABLE.sub("", safe(value)) if isinstance(value, str) else value


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
