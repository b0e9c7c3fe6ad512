"""Batches, what waits to be drawn, and claims, as files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from accounts.exports.column import JOINED, ExportColumn, columns
from accounts.exports.response import Tables
from authorizations.web.export_columns import CHARGE, patient_columns

CLAIM_LINES = (
    ExportColumn("authorization", "0__authorization"),
    ExportColumn("member", "0__member_id"),
    *patient_columns("0__patient__"),
    ExportColumn("diagnoses", "0__diagnoses", JOINED),
    ExportColumn("page", "0__page"),
    ExportColumn("date", "1__charge__date_of_service"),
    ExportColumn("place", "1__charge__place_of_service"),
    ExportColumn("code", "1__charge__code"),
    ExportColumn("modifiers", "1__modifiers"),
    ExportColumn("pointer", "1__pointer"),
    ExportColumn("amount", "1__charge__amount"),
    ExportColumn("units", "1__charge__units"),
    ExportColumn("rendering NPI", "1__rendering_npi"),
)


def batch_tables(charges: Iterable[Any], withdrawals: Iterable[Any]) -> Tables:
    """The lines of a batch and those it takes back, as the page lists them."""
    return {"charges": (CHARGE, [*charges, *withdrawals])}


def waiting_batch_tables(waiting: Iterable[Any], corrections: Iterable[Any]) -> Tables:
    """What is to be drawn, and which batches are to be corrected."""
    names = (
        "facility__code",
        "plan__payer__name",
        "plan__issuer__name",
        "count",
        "units",
        "amount",
    )
    drawn = columns("facility", "payer", "issuer", "charges", "units", "amount")
    mended = columns("batch", "lines to take back", "successors to send", "amount")
    more = ("number", "voided", "successors", "amount")
    return {
        "waiting": (drawn, [[row[name] for name in names] for row in waiting]),
        "corrections": (mended, [[row[name] for name in more] for row in corrections]),
    }


def claim_tables(claims: Iterable[Any]) -> Tables:
    """The lines of each claim, beside the items that all its lines share."""
    return {"lines": (CLAIM_LINES, [(claim, line) for claim in claims for line in claim.lines])}
