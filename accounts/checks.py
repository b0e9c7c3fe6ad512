"""What `check --deploy` looks at in the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import connections

from accounts.database.log_settings import NO_VALUES_IN_LOG
from accounts.database.roles import changeable_past


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
