"""Treatment files under a facility's own headings."""

from __future__ import annotations

from authorizations.exchange.column_mapping import Mapping
from tests.support.treatment_pages import HEADING

MAPPED = Mapping(
    "MAIN",
    {name: name for name in HEADING.strip().split(",") if name != "facility"},
    date_format="mdy",
    time_zone="America/Chicago",
)
