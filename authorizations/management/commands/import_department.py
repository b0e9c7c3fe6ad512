"""Load a department's registration, courses and authorization spreadsheet from a folder."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from accounts.models import system_user
from authorizations.actions.department import import_department
from authorizations.actions.incoming import read_file
from authorizations.exchange.department_csv import TABLES, Table
from authorizations.exchange.reading import FileRefused
from payers.models import Payer


class Command(BaseCommand):
    """Bad rows are refused with their line and reason; the same folder twice changes nothing."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")

    def handle(self, *args: object, **options: object) -> None:
        folder: Path = options["folder"]
        try:
            files = {t.name: read_file(folder / t.name) for t in TABLES if is_there(folder, t)}
        except FileRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        except OSError as error:
            raise CommandError(f"{error.filename} cannot be read: {error.strerror}.") from error
        if not files:
            known = ", ".join(table.name for table in TABLES)
            raise CommandError(f"{folder} holds none of the files {known}.")
        if not Payer.objects.exists():
            call_command("seed", stdout=self.stdout)
        try:
            report = import_department(files, by=system_user())
        except FileRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        for refusal in report.refused:
            self.stderr.write(f"{refusal.file} line {refusal.line}: {refusal.sentence}")
        for name in files:
            added, same = report.added[name], report.unchanged[name]
            refused = sum(1 for row in report.refused if row.file == name)
            more = "".join(
                f"{count} {word}, "
                for count, word in (
                    (report.updated[name], "updated by the payer's answer"),
                    (report.repeated[name], "repeated"),
                )
                if count
            )
            self.stdout.write(f"{name}: {added} added, {more}{same} unchanged, {refused} refused")


def is_there(folder: Path, table: Table) -> bool:
    return (folder / table.name).is_file()
