"""Watch a folder in which the record-and-verify system leaves its exports."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from accounts.models import system_user
from authorizations.exceptions import Refused
from authorizations.exchange.row_reader import FileRefused
from authorizations.imports.actions import read_and_import
from authorizations.imports.file_sizes import read_file
from authorizations.imports.hl7_acknowledgements import write_acknowledgements
from authorizations.imports.machine_channels import asked_channel
from authorizations.models import MachineChannel

ENDINGS = (".csv", ".hl7")


class Command(BaseCommand):
    """Each file that has stopped growing is imported and moved to ``done`` or ``refused``.

    An HL7 file is answered in FILE.ack; a file refused whole has its reason in FILE.txt.
    """

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--every", type=float, default=10, help="Seconds between two looks.")
        parser.add_argument(
            "--facility",
            default="",
            metavar="CODE",
            help="Take rows and courses of this facility only, by its column mapping.",
        )
        parser.add_argument(
            "--channel",
            default="",
            metavar="NAME",
            help="The machine channel that fills the folder; its credential in CHANNEL_CREDENTIAL. "
            "Without it, approvals of images wait for the physician.",
        )
        parser.add_argument("--once", action="store_true", help="Take what is there, then end.")

    def handle(self, *args: object, **options: object) -> None:
        folder: Path = options["folder"]
        self.facility = str(options["facility"])
        try:
            self.channel = asked_channel(str(options["channel"]))
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        if not folder.is_dir():
            raise CommandError(f"{folder} is not a folder.")
        seen: dict[Path, tuple[int, int]] = {}
        while True:
            before, seen = seen, dict(sizes(folder))
            for path in sorted(seen):
                if options["once"] or before.get(path) == seen[path]:
                    self.take(path)
            if options["once"]:
                return
            time.sleep(options["every"])

    def still_in_force(self) -> MachineChannel | None:
        """The channel, unless an administrator has ended it since the folder is watched."""
        channel = self.channel
        return channel and MachineChannel.objects.in_force().filter(pk=channel.pk).first()

    def take(self, path: Path) -> None:
        """Import one file; whatever is wrong with it, the next one gets its turn."""
        try:
            self.import_file(path)
        except OSError as error:
            self.stderr.write(f"{path.name} cannot be read or put away: {error.strerror}.")
        except DatabaseError as error:
            kind = type(error).__name__
            self.stderr.write(f"{path.name} stays and is tried again: the database says {kind}.")

    def import_file(self, path: Path) -> None:
        """Import a file and put it into ``done``, or set it aside with the reason."""
        try:
            content = read_file(path)
            plan = read_and_import(
                [content], by=system_user(), facility=self.facility, channel=self.still_in_force()
            )
        except FileRefused as refusal:
            put_into(path, "refused").with_suffix(".txt").write_text(f"{refusal}\n", "utf-8")
            self.stderr.write(f"{path.name}: set aside. {refusal}")
            return
        write_acknowledgements(put_into(path, "done"), content)
        for row in (*plan.refused, *plan.conflicts):
            self.stderr.write(f"{path.name} line {row.line}: {row.kind}: {row.sentence}")
        self.stdout.write(f"{path.name}: {plan.summary}.")


def waiting(folder: Path) -> list[Path]:
    return [p for p in folder.iterdir() if p.is_file() and p.suffix.lower() in ENDINGS]


def sizes(folder: Path) -> Iterator[tuple[Path, tuple[int, int]]]:
    """Each waiting file with its size and time; one that was just taken away is left out."""
    for path in waiting(folder):
        with suppress(FileNotFoundError):
            found = path.stat()
            yield path, (found.st_size, found.st_mtime_ns)


def put_into(path: Path, name: str) -> Path:
    """The file in its subfolder, under its own name; a namesake there is kept."""
    folder = path.parent / name
    folder.mkdir(exist_ok=True)
    there, number = folder / path.name, 1
    while there.exists():
        number += 1
        there = folder / f"{path.stem}-{number}{path.suffix}"
    return path.rename(there)
