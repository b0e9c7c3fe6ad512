"""Check what must hold at any moment; exit with 1 and examples where it does not."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from authorizations.invariants import INVARIANTS, broken


class Command(BaseCommand):
    """Prints each invariant with its count and the first rows that break it."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--quick",
            action="store_true",
            help="Leave out what walks every stored verdict and every letter.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.check_migrated()
        failed = 0
        for invariant in INVARIANTS:
            if options["quick"] and invariant.is_slow:
                self.stdout.write(f"{invariant.key:4} not asked  {invariant.sentence}")
                continue
            rows = broken(invariant)
            failed += bool(rows)
            examples = f" – for example {rows[:5]}" if rows else ""
            self.stdout.write(f"{invariant.key:4} {len(rows):>6}  {invariant.sentence}{examples}")
        if failed:
            raise CommandError(f"{failed} invariants do not hold.")

    def check_migrated(self) -> None:
        """Raises CommandError where the tables are not those of this version."""
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if waiting:
            raise CommandError(
                f"This database is not migrated: {len(waiting)} steps wait. "
                "Run manage.py migrate first; nothing was checked."
            )
