"""The spreadsheet in which a front desk keeps its authorizations: rows of one number, one
request.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, time
from itertools import groupby

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import Facility, User
from authorizations import workflow
from authorizations.actions.registration import clock
from authorizations.exchange.department_csv import Row
from authorizations.exchange.reading import RowRefused
from authorizations.models import (
    AuthorizationEvent,
    AuthorizedService,
    Course,
    LineDecision,
    MachineChannel,
    PriorAuthorization,
)
from payers.models import Plan

DECISIONS = {
    "submitted": LineDecision.REQUESTED,
    "pended": LineDecision.PENDED,
    "approved": LineDecision.APPROVED,
    "partially_approved": LineDecision.REDUCED,
    "denied": LineDecision.DENIED,
}
NOON = time(12, 0)


class AuthorizationSheet:
    """Turns grouped rows into requests with lines; remembers whose courses it touched."""

    def __init__(
        self,
        by: User,
        allowed: Collection[str] | None = None,
        channel: MachineChannel | None = None,
    ) -> None:
        """Without a machine channel, approvals are asserted until their document is attached."""
        self.by, self.allowed, self.channel = by, allowed, channel
        self.touched: set[int] = set()

    def load(self, rows: list[tuple[int, Row]]) -> Iterator[tuple[int, bool | Exception]]:
        """Each row's line number with True (added), False (was there) or the error."""
        ordered = sorted(rows, key=lambda pair: (group_key(pair[1]), pair[0]))
        for _, grouped in groupby(ordered, key=lambda pair: group_key(pair[1])):
            group = list(grouped)
            try:
                with transaction.atomic():
                    outcome: bool | Exception = self.add(group)
            except (RowRefused, ValidationError, IntegrityError, workflow.IllegalMove) as error:
                outcome = error
            yield from ((number, outcome) for number, _ in group)

    def add(self, group: list[tuple[int, Row]]) -> bool:
        first = group[0][1]
        course, plan, facility = self.resolve(first)
        if self.allowed is not None and course.facility.code not in self.allowed:
            raise RowRefused("not_yours", f"You do not import for facility {course.facility.code}.")
        check_group(group, course)
        found = self.existing(first, course, plan)
        if found:
            return compare(found, [row for _, row in group])
        request = new_request(first, course, plan, facility, self.by)
        lines = [new_line(row) for _, row in group]
        request.status = workflow.header_status([line.decision for line in lines])
        is_served = self.channel and self.channel.serves(course.facility)
        request.evidence_channel = self.channel if is_served else None
        request.full_clean()
        request.save()
        for line in lines:
            line.authorization = request
            line.full_clean()
            line.save()
        self.remember(request, group)
        self.touched.add(course.pk)
        return True

    def remember(self, request: PriorAuthorization, group: list[tuple[int, Row]]) -> None:
        """The event keeps the rows as they came."""
        raw = [{k: str(v) for k, v in row.items() if v is not None} for _, row in group]
        AuthorizationEvent.objects.create(
            authorization=request,
            verb="import",
            new_status=request.status,
            reason="Loaded from the front desk's spreadsheet",
            details={"rows": raw},
            by=self.by,
        )

    @staticmethod
    def resolve(row: Row) -> tuple[Course, Plan, Facility]:
        course = (
            Course.objects.select_related("patient", "facility").filter(code=row["course"]).first()
        )
        plan = Plan.objects.filter(code=row["plan"]).first()
        facility = Facility.objects.filter(code=row["facility"]).first()
        for found, kind, name in (
            (course, "unknown_course", "Course"),
            (plan, "unknown_plan", "Plan"),
            (facility, "unknown_facility", "Facility"),
        ):
            if found is None:
                raise RowRefused(kind, f"{name} “{row[name.lower()]}” is not registered.")
        return course, plan, facility

    @staticmethod
    def existing(row: Row, course: Course, plan: Plan) -> PriorAuthorization | None:
        if row["number"]:
            return PriorAuthorization.objects.filter(plan=plan, number=row["number"]).first()
        return PriorAuthorization.objects.filter(
            course=course,
            plan=plan,
            number="",
            received_on__date=moment(row, "submitted_on", course.facility).date(),
        ).first()


def group_key(row: Row) -> tuple[str, ...]:
    return (row["number"], row["course"], row["plan"], row["submitted_on"].isoformat())


def moment(row: Row, column: str, facility: Facility) -> datetime:
    """A day of the spreadsheet as a moment: noon at the facility."""
    return datetime.combine(row[column], NOON, tzinfo=facility.tz)


def check_group(group: list[tuple[int, Row]], course: Course) -> None:
    """Refuse what no letter can say."""
    for _, row in group:
        if course.patient.mrn != row["mrn"]:
            raise RowRefused("course_of_another", "This course belongs to another MRN.")
        if row["decided_on"] and row["decided_on"] < row["submitted_on"]:
            raise RowRefused("bad_date", "The decision is dated before the request.")
        if row["status"] in ("approved", "partially_approved") and not row["number"]:
            raise RowRefused(
                "blank_number", "An approval carries the payer's authorization number."
            )


def new_request(
    row: Row, course: Course, plan: Plan, facility: Facility, by: User
) -> PriorAuthorization:
    received = moment(row, "submitted_on", course.facility)
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
    decision = DECISIONS[row["status"]]
    approved, requested = row["units_approved"], row["units_requested"]
    if decision == LineDecision.APPROVED and approved and approved < requested:
        decision = LineDecision.REDUCED
    return AuthorizedService(
        code=row["code"],
        modifier=row["modifier"],
        units_requested=requested,
        units_approved=approved,
        valid_from=row["valid_from"],
        valid_through=row["valid_through"],
        decision=decision,
        reason=row["note"][:200],
    )


def compare(found: PriorAuthorization, rows: list[Row]) -> bool:
    """The request is there as the rows say (False), or it says otherwise. Raises RowRefused."""
    lines = {(line.code, line.modifier): line for line in found.lines.all()}
    for row in rows:
        line = lines.get((row["code"], row["modifier"]))
        names = ("units_requested", "units_approved", "valid_from", "valid_through")
        if found.course.code != row["course"]:
            sentence = "This number is already used by another course of the same plan."
            raise RowRefused("number_of_another", sentence)
        if line is None or any(getattr(line, name) != row[name] for name in names):
            sentence = "This request is already here with other lines. Change it on its page."
            raise RowRefused("different", sentence)
    return False
