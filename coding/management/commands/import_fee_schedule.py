"""Read the Medicare relative value file (PPRRVU) as CMS publishes it."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from coding.imports import fee_schedule
from coding.imports.changes import Changes
from coding.imports.command import ImportCommand
from coding.imports.releases import fit
from coding.models import FeeScheduleRow


class Command(ImportCommand):
    """csv, xlsx or the zip; descriptors are dropped on reading."""

    help = __doc__
    source = "CMS PFS relative value file"
    members = ("pprrvu",)
    is_yearly = True

    def changes(
        self, content: bytes, name: str, codes: set[str] | None, options: dict[str, Any]
    ) -> Changes:
        published = list(fee_schedule.parse_fee_schedule(content, name, codes))
        scope = Q() if codes is None else Q(code__in=codes)
        return fit(
            FeeScheduleRow,
            fee_schedule.KEY,
            published,
            on=options["effective_from"],
            through=options["effective_through"],
            scope=scope,
        )
