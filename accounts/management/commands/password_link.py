"""A new password for an administrator who cannot sign in, from the server."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.first_administrator import AdministratorRefused, propose_password_link
from accounts.password_links import make_password_link


class Command(BaseCommand):
    """Proposes a one-time link, which an administrator confirms; alone, it is printed here."""

    help = (
        "A one-time link with which a person sets a new password. Another administrator confirms "
        "it; where there is none, the link is printed, and that is listed as done alone."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("login")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            change = propose_password_link(options["login"])
        except AdministratorRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        if change.took_effect_alone:
            page = settings.PUBLIC_URL.rstrip("/") + make_password_link(change.person)
            self.stdout.write(f"Once, within a day, and only by {change.person}: {page}")
        else:
            self.stdout.write(f"Proposed: {change.sentence}. An administrator confirms it on Home.")
