"""Read the indices of the Medicare localities (GPCI) as CMS publishes them each year."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from coding.imports import geographic_indices
from coding.imports.changes import Changes
from coding.imports.command import ImportCommand, our_codes
from coding.imports.releases import fit
from coding.models import GeographicIndex


class Command(ImportCommand):
    """csv, xlsx or the zip of the release; every locality is read."""

    help = __doc__
    source = "CMS geographic practice cost indices"
    members = ("gpci",)
    is_yearly = True
    what_is_listed = "localities"

    def changes(
        self, content: bytes, name: str, codes: set[str] | None, options: dict[str, Any]
    ) -> Changes:
        return fit(
            GeographicIndex,
            geographic_indices.KEY,
            geographic_indices.parse_geographic_indices(content, name),
            on=options["effective_from"],
            through=options["effective_through"],
            scope=Q(),
        )

    def affected(self, changes: Changes) -> list[str]:
        """An index changes the amount of every code."""
        return sorted(our_codes())
