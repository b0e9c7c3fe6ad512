"""The authorizations of the person's facilities as the front desk's spreadsheet has them."""

from __future__ import annotations

from collections.abc import Iterator

from accounts.models import User
from accounts.roles import Permission
from authorizations.models import AuthorizedService, Course, LineDecision

STATUS = {
    LineDecision.REQUESTED: "submitted",
    LineDecision.PENDED: "pended",
    LineDecision.APPROVED: "approved",
    LineDecision.REDUCED: "partially_approved",
    LineDecision.DENIED: "denied",
}


def sheet_rows(user: User) -> Iterator[dict[str, object]]:
    """One row for each line of each request that was sent: read in again it changes nothing."""
    lines = (
        AuthorizedService.objects.filter(
            authorization__course__in=Course.objects.for_user(user, Permission.LOG_AUTHORIZATIONS),
            authorization__submitted_at__isnull=False,
        )
        .select_related("authorization__course__patient", "authorization__course__facility",
                        "authorization__plan", "authorization__facility")
        .order_by("authorization__submitted_at", "authorization_id", "id")
    )  # fmt: skip
    for line in lines:
        yield sheet_row(line)


def sheet_row(line: AuthorizedService) -> dict[str, object]:
    request = line.authorization
    received = (request.received_on or request.submitted_at).astimezone(request.course.facility.tz)
    return {
        "authorization_number": request.number,
        "mrn": request.course.patient.mrn,
        "course": request.course.code,
        "plan": request.plan.code,
        "facility": request.facility.code,
        "status": STATUS[line.decision],
        "urgency": request.urgency,
        "submitted_on": received.date().isoformat(),
        "decided_on": request.decided_on.isoformat() if request.decided_on else "",
        "code": line.code,
        "modifier": line.modifier,
        "units_requested": line.units_requested,
        "units_approved": line.units_approved,
        "valid_from": line.valid_from.isoformat() if line.valid_from else "",
        "valid_through": line.valid_through.isoformat() if line.valid_through else "",
        "evidence": request.evidence,
        "notes": line.reason or request.note,
    }
