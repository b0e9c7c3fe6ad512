"""Who waits for whom: imports for one another, and everything that touches a course for it."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection

from authorizations.models import Course

IMPORTS = 77387


def lock_imports() -> None:
    """One import writes at a time; the lock ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORTS])


def lock_patients(patients: Collection[int]) -> None:
    """All courses of these patients, in one order for everybody."""
    rows = Course.objects.select_for_update().filter(patient__in=patients).order_by("pk")
    list(rows.values_list("pk"))


def lock_course(course: int) -> None:
    """The course before its sessions and charges: so two writers never wait for each other."""
    list(Course.objects.select_for_update().filter(pk=course).values_list("pk"))
