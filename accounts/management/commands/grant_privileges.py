"""Give the application's database role exactly what it may do; migrate does the same each time."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.database.guards import guard_history
from accounts.database.roles import application_role, as_owner, grant_privileges


class Command(BaseCommand):
    """Can be run again at any time."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        role = application_role()
        if not role:
            raise CommandError(
                "Only one database role is configured. Set DATABASE_OWNER_URL to the address with "
                "the role that owns the tables, and DATABASE_URL to the one of the application."
            )
        with as_owner():
            guard_history()
            grant_privileges()
        self.stdout.write(f"The role {role} may now do what is declared, and nothing else.")
