"""One command to look at everything."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, SystemCheckError

from config.demo import free_port, serve
from seeds.demo import LOGINS, PASSWORD, load_demo


class Command(BaseCommand):
    """Makes the database, the books and a made-up department, and serves them on this machine."""

    help = "Migrate, load the books and a demo department, serve, and print the logins."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=0, help="A fixed port; else the next free.")
        parser.add_argument("--no-serve", action="store_true", help="Only make the department.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError(
                "The demo is for looking around on your own machine: run it with DEBUG=1 and "
                "without DATABASE_URL, or with the address of an empty database."
            )
        self.migrate()
        call_command("seed", verbosity=0)
        if load_demo():
            self.stdout.write("A demo department was made: nobody in it is real.")
        if not options["no_serve"]:
            port = options["port"] or free_port()
            serve(port, lambda: self.announce(port))

    def migrate(self) -> None:
        """Up to date, or told how to begin anew. Raises CommandError."""
        try:
            call_command("migrate", verbosity=0, skip_checks=False)
        except SystemCheckError as error:
            raise CommandError(
                f"{error}\nThis demo department was made by an older version. Nobody in it is "
                "real: remove the folder .local and start again."
            ) from error

    def announce(self, port: int) -> None:
        """The address and one login for each role."""
        self.stdout.write(f"\nGuidance Ledger is at http://127.0.0.1:{port}/\n")
        self.stdout.write(f"Everybody's password is {PASSWORD}\n")
        for username, role, first, last in LOGINS:
            self.stdout.write(f"  {username:14} {role.label:14} {first} {last}")
        self.stdout.write("\nCtrl+C stops everything.")
        self.stdout.flush()
