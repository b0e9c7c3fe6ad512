"""A list written as CSV by PostgreSQL itself, byte for byte as Python would write it.

Python spends most of a long download on turning rows into objects and back into text. Here the same
question is asked, and around it each column is said as the text its cell holds.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from datetime import tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import QuerySet

from accounts.exports.column import ExportColumn, Joined, Label, Said
from accounts.exports.csv_writer import DANGEROUS, written

PIECE_BYTES = 2**16
NUMBERS = (models.IntegerField, models.AutoField, models.DecimalField)
SMALLEST_DECIMAL = 6  # of more places Python writes the smallest with an exponent
TEXT = (models.CharField, models.TextField)


def copied(
    rows: QuerySet, columns: Sequence[ExportColumn], zone: tzinfo
) -> Generator[bytes, None, None] | None:
    """The file in pieces; None where a column cannot be said to the database.

    The statement begins with the first piece, when the page has asked all it asks of the same
    connection, and ends with the last or when nobody listens any more. The first piece holds rows:
    what fails at once fails before the answer begins. What fails later breaks the answer off.
    """
    cells = [cell_of(rows, column, f"c{n}", zone) for n, column in enumerate(columns)]
    if len(cells) < 2 or None in cells or not writes_iso_dates():
        return None
    try:
        question = statement(rows, columns, [cell for cell in cells if cell])
    except EmptyResultSet:  # Django knows without asking that there is no row
        return None
    return pieces(question, columns)


def statement(rows: QuerySet, columns: Sequence[ExportColumn], cells: Sequence[Said]) -> str:
    """The list's own question, in its order, and around it the text of each cell."""
    inner, asked = rows.values_list(*(column.path for column in columns)).query.sql_with_params()
    names = ", ".join(f"c{n}" for n in range(len(columns)))
    texts = ", ".join(sql for sql, _ in cells)
    values = [value for _, params in cells for value in params]
    query = f"COPY (SELECT {texts} FROM ({inner}) AS asked({names})) TO STDOUT WITH (FORMAT csv)"  # noqa: S608
    return str(connection.ops.compose_sql(query, (*values, *asked)))


def pieces(question: str, columns: Sequence[ExportColumn]) -> Generator[bytes, None, None]:
    """The heading, then the lines as they come, some thousand at once."""
    out = bytearray(written([[column.heading for column in columns]]).encode())
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(question) as copy,
    ):
        for line in copy:
            out += line[:-1]
            out += b"\r\n"
            if len(out) >= PIECE_BYTES:
                yield bytes(out)
                out.clear()
    yield bytes(out)


def cell_of(rows: QuerySet, column: ExportColumn, name: str, zone: tzinfo) -> Said | None:
    """A column as the text of its cells; None where only Python can write it."""
    field = field_of(rows, column.path)
    if isinstance(column.show, Label):
        return column.show.sql(name) if isinstance(field, TEXT) and column.show.is_plain else None
    if isinstance(column.show, Joined):
        sql, values = column.show.sql(name)
        is_text = isinstance(field, ArrayField) and isinstance(field.base_field, TEXT)
        return (guarded(f"({sql})"), values * guarded("%s").count("%s")) if is_text else None
    return None if column.show else plain(field, name, zone)


def plain(field: models.Field, name: str, zone: tzinfo) -> Said | None:
    """A value that is written as it is: text made safe, numbers and days, moments by the zone."""
    if isinstance(field, TEXT):
        return guarded(name), []
    if isinstance(field, models.DateTimeField):
        key = getattr(zone, "key", None) if isinstance(zone, ZoneInfo) else None
        return (f"date_trunc('second', {name} AT TIME ZONE %s)", [key]) if key else None
    if isinstance(field, models.BooleanField):
        return f"CASE {name} WHEN true THEN 'True' WHEN false THEN 'False' END", []
    if isinstance(field, models.DecimalField) and (field.decimal_places or 0) > SMALLEST_DECIMAL:
        return None
    return (name, []) if isinstance(field, (*NUMBERS, models.DateField)) else None


def guarded(text: str) -> str:
    """Text no spreadsheet runs; what is empty is written as nothing, without quotes."""
    signs = ", ".join(f"chr({ord(sign)})" for sign in DANGEROUS)
    return f"CASE WHEN left({text}, 1) IN ({signs}) THEN '''' || {text} ELSE nullif({text}, '') END"


def field_of(rows: QuerySet, path: str) -> Any:
    """What kind of value stands at the end of a path."""
    query = rows.query
    if path in query.annotations:
        return query.annotations[path].output_field
    field = query.names_to_path(path.split("__"), query.get_meta(), fail_on_missing=True)[1]
    return field.target_field if field.is_relation else field


def writes_iso_dates() -> bool:
    """Whether this connection writes a day as year, month, day; all do unless told otherwise."""
    connection.ensure_connection()
    style = connection.connection.info.parameter_status("DateStyle") or ""
    return style.startswith("ISO")
