"""New sessions in bulk: COPY into a staging table, then one INSERT … SELECT for each real table.

One path for forty rows and for a hundred thousand. The statements run as ordinary SQL, so that
triggers, constraints and the history see every row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection
from django.db.models import Model
from django.utils import timezone

from accounts.models import User
from authorizations.imports.clinician_lookup import Clinicians
from authorizations.imports.record_changes import RecordChange
from authorizations.imports.record_versions import NOT_NAMED, approved_at, session_values
from authorizations.models import GuidanceSession, ImageReview, ImportedRow, TreatmentRecord
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
    steps: Iterable[RecordChange], by: User, clinicians: Clinicians
) -> dict[str, int]:
    """One session for each step, with the approval its row carries; their numbers by record."""
    columns = ", ".join(STAGED)
    types = ", ".join(f"{name} {kind}" for name, kind in (STAGED | REVIEWED).items())
    session, review = GuidanceSession._meta.db_table, ImageReview._meta.db_table
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(DROP)
        cursor.execute(CREATE.format(types))
        copy_rows(cursor, "staged_treatments", (), staged(steps, clinicians))
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
        count_rows_anew(GuidanceSession, ImageReview)
    return numbers


def count_rows_anew(*models: type[Model]) -> None:
    """Tables that grew at once are joined as if they were small, until they are counted."""
    with connection.cursor() as cursor:
        for model in models:
            cursor.execute(f"ANALYZE {model._meta.db_table}")


def staged(steps: Iterable[RecordChange], clinicians: Clinicians) -> Iterator[tuple[Any, ...]]:
    for step in steps:
        row, facility = step.row, step.facility
        values = session_values(row, facility)
        therapist = clinicians.find(values.pop("therapist"))
        reviewer = reviewer_of(step, clinicians) if row.reviewed else None
        yield (
            step.record,
            step.course.pk,
            facility.pk,
            values.pop("machine"),
            row.date_of_service,
            row.fraction,
            row.session_of_day,
            *values.values(),
            therapist.pk if therapist else None,
            approved_at(row, facility),
            reviewer.pk if reviewer else None,
            *step.review_facts.values(),
        )


def reviewer_of(step: RecordChange, clinicians: Clinicians) -> Any:
    found = clinicians.find(step.row.reviewer, step.row.reviewer_npi)
    return found or clinicians.find(NOT_NAMED)


def copy_rows(
    cursor: Any, table: str, columns: Iterable[str], rows: Iterable[tuple[Any, ...]]
) -> None:
    """Rows into a table by COPY. Made beforehand: nothing else may be asked meanwhile."""
    made = list(rows)
    named = f" ({', '.join(columns)})" if columns else ""
    with cursor.copy(f"COPY {table}{named} FROM STDIN") as copy:
        for row in made:
            copy.write_row(row)


def keep_records(steps: Iterable[RecordChange], by: User) -> None:
    """How each record stands now; one that was known is brought up to date."""
    table, columns = TreatmentRecord._meta.db_table, ", ".join(RECORD_COLUMNS)
    changed = ", ".join(f"{name} = excluded.{name}" for name in RECORD_COLUMNS[1:])
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS staged_records")
        cursor.execute(
            f"CREATE TEMPORARY TABLE staged_records AS SELECT {columns} FROM {table} LIMIT 0"  # noqa: S608
        )
        copy_rows(
            cursor, "staged_records", RECORD_COLUMNS, (record_row(step, by) for step in steps)
        )
        cursor.execute(
            f"INSERT INTO {table} ({columns}, resolution) SELECT {columns}, '' "  # noqa: S608
            f"FROM staged_records ON CONFLICT (record) DO UPDATE SET {changed}, "
            "resolved_at = NULL, resolved_by_id = NULL, resolution = ''"
        )
        cursor.execute("DROP TABLE staged_records")


def record_row(step: RecordChange, by: User) -> tuple[Any, ...]:
    from psycopg.types.json import Jsonb

    return (
        step.record,
        step.said_at,
        step.digest,
        step.standing,
        step.facility.pk,
        step.course.pk if step.course else None,
        step.session,
        step.review_said_at,
        step.is_typed,
        step.channel.pk if step.channel else None,
        None if step.wanted is None else Jsonb(step.wanted),
        step.kind,
        step.sentence[:300],
        by.pk if step.kind == COURSE_ELSEWHERE else step.sent_by,
    )


def keep_lines(lines: Iterable[tuple[Any, ...]]) -> None:
    """What became of each line, in the order of LINE_COLUMNS."""
    with connection.cursor() as cursor:
        copy_rows(cursor, ImportedRow._meta.db_table, LINE_COLUMNS, lines)
