"""Registering a patient, the coverage and the course: one form, one transaction, one answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from authorizations.models import Course, Coverage, Patient, Urgency
from payers.clocks import Deadline, decision_deadline
from payers.models import AuthorizationPolicy, Plan
from payers.policies import PolicyBook
from payers.state_law import Prohibition, prohibition


@transaction.atomic
def register_course(*, patient: dict, coverage: dict, course: dict, by: User) -> Course:
    """Find or create the patient and coverage, and create the course. All three or none."""
    person, _ = Patient.objects.get_or_create(
        mrn=patient["mrn"], defaults={k: v for k, v in patient.items() if k != "mrn"}
    )
    find_or_add_coverage(person, coverage)
    return Course.objects.create(patient=person, registered_by=by, **course)


def find_or_add_coverage(patient: Patient, given: dict) -> Coverage:
    """The coverage with this plan and member number, or a new one."""
    found = Coverage.objects.filter(
        patient=patient, plan=given["plan"], member_id=given["member_id"]
    ).first()
    return found or Coverage.objects.create(patient=patient, **given)


@dataclass(frozen=True)
class AuthorizationAnswer:
    """Is permission needed, who gives it, by when must they answer, what do they want to see?"""

    plan: Plan | None
    policy: AuthorizationPolicy | None
    deadline: Deadline | None
    law: Prohibition | None = None

    @property
    def requirement(self) -> str:
        if self.law:
            return AuthorizationPolicy.Requirement.NOT_REQUIRED
        return self.policy.requirement if self.policy else "unknown"


def authorization_answer(
    course: Course, *, received_at: datetime | None = None
) -> AuthorizationAnswer:
    """The answer for a course on its first day, with the payer's clock if asked right now."""
    plan = plan_on(course.patient, course.first_fraction_on)
    if plan is None:
        return AuthorizationAnswer(None, None, None)
    policy = PolicyBook().authorization_policy(plan, course.first_fraction_on)
    deadline = clock(plan, received_at or timezone.now(), course.facility.time_zone)
    law = prohibition(
        line_of_business=plan.line_of_business, state=plan.state, on=course.first_fraction_on
    )
    return AuthorizationAnswer(plan, policy, deadline, law)


def plan_on(patient: Patient, on: date) -> Plan | None:
    """The primary plan of a patient on a day."""
    row = (
        Coverage.objects.in_force(on)
        .filter(patient=patient, rank=Coverage.Rank.PRIMARY)
        .select_related("plan__payer")
        .first()
    )
    return row.plan if row else None


def clock(
    plan: Plan,
    received_at: datetime,
    time_zone: str,
    urgency: str = Urgency.STANDARD,
    channel: str = "portal",
) -> Deadline | None:
    """When this plan must answer a request received at that moment; None where no clock applies."""
    return decision_deadline(
        line_of_business=plan.line_of_business,
        state=plan.state,
        urgency=urgency,
        received_at=received_at,
        is_electronic=channel in ("portal", "edi"),
        time_zone=time_zone,
    )
