"""Django's own command, by which somebody at the server would know another's password."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """Says which command gives a person the link to a new password, whatever it is given."""

    help = "Not used here: run password_link."

    def run_from_argv(self, argv: list[str]) -> None:
        super().run_from_argv(argv[:2])

    def handle(self, *args: Any, **options: Any) -> None:
        raise CommandError(
            "Nobody sets another person's password here. Run: manage.py password_link LOGIN"
        )
