"""New sessions in bulk: COPY into a staging table, then one INSERT … SELECT for each real table.

One path for forty rows and for a hundred thousand. The statements run as ordinary SQL, so that
triggers, constraints and the history see every row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any

from django.db import connection
from django.db.models import Model
from django.utils import timezone
from psycopg.types.json import Jsonb

from accounts.models import User
from authorizations.imports.clinician_lookup import Clinicians
from authorizations.imports.record_changes import Outcome, RecordChange, RowResult
from authorizations.imports.record_versions import NOT_NAMED, approved_at, session_values
from authorizations.models import (
    GuidanceSession,
    ImageReview,
    ImportedRow,
    ImportRun,
    TreatmentRecord,
)
from authorizations.models.treatment_records import COURSE_ELSEWHERE

STAGED = {
    "source_record": "varchar(40)",
    "course_id": "bigint",
    "facility_id": "bigint",
    "machine": "varchar(16)",
    "date_of_service": "date",
    "fraction": "smallint",
    "session_of_day": "smallint",
    "started_at": "timestamptz",
    "ended_at": "timestamptz",
    "is_delivered": "boolean",
    "delivery_code": "varchar(5)",
    "modalities": "varchar(24)[]",
    "image_at": "timestamptz",
    "shift_lr_mm": "numeric(4,1)",
    "shift_si_mm": "numeric(4,1)",
    "shift_ap_mm": "numeric(4,1)",
    "pitch_deg": "numeric(4,1)",
    "roll_deg": "numeric(4,1)",
    "yaw_deg": "numeric(4,1)",
    "therapist_id": "bigint",
}
REVIEWED = {
    "reviewed_at": "timestamptz",
    "reviewed_by_id": "bigint",
    "decision": "varchar(12)",
    "source": "varchar(8)",
    "channel_id": "bigint",
}
MANY = 1000  # rows
CREATE = "CREATE TEMPORARY TABLE staged_treatments ({})"
DROP = "DROP TABLE IF EXISTS staged_treatments"
RECORD_COLUMNS = (
    "record",
    "said_at",
    "digest",
    "standing",
    "facility_id",
    "course_id",
    "session_id",
    "review_said_at",
    "is_typed",
    "channel_id",
    "wanted",
    "kind",
    "sentence",
    "sent_by_id",
)
LINE_COLUMNS = ("run_id", "line", "record", "outcome", "kind", "sentence", "session_id", "kept")


def create_sessions(
    changes: Iterable[RecordChange], by: User, clinicians: Clinicians
) -> dict[str, int]:
    """One session for each change, with the approval its row carries; their ids by record."""
    columns = ", ".join(STAGED)
    types = ", ".join(f"{name} {kind}" for name, kind in (STAGED | REVIEWED).items())
    session, review = GuidanceSession._meta.db_table, ImageReview._meta.db_table
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(DROP)
        cursor.execute(CREATE.format(types))
        copy_rows(cursor, "staged_treatments", STAGED | REVIEWED, staged_rows(changes, clinicians))
        cursor.execute(
            f"INSERT INTO {session} ({columns}, recorded_at, recorded_by_id, void_reason) "  # noqa: S608
            f"SELECT {columns}, %s, %s, '' FROM staged_treatments "
            "ORDER BY date_of_service, started_at, source_record RETURNING source_record, id",
            [now, by.pk],
        )
        numbers = dict(cursor.fetchall())
        cursor.execute(
            f"INSERT INTO {review} (session_id, decision, source, channel_id, reviewed_at, "  # noqa: S608
            "reviewed_by_id, note, has_attending_statement, recorded_at, recorded_by_id) "
            "SELECT s.id, t.decision, t.source, t.channel_id, t.reviewed_at, t.reviewed_by_id, "
            "'', false, %s, %s "
            f"FROM staged_treatments t JOIN {session} s USING (source_record) "
            "WHERE t.reviewed_at IS NOT NULL ORDER BY s.id",
            [now, by.pk],
        )
        cursor.execute(DROP)
    if len(numbers) > MANY:
        analyze_tables(GuidanceSession, ImageReview)
    return numbers


def analyze_tables(*models: type[Model]) -> None:
    """Tables that grew at once are joined as if they were small, until they are analyzed."""
    with connection.cursor() as cursor:
        for model in models:
            cursor.execute(f"ANALYZE {model._meta.db_table}")


def staged_rows(
    changes: Iterable[RecordChange], clinicians: Clinicians
) -> Iterator[dict[str, Any]]:
    for change in changes:
        version = change.version
        row, facility = version.row, version.facility
        values = session_values(row, facility)
        therapist = clinicians.find(values.pop("therapist"))
        reviewer = reviewer_of(change, clinicians) if row.reviewed else None
        yield values | {
            "source_record": change.record,
            "course_id": version.course.pk,
            "facility_id": facility.pk,
            "date_of_service": row.date_of_service,
            "fraction": row.fraction,
            "session_of_day": row.session_of_day,
            "therapist_id": therapist.pk if therapist else None,
            "reviewed_at": approved_at(row, facility),
            "reviewed_by_id": reviewer.pk if reviewer else None,
            **change.review_facts,
        }


def reviewer_of(change: RecordChange, clinicians: Clinicians) -> Any:
    row = change.version.row
    return clinicians.find(row.reviewer, row.reviewer_npi) or clinicians.find(NOT_NAMED)


def copy_rows(
    cursor: Any, table: str, columns: Iterable[str], rows: Iterable[Mapping[str, Any]]
) -> None:
    """Rows into a table by COPY, the values by the names of its columns.

    They are made beforehand: no other statement may run meanwhile.
    """
    columns = list(columns)
    values = itemgetter(*columns)
    made = [values(row) for row in rows]
    with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        for row in made:
            copy.write_row(row)


def save_records(changes: Iterable[RecordChange], sessions: Mapping[str, int], by: User) -> None:
    """Save the version of each record that counts; a record that was known is updated."""
    table, columns = TreatmentRecord._meta.db_table, ", ".join(RECORD_COLUMNS)
    changed = ", ".join(f"{name} = excluded.{name}" for name in RECORD_COLUMNS if name != "record")
    rows = (record_row(change, sessions.get(change.record), by) for change in changes)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS staged_records")
        cursor.execute(
            f"CREATE TEMPORARY TABLE staged_records AS SELECT {columns} FROM {table} LIMIT 0"  # noqa: S608
        )
        copy_rows(cursor, "staged_records", RECORD_COLUMNS, rows)
        cursor.execute(
            f"INSERT INTO {table} ({columns}, resolution) SELECT {columns}, '' "  # noqa: S608
            f"FROM staged_records ON CONFLICT (record) DO UPDATE SET {changed}, "
            "resolved_at = NULL, resolved_by_id = NULL, resolution = ''"
        )
        cursor.execute("DROP TABLE staged_records")


def record_row(change: RecordChange, session: int | None, by: User) -> dict[str, Any]:
    version = change.version
    return {
        "record": version.record,
        "said_at": version.reported_at,
        "digest": version.digest,
        "standing": change.status,
        "facility_id": version.facility.pk,
        "course_id": version.course.pk if version.course else None,
        "session_id": session,
        "review_said_at": change.review_reported_at,
        "is_typed": change.is_typed,
        "channel_id": change.channel.pk if change.channel else None,
        "wanted": None if change.wanted is None else Jsonb(change.wanted),
        "kind": change.kind,
        "sentence": change.sentence[:300],
        "sent_by_id": by.pk if change.kind == COURSE_ELSEWHERE else change.sent_by,
    }


def save_results(
    rows: Iterable[RowResult], runs: Sequence[ImportRun], sessions: Mapping[str, int]
) -> None:
    """What became of each line, with the session of its record unless it was refused."""
    results = (
        {
            "run_id": runs[row.file].pk,
            "line": row.line,
            "record": row.record[:40],
            "outcome": row.outcome,
            "kind": row.kind,
            "sentence": row.sentence[:300],
            "session_id": None if row.outcome == Outcome.REFUSED else sessions.get(row.record),
            "kept": row.kept,
        }
        for row in rows
    )
    with connection.cursor() as cursor:
        copy_rows(cursor, ImportedRow._meta.db_table, LINE_COLUMNS, results)
