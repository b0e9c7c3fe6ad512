"""Judge every stored verdict again and say what differs."""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from authorizations.verdicts.replay import (
    Judge,
    as_if_by_the_books,
    as_if_on,
    as_if_paid_by,
    replay,
)
from coding.rules import RULEBOOK_VERSION, review
from payers.models import Plan


class Command(BaseCommand):
    """History must come out byte for byte; with --as-if it answers what would have been."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--as-if",
            metavar="DATE|PLAN|books",
            help="Judge by the rules of another day (YYYY-MM-DD), by the answers of another plan, "
            "or (books) by what the books say now of each day.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        told = options["as_if"]
        judge = self.judge(told) if told else review
        counts: Counter[str] = Counter()
        changes: Counter[str] = Counter()
        for found in replay(judge):
            counts["judged"] += 1
            counts["older"] += found.is_older
            counts["unfaithful"] += not (found.is_same or found.is_older)
            if not found.is_same:
                counts["different"] += 1
                before, now = found.review.disposition, found.verdict.disposition
                rules = ", ".join(found.verdict.numbers) or "no rule"
                changes[f"{before} → {now}"] += before != now
                self.stdout.write(f"review {found.review.pk}: {before} → {now} ({rules})")
        self.stdout.write(
            f"{counts['judged']} verdicts judged again by {RULEBOOK_VERSION}, "
            f"{counts['older']} of them first by an earlier one: {counts['different']} differ."
        )
        for change, count in sorted(changes.items()):
            if count:
                self.stdout.write(f"{change}: {count}")
        if counts["unfaithful"] and not told:
            raise CommandError("A stored verdict does not replay.")

    @staticmethod
    def judge(told: str) -> Judge:
        if told == "books":
            return as_if_by_the_books()
        try:
            return as_if_on(date.fromisoformat(told))
        except ValueError:
            plan = Plan.objects.select_related("payer").filter(code=told).first()
        if plan is None:
            raise CommandError(
                f"{told} is neither a day like 2026-11-23 nor the code of a plan nor “books”."
            )
        return as_if_paid_by(plan)
