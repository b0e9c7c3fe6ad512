"""What the import commands share: read, show the difference, apply when told to."""

from __future__ import annotations

from abc import ABC, abstractmethod
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, transaction
from django.utils import timezone

from coding.extension_points import HOOKS
from coding.imports.archives import opened
from coding.imports.changes import Changes, Kind, apply
from coding.imports.sheets import MalformedFile, read_published
from coding.models import ProcedureCode

MOST_LINES = 60


class ImportCommand(BaseCommand, ABC):
    """Shows what would change; writes it only with --apply.

    ``members`` are the beginnings of the file names of this table inside a CMS zip. The rows of a
    yearly table end with the year.
    """

    source = ""
    members: tuple[str, ...] = ()
    is_yearly = False
    what_is_listed = "codes"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--release", required=True, help="Such as “July 2026” or “2026 Q4”.")
        parser.add_argument(
            "--effective-from",
            type=date.fromisoformat,
            required=True,
            help="First date of service for which this release is true (YYYY-MM-DD).",
        )
        parser.add_argument(
            "--effective-through",
            type=date.fromisoformat,
            help="Last date of service for which it is true. A yearly table ends with its year.",
        )
        parser.add_argument("--source-url", default="")
        parser.add_argument("--all-codes", action="store_true", help="Not only those of our book.")
        parser.add_argument(
            "--confirm-ends", action="store_true", help="Most of what is in force does end."
        )
        parser.add_argument("--apply", action="store_true", help="Write what is shown.")

    def handle(self, *args: object, **options: Any) -> None:
        path: Path = options["file"]
        codes = None if options["all_codes"] else our_codes()
        options["effective_through"] = self.last_day(options)
        try:
            name, content = opened(read_published(path), path.name, self.members)
            changes = self.changes(content, name, codes, options)
        except MalformedFile as refusal:
            raise CommandError(f"{refusal} Nothing was changed.") from refusal
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        self.stdout.write(f"Read {name}" + (f" from {path.name}." if name != path.name else "."))
        self.show(changes)
        self.ask_about_ends(changes, name, options)
        if not changes.is_empty:
            self.write(changes, options)

    def last_day(self, options: dict[str, Any]) -> date | None:
        """The stated last day, else the end of the year for a yearly table."""
        since: date = options["effective_from"]
        through: date | None = options.get("effective_through")
        if through is not None and through < since:
            raise CommandError("--effective-through is before --effective-from.")
        return through or (date(since.year, 12, 31) if self.is_yearly else None)

    def ask_about_ends(self, changes: Changes, name: str, options: dict[str, Any]) -> None:
        """Refuse a file that ends most of what is in force, unless somebody says it is so."""
        if not changes.ends_too_many or options.get("confirm_ends"):
            return
        raise CommandError(
            f"{name}: this file lists {changes.listed} of the {changes.in_force} "
            f"{self.what_is_listed} in force; the others would end. Is the file whole? Nothing was "
            "changed. If they do end, repeat with --confirm-ends."
        )

    def write(self, changes: Changes, options: dict[str, Any]) -> None:
        """Write what was shown; without --apply write it all the same, and take it back."""
        try:
            with transaction.atomic():
                apply(changes, about=self.about(options))
                transaction.set_rollback(not options["apply"])
        except DatabaseError as error:
            reason = str(error).splitlines()[0]
            raise CommandError(
                f"The database refuses a row: {reason}. Nothing was changed."
            ) from error
        if not options["apply"]:
            self.stdout.write("Nothing written. Repeat with --apply to write this.")
            return
        self.stdout.write("Applied.")
        cause = f"{self.source}, {options['release']}"
        first = min([options["effective_from"], *(step.first_day for step in changes.steps)])
        self.stdout.write(HOOKS.after_import(cause, self.affected(changes), first))

    @abstractmethod
    def changes(
        self, content: bytes, name: str, codes: set[str] | None, options: dict[str, Any]
    ) -> Changes:
        """The difference between the file and our rows. Raises MalformedFile."""

    def affected(self, changes: Changes) -> list[str]:
        """The codes whose charges are to be judged again."""
        return changes.codes()

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
        resumed = changes.count(Kind.RESUMED)
        self.stdout.write(
            f"{changes.count(Kind.BEGUN)} begin, "
            f"{changes.count(Kind.CHANGED, Kind.CORRECTED)} change, "
            f"{changes.count(Kind.ENDED, Kind.WITHDRAWN)} end, "
            f"{changes.unchanged} stay as they are."
            + (f" {resumed} go on after the release's last day." if resumed else "")
        )


def our_codes() -> set[str]:
    """The codes of our book: the published tables hold thousands that never concern us."""
    return set(ProcedureCode.objects.values_list("code", flat=True))
