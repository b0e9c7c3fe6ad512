"""Who waits for whom: imports for one another, and for everything that touches their patients."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection

from authorizations.models import Course

IMPORTS = 77388  # of its own: batches are numbered under another lock


def lock_imports() -> None:
    """One import writes at a time; the lock ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORTS])


def lock_patients(patients: Collection[int]) -> None:
    """All courses of these patients, in one order for everybody."""
    rows = Course.objects.select_for_update().filter(patient__in=patients).order_by("pk")
    list(rows.values_list("pk"))
