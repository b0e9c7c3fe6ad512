"""Who looked at which patient: one row for each page with patient data, each export, each
search.
"""

from __future__ import annotations

from django.http import HttpRequest

from accounts.models import AccessEvent


def record_access(
    request: HttpRequest, *, patient=None, action: str = AccessEvent.Action.VIEW, rows: int = 1
) -> None:
    """Remember that this person read these patient data on this page."""
    AccessEvent.objects.create(
        by=request.user,
        action=action,
        page=request.resolver_match.view_name if request.resolver_match else "",
        patient_number=patient.pk if patient else None,
        rows=rows,
        address=request.META.get("REMOTE_ADDR") or None,
    )
