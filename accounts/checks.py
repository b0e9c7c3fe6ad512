"""What `migrate` looks at before it begins."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections
from django.db.migrations.loader import MigrationLoader


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
