"""Read a unit limit table (MUE) as CMS publishes it each quarter."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.db.models import Q

from coding.imports import unit_limits
from coding.imports.changes import Changes
from coding.imports.command import ImportCommand
from coding.imports.releases import fit
from coding.models import EditTable, UnitLimit


class Command(ImportCommand):
    """csv, xlsx or the zip; one table at a time."""

    help = __doc__
    source = "CMS MUE table"
    members = ("mue",)

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--table", choices=EditTable.values, required=True)

    def changes(
        self, content: bytes, name: str, codes: set[str] | None, options: dict[str, Any]
    ) -> Changes:
        table = options["table"]
        published = list(unit_limits.parse_unit_limits(content, name, table, codes))
        scope = Q(table=table) if codes is None else Q(table=table, code__in=codes)
        return fit(
            UnitLimit,
            unit_limits.KEY,
            published,
            on=options["effective_from"],
            through=options["effective_through"],
            scope=scope,
        )
