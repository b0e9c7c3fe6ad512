"""Payers, their plans, policies, clocks and published figures as files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from accounts.exports.column import ExportColumn, Joined, columns
from accounts.exports.response import Tables

PAYERS = columns("payer", "plans", "policies", "oldest check, days")
WHO_SAYS_SO = (
    ExportColumn("from", "effective_from"),
    ExportColumn("through", "effective_through"),
    ExportColumn("who says so", "source"),
    ExportColumn("address", "source_url"),
    ExportColumn("confidence", "confidence"),
    ExportColumn("verified", "verified_on"),
)
WHOM = (
    ExportColumn("payer", "payer__name"),
    ExportColumn("issuer", "issuer__name"),
    ExportColumn("line of business", "get_line_of_business_display"),
    ExportColumn("plan", "plan__code"),
    ExportColumn("only for", "only_for"),
)
AUTHORIZATION = (
    *WHOM,
    ExportColumn("authorization", "get_requirement_display"),
    ExportColumn("who decides", "manager"),
    ExportColumn("phone", "phone"),
    ExportColumn("wants", "documents", Joined("; ")),
    ExportColumn("note", "note"),
    *WHO_SAYS_SO,
)
CODING = (
    *WHOM,
    ExportColumn("about", "get_topic_display"),
    ExportColumn("answer", "answer"),
    ExportColumn("note", "note"),
    *WHO_SAYS_SO,
)
CLOCKS = (
    ExportColumn("line of business", "line_of_business"),
    ExportColumn("state", "state"),
    ExportColumn("standard", "standard__title"),
    ExportColumn("expedited", "expedited__title"),
    ExportColumn("who says so", "standard__source"),
    ExportColumn("assumed", "standard__is_assumed", {True: "yes", False: "no"}.get),
)
PLANS = (
    ExportColumn("plan", "code"),
    ExportColumn("name", "name"),
    ExportColumn("issuer", "issuer__name"),
    ExportColumn("payer ID", "issuer__electronic_payer_id"),
    ExportColumn("line of business", "get_line_of_business_display"),
    ExportColumn("state", "state"),
)
PUBLISHED = (
    ExportColumn("year", "year"),
    ExportColumn("line of business", "get_line_of_business_display"),
    ExportColumn("contract", "contract"),
    ExportColumn("figure", "get_metric_display"),
    ExportColumn("published", "value"),
    ExportColumn("address", "source_url"),
    ExportColumn("entered by", "entered_by__username"),
    ExportColumn("entered", "entered_at"),
)


def of_payers(rows: Iterable[dict[str, Any]]) -> Tables:
    """All payers."""
    values = [(r["payer"].name, r["plans"], r["policies"], r["oldest"]) for r in rows]
    return {"payers": (PAYERS, values)}


def of_payer(page: dict[str, Any]) -> Tables:
    """Every table of a payer's page."""
    return {
        "authorization": (AUTHORIZATION, page["authorization"]),
        "clocks": (CLOCKS, page["clocks"]),
        "coding": (CODING, page["coding"]),
        "published": (PUBLISHED, page["published"]),
        "plans": (PLANS, page["plans"]),
    }
