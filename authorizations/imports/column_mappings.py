"""Remembering how the files of a facility are to be read."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from accounts.models import Facility, User
from authorizations.models import ColumnMapping


@transaction.atomic
def save_mapping(
    *, facility: Facility, columns: dict[str, str], by: User, **writing: Any
) -> ColumnMapping:
    """One mapping a facility; a later one replaces it, the earlier is in the history."""
    row, _ = ColumnMapping.objects.update_or_create(
        facility=facility, defaults={"columns": columns, "saved_by": by, **writing}
    )
    return row
