"""Django's own command, which would make an account that opens nothing here."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """Says which command makes the first administrator, whatever it is given."""

    help = "Not used here: run create_administrator."

    def run_from_argv(self, argv: list[str]) -> None:
        super().run_from_argv(argv[:2])

    def handle(self, *args: Any, **options: Any) -> None:
        raise CommandError(
            "Roles decide who opens what here, not superusers. Run: manage.py create_administrator"
        )
