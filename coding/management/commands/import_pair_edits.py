"""Read a pairing table (NCCI procedure-to-procedure edits) as CMS publishes it each quarter."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.db.models import Q

from coding.imports import pair_edits
from coding.imports.changes import Changes
from coding.imports.command import ImportCommand
from coding.imports.pair_spans import fit_pairs
from coding.models import EditTable


class Command(ImportCommand):
    """Tab-separated text, xlsx or the zip; a published pair is no longer provisional."""

    help = __doc__
    source = "CMS NCCI PTP edits"
    members = ("ccipra", "ccioph", "ptp")
    what_is_listed = "pairs"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--table", choices=EditTable.values, required=True)

    def changes(
        self, content: bytes, name: str, codes: set[str] | None, options: dict[str, Any]
    ) -> Changes:
        table = options["table"]
        published = [
            {**pair, "is_provisional": False}
            for pair in pair_edits.parse_pair_edits(content, name, table, codes)
        ]
        first, last = pair_edits.covered(row for row, _ in pair_edits.pairs_of(content, name))
        scope = Q(table=table, column_one__gte=first, column_one__lte=last)
        if codes is not None:
            scope &= Q(column_one__in=codes) | Q(column_two__in=codes)
        return fit_pairs(
            published,
            on=options["effective_from"],
            through=options["effective_through"],
            scope=scope,
        )
