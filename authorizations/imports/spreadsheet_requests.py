"""A request and its lines as rows of the spreadsheet have them, not yet saved."""

from __future__ import annotations

from datetime import datetime, time

from accounts.models import Facility, User
from authorizations.courses.registration import clock
from authorizations.exchange.department_csv import Row
from authorizations.imports.spreadsheet_changes import decision_of
from authorizations.models import AuthorizedService, Course, PriorAuthorization
from payers.models import Plan

NOON = time(12, 0)


def submission(row: Row, facility: Facility) -> datetime:
    """A day of the spreadsheet at its time, or at noon where it has none, at the facility."""
    return datetime.combine(row["submitted_on"], row["submitted_time"] or NOON, tzinfo=facility.tz)


def new_request(
    row: Row, course: Course, plan: Plan, facility: Facility, by: User
) -> PriorAuthorization:
    received = submission(row, course.facility)
    deadline = clock(plan, received, course.facility.time_zone, row["urgency"])
    is_pended = row["status"] == "pended"
    return PriorAuthorization(
        course=course,
        plan=plan,
        facility=facility,
        number=row["number"],
        urgency=row["urgency"],
        urgency_reason="As noted in the spreadsheet" if row["urgency"] == "expedited" else "",
        channel="portal",
        created_by=by,
        submitted_at=received,
        submitted_by=by,
        received_on=received,
        due_at=deadline.due_at if deadline else None,
        clock_rule=deadline.rule if deadline else "",
        decided_on=row["decided_on"],
        evidence=row["evidence"],
        who_acts="us" if is_pended else "payer" if not row["decided_on"] else "nobody",
        pend_reason=(row["note"] or "as noted in the spreadsheet")[:200] if is_pended else "",
        denial_reason=row["note"][:200] if row["status"] == "denied" else "",
        note=row["note"],
    )


def new_line(row: Row) -> AuthorizedService:
    return AuthorizedService(
        code=row["code"],
        modifier=row["modifier"],
        units_requested=row["units_requested"],
        units_approved=row["units_approved"],
        valid_from=row["valid_from"],
        valid_through=row["valid_through"],
        decision=decision_of(row),
        reason=row["note"][:200],
    )
