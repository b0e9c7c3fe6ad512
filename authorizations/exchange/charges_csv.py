"""A released batch as CSV: one row per charge, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping

from accounts.exports.csv_writer import safe_cell

COLUMNS = (
    "action",
    "charge_uid",
    "session_uid",
    "replaces_charge_uid",
    "replaces_batch",
    "course_uid",
    "mrn",
    "payer",
    "plan",
    "member_id",
    "line_of_business",
    "auth_number",
    "auth_status",
    "auth_valid_from",
    "auth_valid_through",
    "auth_units_remaining",
    "date_of_service",
    "code",
    "modifier",
    "units",
    "amount",
    "place_of_service",
    "facility_npi",
    "rendering_npi",
    "ordering_npi",
    "dx1",
    "dx2",
    "dx3",
    "dx4",
    "image_modality",
    "reviewed_by",
    "reviewed_at",
    "coder",
    "release_batch",
    "warnings",
    "issuer",
    "payer_id",
)


def write_rows(columns: Iterable[str], rows: Iterable[Mapping[str, object]]) -> str:
    """The heading and one line per row, every cell made safe."""
    columns = tuple(columns)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([safe_cell(row.get(column)) for column in columns])
    return out.getvalue()
