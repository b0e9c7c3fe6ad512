"""Charges returned to the clinic and what people said against the rulebook, as files."""

from __future__ import annotations

from typing import Any

from accounts.exports.column import Exported
from accounts.exports.response import Tables
from authorizations.web.export_columns import CHARGE_IDENTITY, CHARGE_REFERENCE

BY_RULE = (
    Exported("rule", "rule"),
    Exported("title", "title"),
    Exported("disputes", "disputes"),
    Exported("overrides", "overrides"),
    Exported("what became of the charges", "told"),
)
WORDS = (
    Exported("when", "event__at"),
    Exported("by", "event__by__username"),
    *(
        Exported(column.heading, f"event__{column.path}", column.show)
        for column in CHARGE_REFERENCE
    ),
    Exported("what", "kind"),
    Exported("rule", "rule"),
    Exported("why", "event__reason"),
    Exported("now", "outcome"),
)
ALONE = (
    Exported("when", "event__at"),
    Exported("by", "event__by__username"),
    *(
        Exported(column.heading, f"event__{column.path}", column.show)
        for column in CHARGE_REFERENCE
    ),
    Exported("what", "what"),
    Exported("the same person", "duties"),
)
RETURNED = (
    *CHARGE_IDENTITY,
    Exported("fraction", "session__fraction"),
    Exported("returned to", "get_returned_to_display"),
    Exported("what is asked", "return_reason"),
    Exported("returned", "returned_at"),
    Exported("by", "returned_by__username"),
)


def dispute_tables(words: list[Any], rules: list[Any], alone: list[Any]) -> Tables:
    """Disputes and overrides by rule and each by itself, and what one person did alone."""
    return {"by-rule": (BY_RULE, rules), "words": (WORDS, words), "alone": (ALONE, alone)}


def returned_charge_tables(rows: list[Any]) -> Tables:
    """Charges that are out with the clinic."""
    return {"returned": (RETURNED, rows)}
