"""Reading a value of a dictionary by a key that is itself a value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def lookup(table: Mapping[Any, Any], key: Any) -> Any:
    """The value under that key, or nothing."""
    return table.get(key, "") if table else ""
