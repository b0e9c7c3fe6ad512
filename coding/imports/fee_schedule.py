"""The Medicare relative value file (PPRRVU): status and relative value units, no descriptors."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from accounts.readers import Unreadable, read_decimal
from coding.imports.sheets import MalformedFile, Row, rows_of

CODE = re.compile(r"^[0-9A-Z][0-9]{3}[0-9A-Z]$")
# Positions in the published file; its headings stand on several lines and are only checked.
POSITIONS = {
    "code": 0,
    "modifier": 1,
    "status": 3,
    "work_rvu": 5,
    "practice_rvu": 6,
    "not_outside": 7,
    "facility_practice_rvu": 8,
    "not_inside": 9,
    "malpractice_rvu": 10,
    "component_indicator": 13,
    "global_days": 14,
}
HEADINGS = {
    1: "MOD",
    2: "DESCRIPTION",
    3: "CODE",
    5: "RVU",
    6: "PE RVU",
    7: "INDICATOR",
    8: "PE RVU",
    9: "INDICATOR",
    10: "RVU",
    13: "IND",
    14: "DAYS",
}
NOT_PRICED = "NA"
AMOUNTS = ("work_rvu", "practice_rvu", "facility_practice_rvu", "malpractice_rvu")
KEY = ("code", "modifier")


def parse_fee_schedule(
    content: bytes, name: str, codes: Iterable[str] | None
) -> Iterator[dict[str, Any]]:
    """The rows of the wanted codes (all when None). Raises MalformedFile for the whole file."""
    wanted = None if codes is None else set(codes)
    heading_seen, widest = False, 0
    for row in rows_of(content, name):
        first = row.cells[0] if row.cells else ""
        if not heading_seen:
            widest = max(widest, len(row.cells))
            heading_seen = first.upper() == "HCPCS"
            if heading_seen:
                check_heading(row, name)
            elif row.number > 40:
                break
            continue
        if first and (wanted is None or first in wanted):
            yield fee_schedule_values(row, name)
    if not heading_seen and widest <= 2 and name.lower().endswith(".txt"):
        raise MalformedFile(
            f"{name} is the fixed-width form of the table, without columns. Use the csv of the "
            "same release."
        )
    if not heading_seen:
        raise MalformedFile(f"{name}: no line begins with the heading “HCPCS”.")


def check_heading(row: Row, name: str) -> None:
    for position, text in HEADINGS.items():
        if len(row.cells) <= position or text not in row.cells[position].upper():
            raise MalformedFile(
                f"{name} line {row.number}: column {position + 1} should be “{text}”. "
                "The file's layout is not the one this import knows."
            )


def fee_schedule_values(row: Row, name: str) -> dict[str, Any]:
    if not CODE.match(row.cells[0]):
        raise MalformedFile(f"{name} line {row.number}: “{row.cells[0]}” is not a code.")
    if len(row.cells) <= max(POSITIONS.values()):
        raise MalformedFile(f"{name} line {row.number} has only {len(row.cells)} cells.")
    values: dict[str, Any] = {field: row.cells[at] for field, at in POSITIONS.items()}
    for field in AMOUNTS:
        values[field] = parse_amount(values[field], row, field, name)
    values["is_priced_outside_facility"] = values.pop("not_outside").upper() != NOT_PRICED
    values["is_priced_in_facility"] = values.pop("not_inside").upper() != NOT_PRICED
    if not values["is_priced_in_facility"]:
        values["facility_practice_rvu"] = None
    return values


def parse_amount(text: str, row: Row, field: str, name: str) -> Decimal:
    try:
        return read_decimal(text or "0")
    except Unreadable as error:
        label = field.replace("_", " ")
        raise MalformedFile(f"{name} line {row.number}: {label} “{text}” is no number.") from error
