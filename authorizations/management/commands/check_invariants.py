"""Check what must hold at any moment; exit with 1 and examples where it does not."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError

from authorizations.invariants import INVARIANTS, broken


class Command(BaseCommand):
    """Prints each invariant with its count and the first rows that break it."""

    help = __doc__

    def handle(self, *args: object, **options: object) -> None:
        failed = 0
        for invariant in INVARIANTS:
            rows = broken(invariant)
            failed += bool(rows)
            examples = f" – for example {rows[:5]}" if rows else ""
            self.stdout.write(f"{invariant.key} {len(rows):>6}  {invariant.sentence}{examples}")
        if failed:
            raise CommandError(f"{failed} invariants do not hold.")
