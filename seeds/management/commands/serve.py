"""Serve a department of one's own on this machine, to look at it."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.administrators import administrators
from config.demo import free_port, serve


class Command(BaseCommand):
    """For this machine only; docs/operations.md says how a server of many people runs."""

    help = "Serve this database on this machine, without the demo."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=0, help="A fixed port; else the next free.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("On a server: gunicorn config.wsgi, as docs/operations.md says.")
        if not administrators().exists():
            raise CommandError(
                "Nobody could sign in: there is no administrator. Run first: "
                "manage.py create_administrator"
            )
        port = options["port"] or free_port()
        serve(port, lambda: self.announce(port))

    def announce(self, port: int) -> None:
        self.stdout.write(f"\nGuidance Ledger is at http://127.0.0.1:{port}/\n")
        self.stdout.write("Ctrl+C stops everything.")
        self.stdout.flush()
