"""Charges returned to the clinic and what people said against the rulebook, as files."""

from __future__ import annotations

from typing import Any

from accounts.exports.column import ExportColumn
from accounts.exports.response import Tables
from authorizations.web.export_columns import CHARGE_IDENTITY, CHARGE_REFERENCE

BY_RULE = (
    ExportColumn("rule", "rule"),
    ExportColumn("title", "title"),
    ExportColumn("disputes", "disputes"),
    ExportColumn("overrides", "overrides"),
    ExportColumn("what became of the charges", "told"),
)
WORDS = (
    ExportColumn("when", "event__at"),
    ExportColumn("by", "event__by__username"),
    *(
        ExportColumn(column.heading, f"event__{column.path}", column.show)
        for column in CHARGE_REFERENCE
    ),
    ExportColumn("what", "kind"),
    ExportColumn("rule", "rule"),
    ExportColumn("why", "event__reason"),
    ExportColumn("now", "outcome"),
)
ALONE = (
    ExportColumn("when", "event__at"),
    ExportColumn("by", "event__by__username"),
    *(
        ExportColumn(column.heading, f"event__{column.path}", column.show)
        for column in CHARGE_REFERENCE
    ),
    ExportColumn("what", "what"),
    ExportColumn("the same person", "duties"),
)
RETURNED = (
    *CHARGE_IDENTITY,
    ExportColumn("fraction", "session__fraction"),
    ExportColumn("returned to", "get_returned_to_display"),
    ExportColumn("what is asked", "return_reason"),
    ExportColumn("returned", "returned_at"),
    ExportColumn("by", "returned_by__username"),
)


def dispute_tables(words: list[Any], rules: list[Any], alone: list[Any]) -> Tables:
    """Disputes and overrides by rule and each by itself, and what one person did alone."""
    return {"by-rule": (BY_RULE, rules), "words": (WORDS, words), "alone": (ALONE, alone)}


def returned_charge_tables(rows: list[Any]) -> Tables:
    """Charges that are out with the clinic."""
    return {"returned": (RETURNED, rows)}
