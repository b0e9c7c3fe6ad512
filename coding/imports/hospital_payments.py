"""How Medicare pays a hospital's outpatient department (OPPS Addendum B), no descriptors."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from accounts.readers import Unreadable, read_decimal
from coding.imports.sheets import MalformedFile, Row, column, rows_of, table

CODE = re.compile(r"^[0-9A-Z][0-9]{3}[0-9A-Z]$")
STATUS = re.compile(r"^[A-Z][0-9]?$")
KEY = ("code",)
PACKAGED = "N"


def parse_hospital_payments(
    content: bytes, name: str, codes: Iterable[str] | None
) -> Iterator[dict[str, Any]]:
    """The rows of the wanted codes (all when None). Raises MalformedFile for the whole file."""
    wanted = None if codes is None else set(codes)
    headings, rows = table(rows_of(content, name), "hcpcs", name)
    places = {
        "status_indicator": column(headings, "si", "status indicator", name=name),
        "payment_class": column(headings, "apc", name=name),
        "payment": column(headings, "payment rate", name=name),
    }
    for row in rows:
        code = row.cells[0] if row.cells else ""
        if CODE.match(code) and (wanted is None or code in wanted):
            yield hospital_payment_values(row, places, name)


def hospital_payment_values(row: Row, places: dict[str, int], name: str) -> dict[str, Any]:
    if len(row.cells) <= max(places.values()):
        raise MalformedFile(f"{name} line {row.number} has only {len(row.cells)} cells.")
    status = row.cells[places["status_indicator"]]
    if not STATUS.match(status):
        raise MalformedFile(
            f"{name} line {row.number}: “{status}” is not a status indicator, such as N or S."
        )
    payment = dollars(row.cells[places["payment"]], row, name)
    if status == PACKAGED and payment:
        raise MalformedFile(f"{name} line {row.number}: status N (packaged) with a payment.")
    return {
        "code": row.cells[0],
        "status_indicator": status,
        "payment_class": apc(row.cells[places["payment_class"]], row, name),
        "payment": payment,
    }


def apc(text: str, row: Row, name: str) -> str:
    """The payment class as four digits: a spreadsheet drops the leading zero."""
    if text and not re.fullmatch(r"[0-9]{1,4}", text):
        raise MalformedFile(f"{name} line {row.number}: “{text}” is not an APC, such as 5622.")
    return text and f"{text:0>4}"


def dollars(text: str, row: Row, name: str) -> Decimal | None:
    plain = text.replace("$", "").replace(",", "").strip()
    if not plain:
        return None
    try:
        value = round(read_decimal(plain), 2)
    except Unreadable as error:
        raise MalformedFile(f"{name} line {row.number}: payment “{text}” is no number.") from error
    if value < 0:
        raise MalformedFile(f"{name} line {row.number}: payment “{text}” is below 0.")
    return value
