"""Load the published books."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from seeds.reference import SeedRefused, load_reference


class Command(BaseCommand):
    """Loads codes, limits, amounts, payers and policies; doing it twice changes nothing."""

    help = "Load the published books: codes, limits, amounts, payers, plans and policies."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            books = load_reference()
        except SeedRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        if options["verbosity"] < 1:
            return
        for book in books:
            kept = f", {book.kept} kept as changed here" if book.kept else ""
            self.stdout.write(
                f"{book.name:24} {book.added:5} added, {book.changed} changed, "
                f"{book.unchanged} unchanged{kept}"
            )
