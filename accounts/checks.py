"""What `migrate` looks at before it begins, and `check --deploy` in the database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connections
from django.db.migrations.loader import MigrationLoader

from accounts.database_roles import changeable_past
from accounts.log_settings import NO_VALUES_IN_LOG


@register(Tags.database)
def no_database_half_way(*, databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """A database that stopped among steps which are one now and gone: Django would pass it over."""
    return [error for alias in databases or () for error in steps_missing(alias)]


def steps_missing(alias: str) -> Iterable[CheckMessage]:
    """For each app whose old steps were taken in part: which are missing and what to do."""
    loader = MigrationLoader(connections[alias])
    for key, migration in loader.disk_migrations.items():
        missing = [old for old in migration.replaces if old not in loader.applied_migrations]
        is_half_way = 0 < len(missing) < len(migration.replaces)
        is_lost = any(old not in loader.disk_migrations for old in missing)
        if is_half_way and is_lost and key not in loader.applied_migrations:
            yield Error(
                f"The database stands half-way: {named(missing)} never ran.",
                hint=f"Migrate it with the last version that has {named(missing[-1:])}, then again "
                "with this one. Nothing was changed.",
                id="accounts.E001",
            )


def named(keys: Iterable[tuple[str, str]]) -> str:
    return ", ".join(f"{app}.{name}" for app, name in keys)


@register(Tags.database, deploy=True)
def the_application_has_its_own_role(
    *, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """Whether the role the application works as could rewrite the history."""
    return [
        Warning(
            f"The application's database role may change {len(tables)} tables that are written "
            f"once, such as {tables[0]}.",
            hint="Set DATABASE_URL to a role of its own and DATABASE_OWNER_URL to the owner of "
            "the tables, then run migrate: see docs/operations.md.",
            id="accounts.W001",
        )
        for alias in databases or ()
        if (tables := changeable_past(alias))
    ]


@register(Tags.database, deploy=True)
def the_log_keeps_no_values(
    *, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """Whether PostgreSQL would write failing statements, and so patients, into its log."""
    found = []
    for alias in databases or ():
        with connections[alias].cursor() as cursor:
            for name, wanted in NO_VALUES_IN_LOG.items():
                cursor.execute("SELECT current_setting(%s)", [name])
                if cursor.fetchone()[0] not in (wanted, f"{wanted}B"):
                    found.append(name)
    hint = "A superuser sets it once: ALTER DATABASE … SET …: see docs/operations.md."
    return [
        Warning(
            f"PostgreSQL may write patients into its log: {name} is not {NO_VALUES_IN_LOG[name]}.",
            hint=hint,
            id="accounts.W002",
        )
        for name in found
    ]
