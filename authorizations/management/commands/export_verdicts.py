"""Write the verdict of every record seen, judged as of a day, as CSV."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand
from django.utils import timezone

from authorizations.exchange.charges_csv import write_rows
from authorizations.verdicts.export import COLUMNS, export_rows


class Command(BaseCommand):
    """record_id, disposition, rules, billed: one line for each line of each treatment file."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--as-of", type=date.fromisoformat, default=None)

    def handle(self, *args: object, **options: object) -> None:
        rows = list(export_rows(options["as_of"] or timezone.localdate()))
        options["file"].write_text(write_rows(COLUMNS, rows), encoding="utf-8", newline="")
        self.stdout.write(f"{len(rows)} records written.")
