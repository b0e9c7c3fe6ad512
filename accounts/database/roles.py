"""Two roles of the database: the owner makes the tables, the application works in them.

What the application's role may do with each table is declared here and granted after every
migration. What is written once it may write, not change; what triggers write it may only read.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pgtrigger
from django.apps import apps
from django.db import connections, models, transaction
from django.db.backends.utils import CursorWrapper
from django.db.migrations.recorder import MigrationRecorder

from accounts.database.log_settings import NO_VALUES_IN_LOG
from accounts.past.history_views import SCHEMA

READ = ("SELECT",)
WRITE_ONCE = ("SELECT", "INSERT")
WORK = ("SELECT", "INSERT", "UPDATE", "DELETE")
# Written by migrations, by the history's triggers, and once by the bookkeeping pages.
FRAMEWORK = {
    "pghistory.context": READ,
    "contenttypes.contenttype": READ,
    "auth.permission": READ,
    "admin.logentry": WRITE_ONCE,
}


def is_history(model: type[models.Model]) -> bool:
    """Whether its rows are the past of another table's, written by triggers only."""
    return hasattr(model, "pgh_tracked_model")


def is_written_once(model: type[models.Model]) -> bool:
    """Whether a trigger refuses to change or delete its rows."""
    both = (pgtrigger.Update, pgtrigger.Delete)
    return any(
        isinstance(trigger, pgtrigger.Protect) and set(both) <= set(trigger.operation)
        for trigger in getattr(model._meta, "triggers", ())
    )


def privileges_on(model: type[models.Model]) -> tuple[str, ...]:
    """What the application's role may do with a table."""
    if is_history(model):
        return READ
    if model._meta.label_lower in FRAMEWORK:
        return FRAMEWORK[model._meta.label_lower]
    return WRITE_ONCE if is_written_once(model) else WORK


def declared_privileges() -> dict[str, tuple[str, ...]]:
    """Each table of the application with what its role may do there."""
    tables = {
        model._meta.db_table: privileges_on(model)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    }
    return tables | {MigrationRecorder.Migration._meta.db_table: READ}


def application_role(using: str = "default") -> str | None:
    """The role the application works as, where it is another than the owner; else None."""
    return connections[using].settings_dict.get("APPLICATION_ROLE")


@contextmanager
def as_owner(using: str = "default") -> Iterator[None]:
    """Work as the owner of the tables. Does nothing where only one role is configured."""
    connection = connections[using]
    owner = connection.settings_dict.get("OWNER")
    if not owner or connection.in_atomic_block:
        yield
        return
    before = {name: connection.settings_dict[name] for name in owner}
    connection.close()
    connection.settings_dict.update(owner)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)


def grant_privileges(*, using: str = "default", **_: Any) -> None:
    """Give the application's role exactly what is declared, and take away all else."""
    role = application_role(using)
    if not role:
        return
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("SELECT current_user = %s, current_database()", [role])
        is_same, database = cursor.fetchone()
        if is_same:
            return
        quote = connections[using].ops.quote_name
        for statement in statements(cursor, quote(role), quote(database)):
            cursor.execute(statement)
        keep_values_out_of_log(cursor, quote(database))


def statements(cursor: CursorWrapper, role: str, database: str) -> Iterator[str]:
    """The statements that make the role's privileges what is declared."""
    cursor.execute(
        "SELECT quote_ident(current_schema()), to_regnamespace(%s) IS NOT NULL", [SCHEMA]
    )
    schema, has_past = cursor.fetchone()
    yield f"REVOKE ALL ON SCHEMA {schema} FROM PUBLIC, {role}"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM PUBLIC, {role}"
    yield f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA {schema} FROM PUBLIC, {role}"
    yield f"GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {role}"
    yield f"GRANT USAGE ON SCHEMA {schema} TO {role}"
    if has_past:
        yield f"GRANT USAGE ON SCHEMA {SCHEMA} TO {role}"
        yield f"GRANT SELECT ON ALL TABLES IN SCHEMA {SCHEMA} TO {role}"
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
    present = {row[0] for row in cursor.fetchall()}
    for table, allowed in sorted(declared_privileges().items()):
        if table in present:
            yield f'GRANT {", ".join(allowed)} ON {schema}."{table}" TO {role}'
    yield from maintenance(cursor, schema, role, present)


def maintenance(cursor: CursorWrapper, schema: str, role: str, present: set[str]) -> Iterator[str]:
    """From PostgreSQL 17 on a role that is not the owner may be let count rows for the planner."""
    if cursor.connection.info.server_version < 170000:
        return
    for table, allowed in sorted(declared_privileges().items()):
        if table in present and "INSERT" in allowed:
            yield f'GRANT MAINTAIN ON {schema}."{table}" TO {role}'


def keep_values_out_of_log(cursor: CursorWrapper, database: str) -> None:
    """Set for every connection to the database what its owner is allowed to set."""
    cursor.execute(
        "SELECT pg_has_role(datdba, 'USAGE') FROM pg_database WHERE datname = current_database()"
    )
    if not cursor.fetchone()[0]:
        return
    for name, value in NO_VALUES_IN_LOG.items():
        cursor.execute("SELECT has_parameter_privilege(%s, 'SET')", [name])
        if cursor.fetchone()[0]:
            cursor.execute(f"ALTER DATABASE {database} SET {name} = '{value}'")


def changeable_past(using: str = "default") -> list[str]:
    """The tables that are written once and that the role of this connection could change."""
    once = [name for name, allowed in declared_privileges().items() if "UPDATE" not in allowed]
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
            " AND tablename = ANY (%s) AND has_table_privilege("
            "quote_ident(schemaname) || '.' || quote_ident(tablename), 'UPDATE, DELETE, TRUNCATE')"
            " ORDER BY tablename",
            [once],
        )
        return [row[0] for row in cursor.fetchall()]


def owns_tables(using: str = "default") -> bool:
    """Whether the role of this connection may make tables, and owns those that are there."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AND NOT"
            " EXISTS (SELECT 1 FROM pg_class WHERE oid = to_regclass('django_migrations')"
            " AND NOT pg_has_role(relowner, 'USAGE'))"
        )
        return bool(cursor.fetchone()[0])
