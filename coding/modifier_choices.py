"""The modifiers a form offers: those of the one table that a physician's line may carry."""

from __future__ import annotations

from datetime import date

from coding.rules.modifier_table import TABLE, Use

REFUSED = (Use.NEVER, Use.HOSPITAL)


def modifier_choices(on: date) -> list[tuple[str, str]]:
    """Each modifier with its use, in the order of a line."""
    rows = [row for row in TABLE if row.is_in_force(on) and row.use not in REFUSED]
    return [(row.code, row.use.replace("_", " ")) for row in rows]
