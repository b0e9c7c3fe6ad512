"""What the three import commands share: read, show the difference, apply when told to."""

from __future__ import annotations

from abc import ABC, abstractmethod
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from coding.hooks import HOOKS
from coding.imports.changes import Changes, apply
from coding.imports.sheets import MalformedFile, read_published
from coding.models import ProcedureCode

MOST_LINES = 60


class ImportCommand(BaseCommand, ABC):
    """Shows what would change; writes it only with --apply."""

    source = ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--release", required=True, help="Such as “July 2026” or “2026 Q4”.")
        parser.add_argument(
            "--effective-from",
            type=date.fromisoformat,
            required=True,
            help="First date of service for which this release is true (YYYY-MM-DD).",
        )
        parser.add_argument("--source-url", default="")
        parser.add_argument("--all-codes", action="store_true", help="Not only those of our book.")
        parser.add_argument("--apply", action="store_true", help="Write what is shown.")

    def handle(self, *args: object, **options: Any) -> None:
        path: Path = options["file"]
        codes = None if options["all_codes"] else our_codes()
        try:
            changes = self.changes(read_published(path), path.name, codes, options)
        except MalformedFile as refusal:
            raise CommandError(f"{refusal} Nothing was changed.") from refusal
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        self.show(changes)
        if options["apply"] and not changes.is_empty:
            apply(changes, about=self.about(options))
            self.stdout.write("Applied.")
            cause = f"{self.source}, {options['release']}"
            told = HOOKS.after_import(cause, changes.codes(), options["effective_from"])
            self.stdout.write(told)
        elif not changes.is_empty:
            self.stdout.write("Nothing written. Repeat with --apply to write this.")

    @abstractmethod
    def changes(
        self, content: bytes, name: str, codes: set[str] | None, options: dict[str, Any]
    ) -> Changes:
        """The difference between the file and our rows. Raises MalformedFile."""

    def about(self, options: dict[str, Any]) -> dict[str, Any]:
        return {
            "source": f"{self.source}, {options['release']}",
            "source_url": options["source_url"],
            "verified_on": timezone.localdate(),
            "confidence": "A",
            "release": options["release"],
        }

    def show(self, changes: Changes) -> None:
        lines = list(changes.lines())
        for line in lines[:MOST_LINES]:
            self.stdout.write(line)
        if len(lines) > MOST_LINES:
            self.stdout.write(f"… and {len(lines) - MOST_LINES} more")
        self.stdout.write(
            f"{len(changes.added)} begin, {len(changes.changed)} change, {len(changes.ended)} end, "
            f"{changes.unchanged} stay as they are."
        )


def our_codes() -> set[str]:
    """The codes of our book: the published tables hold thousands that never concern us."""
    return set(ProcedureCode.objects.values_list("code", flat=True))
