"""Import the record-and-verify system's daily treatment exports."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from accounts.models import system_user
from authorizations.exceptions import Refused
from authorizations.exchange.row_reader import FileRefused
from authorizations.imports.actions import read_and_import
from authorizations.imports.file_sizes import read_file
from authorizations.imports.hl7_acknowledgements import write_acknowledgements
from authorizations.imports.machine_channels import asked_channel, command_line_channel


class Command(BaseCommand):
    """Good rows are kept, bad ones are refused with line and reason, a file seen before is
    skipped.
    """

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
        parser.add_argument(
            "--as-of",
            type=date.fromisoformat,
            help="Judge as on this day (YYYY-MM-DD); without it, today at each facility.",
        )
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
            help="The machine channel that brings the files; its credential in CHANNEL_CREDENTIAL. "
            "Without it, the command line of the server.",
        )

    def handle(self, *args: object, **options: object) -> None:
        paths: list[Path] = sorted(options["files"])
        try:
            contents = [read_file(path) for path in paths]
            plan = read_and_import(
                contents,
                by=system_user(),
                on=options["as_of"],
                facility=str(options["facility"]),
                channel=asked_channel(str(options["channel"])) or command_line_channel(),
                progress=self.tell,
            )
        except (FileRefused, Refused) as refusal:
            raise CommandError(str(refusal)) from refusal
        except OSError as error:
            raise CommandError(f"{error.filename} cannot be read: {error.strerror}.") from error
        for path, content in zip(paths, contents, strict=True):
            write_acknowledgements(path, content)
        for note in plan.notes:
            self.stdout.write(note)
        for row in (*plan.refused, *plan.conflicts):
            where = f"{plan.names(paths)[row.file]} line {row.line}"
            self.stderr.write(f"{where}: {row.kind}: {row.sentence}")
        for record, sentence in plan.moved:
            self.stderr.write(f"record {record}: {sentence}")
        read = f"{plan.already_read} of {len(paths)} files had been read before"
        self.stdout.write(f"{plan.summary}; {read}.")

    def tell(self, done: int, total: int) -> None:
        self.stdout.write(f"{done} of {total} courses judged.")
