"""What pages ask of a value: its row in a table, its thousands, its words."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import template

from authorizations.web.event_labels import WHO_ACTS

register = template.Library()


@register.filter
def lookup(table: Mapping[Any, Any], key: Any) -> Any:
    """The value under that key, or nothing."""
    return table.get(key, "") if table else ""


@register.filter
def dollars(amount: Decimal | None) -> str:
    """1,510.03; a dash where no amount is known."""
    return "–" if amount is None else f"{amount:,.2f}"


@register.filter
def who_acts(key: str) -> str:
    """Who acts next, in words."""
    return WHO_ACTS.get(key, key)
