"""Migrate as the owner of the tables, then give the application's role what it may do."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections

from accounts.database.roles import as_owner, owns_tables


class Command(migrate.Command):
    """Django's own, in the name of the owner's role where one is configured."""

    def handle(self, *args: Any, **options: Any) -> None:
        using = options["database"]
        with as_owner(using):
            if not owns_tables(using):
                role = connections[using].settings_dict["USER"]
                raise CommandError(
                    f"The database role {role or 'of this connection'} does not own the tables "
                    "and may make none. Set DATABASE_OWNER_URL to the address with the role that "
                    "does; nothing was changed."
                )
            super().handle(*args, **options)
