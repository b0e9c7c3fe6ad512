"""Make the first administrator, from nothing."""

from __future__ import annotations

import getpass
import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.first_administrator import (
    AdministratorRefused,
    create_first_administrator,
    holds_demo,
    propose_administrator,
)

ASKED = (
    ("username", "Login"),
    ("first_name", "First name"),
    ("last_name", "Last name"),
    ("email", "E-mail (may be empty)"),
)
PASSWORD = "GL_ADMINISTRATOR_PASSWORD"  # noqa: S105 – the name of a variable


class Command(BaseCommand):
    """Asks for what is not given; the password is read from the terminal or the environment."""

    help = (
        "Make the first person who keeps the books and lets others in. The password comes from "
        f"the terminal or from {PASSWORD}, never from the command line."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        for name, label in ASKED:
            parser.add_argument(f"--{name.replace('_', '-')}", dest=name, help=label)
        parser.add_argument(
            "--also",
            action="store_true",
            help="One more; without access until an administrator confirms.",
        )
        parser.add_argument(
            "--into-demo", action="store_true", help="Even where the made-up department is."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if holds_demo() and not options["into_demo"]:
            raise CommandError(
                "This database holds the demo: its people are made up. Use another database, or "
                "remove the folder .local to begin anew."
            )
        try:
            self.stdout.write(self.create(options))
        except AdministratorRefused as refusal:
            raise CommandError(str(refusal)) from refusal

    def create(self, options: dict[str, Any]) -> str:
        """Make or propose the person; answers what comes next."""
        names = {name: asked(options[name], name, label) for name, label in ASKED}
        if options["also"]:
            change = propose_administrator(**names)
            return f"Proposed: {change.sentence}. An administrator confirms it on the Home page."
        person = create_first_administrator(password=asked_password(), **names)
        return (
            f"{person} signs in as {person.username} and keeps the books: Admin adds facilities "
            "and people. Add a second administrator first; until then what you do alone is listed."
        )


def asked(given: str | None, name: str, label: str) -> str:
    """What was given, or what is typed now. Raises CommandError where nobody can be asked."""
    if given is not None:
        return given
    if sys.stdin.isatty():
        return input(f"{label}: ").strip()
    if name == "email":
        return ""
    raise CommandError(f"Give --{name.replace('_', '-')}.")


def asked_password() -> str:
    """From the environment, or typed twice. Raises CommandError."""
    given = os.environ.get(PASSWORD)
    if given:
        return given
    if not sys.stdin.isatty():
        raise CommandError(f"Set {PASSWORD}, or run this in a terminal.")
    first = getpass.getpass("Password (12 characters or more): ")
    if first != getpass.getpass("Once more: "):
        raise CommandError("The two passwords differ. Nothing was made.")
    return first
