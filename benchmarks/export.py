"""A streamed CSV of the charge list beside COPY TO of the same rows, as a ratio (P8 of the goals).

Needs a department with many charges: `manage.py make_history` builds one.
"""

from __future__ import annotations

import os
import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("DEBUG", "1")

ROUNDS, ROWS = 5, 100_000


def main() -> None:
    import django

    django.setup()
    from accounts.exports.csv_writer import csv_pieces
    from accounts.exports.postgres_copy import copied as written_by_database
    from authorizations.charges.tables import ChargeTable
    from authorizations.models import Charge
    from authorizations.web.download_response import cells, workbook

    columns = ChargeTable.exported
    rows = Charge.objects.order_by("date_of_service", "id")[:ROWS]
    headings = [column.heading for column in columns]
    zone = django.utils.timezone.get_current_timezone()
    query = str(rows.values_list(*(column.path for column in columns)).query)

    def streamed() -> int:
        return sum(map(len, written_by_database(rows, columns, zone)))

    def by_python() -> int:
        return sum(len(p.encode()) for p in csv_pieces(headings, cells(rows, columns, zone)))

    def book() -> int:
        with workbook("charges", headings, cells(rows, columns, zone)) as file:
            return file.seek(0, os.SEEK_END)

    floor = median(lambda: copied(query))
    print(f"{rows.count()} charges, {len(columns)} columns, median of {ROUNDS}")
    print(f"COPY TO: {floor * 1000:.0f} ms")
    print(f"CSV:     {median(streamed) / floor:.1f} × COPY, {streamed() / 2**20:.1f} MiB")
    print(f"Python:  {median(by_python) / floor:.1f} × COPY, {by_python() / 2**20:.1f} MiB")
    print(f"xlsx:    {median(book, 1) / floor:.1f} × COPY")
    print(f"memory:  {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB at most")


def median(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    return statistics.median(seconds(work) for _ in range(rounds))


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def copied(query: str) -> int:
    """The same rows by the fastest way PostgreSQL has."""
    from django.db import connection

    connection.ensure_connection()
    with (
        connection.connection.cursor() as cursor,
        cursor.copy(f"COPY ({query}) TO STDOUT WITH CSV") as copy,
    ):
        return sum(len(piece) for piece in copy)


if __name__ == "__main__":
    main()
