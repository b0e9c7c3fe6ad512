"""Charges returned to the clinic and what people said against the rulebook, as files."""

from __future__ import annotations

from typing import Any

from accounts.exports.column import JOINED, ExportColumn, label
from accounts.exports.response import Tables
from authorizations.web.export_columns import CHARGE_IDENTITY, CHARGE_REFERENCE
from payers.models import LineOfBusiness

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


KNOWN_ERRORS = (
    ExportColumn("payer", "error__payer__name"),
    ExportColumn("line of business", "error__line_of_business", label(LineOfBusiness)),
    ExportColumn("line", "error__line"),
    ExportColumn("places of service", "error__places_of_service", JOINED),
    ExportColumn("states", "error__states", JOINED),
    ExportColumn("what the payer does", "error__statement"),
    ExportColumn("denial", "error__denial"),
    ExportColumn("dates of service from", "error__effective_from"),
    ExportColumn("through", "error__effective_through"),
    ExportColumn("reprocessed by", "error__reprocessing_until"),
    ExportColumn("source", "error__source"),
    ExportColumn("confidence", "error__confidence"),
    ExportColumn("our charges", "count"),
    ExportColumn("expected dollars", "dollars"),
)


def known_error_tables(impacts: list[Any]) -> Tables:
    """The register of known payer errors with what it concerns."""
    return {"known-errors": (KNOWN_ERRORS, impacts)}


def dispute_tables(words: list[Any], rules: list[Any], alone: list[Any]) -> Tables:
    """Disputes and overrides by rule and each by itself, and what one person did alone."""
    return {"by-rule": (BY_RULE, rules), "words": (WORDS, words), "alone": (ALONE, alone)}


def returned_charge_tables(rows: list[Any]) -> Tables:
    """Charges that are out with the clinic."""
    return {"returned": (RETURNED, rows)}
