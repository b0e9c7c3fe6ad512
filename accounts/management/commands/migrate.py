"""Migrate as the owner of the tables, then give the application's role what it may do."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate

from accounts.database_roles import as_owner


class Command(migrate.Command):
    """Django's own, in the name of the owner's role where one is configured."""

    def handle(self, *args: Any, **options: Any) -> None:
        with as_owner(options["database"]):
            super().handle(*args, **options)
