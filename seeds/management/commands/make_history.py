"""Years of a made-up network, for measuring."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.database.roles import as_owner
from seeds.history import NoPlans, NotEmpty, Size, analyze, make_history


class Command(BaseCommand):
    """Fills an empty department with so many sessions. Never a real one."""

    help = "Make years of made-up sessions in an empty department, to measure with."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--sessions", type=int, default=500_000)
        parser.add_argument("--days", type=int, default=1500, help="Working days they spread over.")
        parser.add_argument("--facilities", type=int, default=10)
        parser.add_argument(
            "--with-history",
            action="store_true",
            help="Of sessions and charges too; twice the size.",
        )
        parser.add_argument("--not-in-debug", action="store_true", help="I know where this runs.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.DEBUG or options["not_in_debug"]):
            raise CommandError("This makes up patients. Run it with DEBUG=1, or --not-in-debug.")
        with as_owner():
            self.make(Size(options["sessions"], options["days"], options["facilities"]), options)

    def make(self, size: Size, options: dict[str, Any]) -> None:
        """Rows and what the planner knows of them, by the owner: triggers are off meanwhile."""
        try:
            make_history(size, with_history=options["with_history"], tell=self.stdout.write)
        except NotEmpty:
            raise CommandError("There are cases here already. Use an empty database.") from None
        except NoPlans:
            raise CommandError(
                "There are no plans to cover anybody. Run manage.py seed first."
            ) from None
        analyze()
