"""One command to look at everything."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, SystemCheckError

from accounts.first_administrator import holds_demo
from accounts.models import Role, User
from config.demo import free_port, serve
from seeds.demo import LOGINS, DemoRefused, load_demo
from seeds.demo.department import refuse_real_people
from seeds.demo.password import read_demo_password, set_demo_passwords


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
        try:
            password = self.make_department()
        except DemoRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        if not options["no_serve"]:
            port = options["port"] or free_port()
            serve(port, lambda: self.announce(port, password))

    def make_department(self) -> str:
        """The books and the people, unless they are there; answers everybody's password."""
        if not holds_demo():
            refuse_real_people()
        call_command("seed", verbosity=0)
        password, is_new = read_demo_password()
        if load_demo(password=password):
            self.stdout.write("A demo department was made: nobody in it is real.")
        elif is_new:
            set_demo_passwords(password)
        return password

    def migrate(self) -> None:
        """Up to date, or told how to begin anew. Raises CommandError."""
        try:
            call_command("migrate", verbosity=0, skip_checks=False)
        except SystemCheckError as error:
            raise CommandError(
                f"{error}\nThis demo department was made by an older version. Nobody in it is "
                "real: remove the folder .local and start again."
            ) from error

    def announce(self, port: int, password: str) -> None:
        """The address, and the demo's logins that are there and may sign in."""
        self.stdout.write(f"\nGuidance Ledger is at http://127.0.0.1:{port}/\n")
        self.stdout.write(f"Everybody's password is {password}\n")
        names = [login[0] for login in LOGINS]
        people = User.objects.filter(username__in=names, is_active=True).order_by("pk")
        for person in people.prefetch_related("memberships"):
            roles = ", ".join(Role(m.role).label for m in person.memberships.all())
            self.stdout.write(f"  {person.username:14} {roles:14} {person}")
        self.stdout.write("\nCtrl+C stops everything.")
        self.stdout.flush()
