"""Registering a patient, the coverage and the course: one form, one transaction, one answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.roles import Permission
from authorizations.exceptions import NotRegistered
from authorizations.exchange.row_reader import NOT_FOUND_HERE
from authorizations.models import (
    Course,
    CourseMilestone,
    Coverage,
    CoverageEvent,
    MilestoneKind,
    Patient,
    Urgency,
)
from authorizations.worklists.sync_tasks import sync_courses, with_name
from payers.clocks import Deadline, decision_deadline
from payers.models import AuthorizationPolicy, Plan
from payers.policies.lookup import PolicyBook
from payers.policies.state_law import Prohibition, prohibition

FURTHEST_START = timedelta(days=366)


@transaction.atomic
def register_course(
    *, patient: dict, coverage: dict, course: dict, by: User, referred_on: date | None = None
) -> Course:
    """Find or create the patient and coverage, and create the course. All three or none.

    Raises NotRegistered, with one sentence for all reasons, where the MRN is another person's or
    that of a patient whom only other facilities treat.
    """
    person, is_new = Patient.objects.of_mrn(patient["mrn"]).first(), False
    if person is None:
        person, is_new = Patient.objects.get_or_create(
            mrn=patient["mrn"], defaults={k: v for k, v in patient.items() if k != "mrn"}
        )
    if not (is_new or may_be_linked(person, patient, by)):
        raise NotRegistered(NOT_FOUND_HERE)
    made = Course.objects.create(patient=person, registered_by=by, **course)
    find_or_add_coverage(person, coverage, made, by)
    if referred_on:
        CourseMilestone.objects.create(
            course=made, kind=MilestoneKind.REFERRAL, on=referred_on, recorded_by=by
        )
    courses = person.courses.values_list("pk", flat=True)
    sync_courses(courses, with_name(f"Course {made.code} was registered.", by))
    return made


def may_be_linked(known: Patient, given: dict, by: User) -> bool:
    """Whether a course may be added to a registered patient by who typed these values."""
    is_same = (
        known.last_name.casefold() == given["last_name"].casefold()
        and known.date_of_birth == given["date_of_birth"]
    )
    return is_same and may_register_for(known, by)


def may_register_for(patient: Patient, by: User) -> bool:
    """Whether a person registers at a facility that treats the patient; or nobody treats them."""
    mine = Course.objects.for_user(by, Permission.REGISTER)
    return mine.filter(patient=patient).exists() or not patient.courses.exists()


def find_or_add_coverage(patient: Patient, given: dict, course: Course, by: User) -> Coverage:
    """The coverage with this plan and member number, or a new one; other courses are told."""
    found = Coverage.objects.filter(
        patient=patient, plan=given["plan"], member_id=given["member_id"]
    ).first()
    if found:
        return found
    added = Coverage.objects.create(patient=patient, **given)
    if patient.courses.exclude(pk=course.pk).exists():
        CoverageEvent.objects.create(
            coverage=added,
            verb=CoverageEvent.Verb.ADDED,
            changed_from=added.effective_from,
            reason=f"Registered with course {course.code}",
            by=by,
        )
    return added


@dataclass(frozen=True)
class AuthorizationAnswer:
    """Is permission needed, who gives it, by when must they answer, what do they want to see?"""

    plan: Plan | None
    policy: AuthorizationPolicy | None
    deadline: Deadline | None
    law: Prohibition | None = None
    is_required: bool | None = None
    doubt: str = ""  # why the policies on file name no one answer

    @property
    def requirement(self) -> str:
        names = AuthorizationPolicy.Requirement
        if self.is_required is None:
            return names.UNKNOWN
        return names.REQUIRED if self.is_required else names.NOT_REQUIRED


def authorization_answer(
    course: Course, *, received_at: datetime | None = None
) -> AuthorizationAnswer:
    """The answer for a course on its first day, with the payer's clock if asked right now.

    While the first treatment has no day, for today.
    """
    day = course.expected_on(timezone.now().astimezone(course.facility.tz).date())
    plan = plan_on(course.patient, day)
    if plan is None:
        return AuthorizationAnswer(None, None, None)
    policies, asked = PolicyBook(), (plan, day, course.guidance_on(day))
    found = policies.find_authorization_policy(*asked)
    deadline = clock(plan, received_at or timezone.now(), course.facility.time_zone)
    law = prohibition(line_of_business=plan.line_of_business, state=plan.state, on=day)
    is_required = policies.is_required(*asked)
    return AuthorizationAnswer(plan, found.row, deadline, law, is_required, found.doubt)


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
