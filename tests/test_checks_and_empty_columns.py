"""No CHECK of the database lets a row pass because a column is empty.

A CHECK refuses only what is false: where it is unknown, as ``3 <= NULL`` is, the row passes. So
each is asked about rows of all kinds, with every column that may be empty also empty.
"""

from __future__ import annotations

import re

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db
SAMPLES = {
    "integer": "0, 1, 3",
    "bigint": "0, 1, 3",
    "smallint": "0, 1, 3",
    "boolean": "true, false",
    "date": "'2026-01-01', '2026-06-01'",
    "timestamp with time zone": "'2026-01-01', '2026-06-01'",
    "numeric": "0, 7",
    "jsonb": "'{}'",
}
# Django's own on every number that is not negative: an empty one is the field's business.
OF_THE_FIELD = re.compile(r"^CHECK \(\((\w+) >= 0\)\)$")


def checks() -> list[tuple[str, str, str, list[tuple[str, str, bool]]]]:
    """Table, name, definition and columns (name, type, may be empty) of each CHECK with a column
    that may be empty.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.conrelid::regclass::text, c.conname, pg_get_constraintdef(c.oid),"
            " json_agg(json_build_array(a.attname, format_type(a.atttypid, NULL),"
            " NOT a.attnotnull) ORDER BY a.attnum)"
            " FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid"
            " AND a.attnum = ANY (c.conkey) WHERE c.contype = 'c' AND"
            " c.connamespace = 'public'::regnamespace GROUP BY c.oid"
            " HAVING bool_or(NOT a.attnotnull) ORDER BY 1, 2"
        )
        return [row for row in cursor.fetchall() if not OF_THE_FIELD.match(row[2])]


def samples(kind: str, definition: str) -> str:
    """Values of a column: some of its kind, or the texts that the CHECK speaks of and another."""
    if kind.endswith("[]"):
        return f"'{{}}'::{kind}"
    if kind in SAMPLES:
        return SAMPLES[kind]
    texts = {"", "another", *re.findall(r"'([^']*)'::character varying", definition)}
    return ", ".join(f"'{text}'" for text in sorted(texts))


def unknown_rows(definition: str, columns: list[tuple[str, str, bool]]) -> list[tuple]:
    """Rows for which the CHECK is neither true nor false."""
    sources = [
        f"(SELECT unnest(ARRAY[{samples(kind, definition)}]::{kind}[]) AS {name}"
        + (f" UNION ALL SELECT NULL::{kind})" if may_be_empty else ")")
        + f" AS of_{name}"
        for name, kind, may_be_empty in columns
        if not kind.endswith("[]")
    ] + [
        f"(SELECT '{{}}'::{kind} AS {name}) AS of_{name}"
        for name, kind, _ in columns
        if kind.endswith("[]")
    ]
    expression = definition.removeprefix("CHECK ")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {' CROSS JOIN '.join(sources)} WHERE {expression} IS NULL")
        return cursor.fetchall()


def test_no_check_is_unknown_for_any_row():
    found = checks()
    assert len(found) > 50
    blind = {
        name: rows[:2]
        for _, name, definition, columns in found
        if (rows := unknown_rows(definition, columns))
    }
    assert blind == {}


@pytest.mark.parametrize(
    ("definition", "is_blind"),
    [
        ("CHECK ((used = 0) OR (used <= approved))", True),
        ("CHECK ((used <= COALESCE(approved, 0)))", False),
    ],
)
def test_the_test_knows_a_blind_check(definition, is_blind):
    columns = [("used", "integer", False), ("approved", "integer", True)]
    assert bool(unknown_rows(definition, columns)) is is_blind
