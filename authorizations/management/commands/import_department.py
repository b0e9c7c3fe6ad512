"""Load a department's registration, courses and authorization spreadsheet from a folder."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from accounts.first_administrator import holds_demo
from accounts.models import system_user
from authorizations.exchange.department_csv import TABLES, Table
from authorizations.exchange.row_reader import FileRefused
from authorizations.imports.department import import_department
from authorizations.imports.file_sizes import read_file
from authorizations.imports.machine_channels import command_line_channel
from payers.models import Payer


class Command(BaseCommand):
    """Bad rows are refused with their line and reason; the same folder twice changes nothing."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument(
            "--into-demo", action="store_true", help="Even where the made-up department is."
        )

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
        self.prepare(into_demo=bool(options["into_demo"]))
        try:
            report = import_department(files, by=system_user(), channel=command_line_channel())
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

    def prepare(self, *, into_demo: bool) -> None:
        """Tables and books, where they are missing. Raises CommandError in the demo's database.

        In production `migrate` is a step of its own: without it the command says so.
        """
        if settings.DEBUG and Payer._meta.db_table not in connection.introspection.table_names():
            call_command("migrate", verbosity=0)
        if holds_demo() and not into_demo:
            raise CommandError(
                "This database holds the demo: its people are made up, and a department of real "
                "patients does not belong among them. Use another database (GL_POSTGRES_DIR or "
                "DATABASE_URL), remove the folder .local, or add --into-demo."
            )
        if not Payer.objects.exists():
            call_command("seed", stdout=self.stdout)


def is_there(folder: Path, table: Table) -> bool:
    return (folder / table.name).is_file()
