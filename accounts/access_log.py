"""Who looked at which patient: one row for each page with patient data, each export, each
search.
"""

from __future__ import annotations

from django.http import HttpRequest

from accounts.models import AccessEvent
from accounts.web.visitors import visitor_address


def record_access(
    request: HttpRequest,
    *,
    patient=None,
    action: str = AccessEvent.Action.VIEW,
    rows: int = 1,
    row_number: int | None = None,
) -> None:
    """Remember that this person read these patient data on this page."""
    event = AccessEvent(
        by=request.user,
        action=action,
        page=request.resolver_match.view_name if request.resolver_match else "",
        patient_number=patient.pk if patient else None,
        rows=rows,
        row_number=row_number,
        address=visitor_address(request) or None,
    )
    waiting = getattr(request, "access_to_record", None)
    if waiting is None:
        event.save(force_insert=True)
    else:  # a page of the past writes nothing: its middleware writes this beside it
        waiting.append(event)
