"""Whether a dated row is true on a day."""

from __future__ import annotations

from datetime import date
from typing import Any


def in_force(row: Any, on: date) -> bool:
    """Whether a dated row is true on that day."""
    return row.effective_from <= on and not (row.effective_through and row.effective_through < on)
