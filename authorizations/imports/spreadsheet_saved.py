"""Remembering how a facility's spreadsheet was matched: headings, dates, words."""

from __future__ import annotations

from accounts.models import User
from accounts.roles import Permission
from accounts.scoping import facilities_of
from authorizations.imports.spreadsheet_asked import AskedSheet, SavedMatch
from authorizations.models import SheetMatch


def saved_matches(user: User) -> list[SavedMatch]:
    """What was matched before at the person's facilities, the latest first."""
    mine = facilities_of(user, Permission.LOG_AUTHORIZATIONS)
    rows = SheetMatch.objects.filter(facility__in=mine).order_by("-saved_at")
    return [SavedMatch(row.columns, row.date_order, row.words) for row in rows]


def remember_match(user: User, code: str, asked: AskedSheet) -> None:
    """Keep the matching for that facility; a later one replaces it, the earlier is in the history.

    Nothing is kept for a facility that is not the person's, or where none is chosen.
    """
    mine = facilities_of(user, Permission.LOG_AUTHORIZATIONS)
    facility = mine.filter(code=code).first()
    if facility is None:
        return
    heading = asked.table.heading(asked.reading.heading).cells
    columns = {
        column: heading[place]
        for column, place in asked.reading.places.items()
        if place is not None and place < len(heading) and heading[place]
    }
    values = {
        "columns": columns,
        "words": {column: dict(words) for column, words in asked.reading.words.items()},
        "date_order": asked.reading.order,
    }
    found = SheetMatch.objects.filter(facility=facility).first()
    if found is None or any(getattr(found, name) != value for name, value in values.items()):
        SheetMatch.objects.update_or_create(
            facility=facility, defaults={**values, "saved_by": user}
        )
