"""Payers, their plans, policies, clocks and published figures as files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from accounts.exports.column import Exported, Joined, columns
from accounts.exports.response import Tables

PAYERS = columns("payer", "plans", "policies", "oldest check, days")
WHO_SAYS_SO = (
    Exported("from", "effective_from"),
    Exported("through", "effective_through"),
    Exported("who says so", "source"),
    Exported("address", "source_url"),
    Exported("confidence", "confidence"),
    Exported("verified", "verified_on"),
)
WHOM = (
    Exported("payer", "payer__name"),
    Exported("line of business", "get_line_of_business_display"),
    Exported("plan", "plan__code"),
)
AUTHORIZATION = (
    *WHOM,
    Exported("authorization", "get_requirement_display"),
    Exported("who decides", "manager"),
    Exported("phone", "phone"),
    Exported("wants", "documents", Joined("; ")),
    Exported("note", "note"),
    *WHO_SAYS_SO,
)
CODING = (
    *WHOM,
    Exported("about", "get_topic_display"),
    Exported("answer", "answer"),
    Exported("note", "note"),
    *WHO_SAYS_SO,
)
CLOCKS = (
    Exported("line of business", "line_of_business"),
    Exported("state", "state"),
    Exported("standard", "standard__title"),
    Exported("expedited", "expedited__title"),
    Exported("who says so", "standard__source"),
    Exported("assumed", "standard__is_assumed", {True: "yes", False: "no"}.get),
)
PLANS = (
    Exported("plan", "code"),
    Exported("name", "name"),
    Exported("line of business", "get_line_of_business_display"),
    Exported("state", "state"),
)
PUBLISHED = (
    Exported("year", "year"),
    Exported("line of business", "get_line_of_business_display"),
    Exported("contract", "contract"),
    Exported("figure", "get_metric_display"),
    Exported("published", "value"),
    Exported("address", "source_url"),
    Exported("entered by", "entered_by__username"),
    Exported("entered", "entered_at"),
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
