"""What changes during a course: who pays, how it is treated, where. Each with what must follow."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.roles import Permission, has_permission
from accounts.web.text import shown_day
from authorizations.courses.registration import may_register_for
from authorizations.exceptions import Refused
from authorizations.models import (
    Charge,
    ChargeStatus,
    Course,
    Coverage,
    CoverageEvent,
    CoverageVerb,
    Patient,
)
from authorizations.prior_authorizations.actions import (
    make_authorization_move,
    write_authorization_event,
)
from authorizations.verdicts.judge_course import judge_course
from authorizations.worklists.sync_tasks import in_one_pass
from payers.clocks import transition_ends_on
from payers.models import Plan
from payers.policies.lookup import PolicyBook
from payers.policies.state_law import prohibition

ONE_DAY = timedelta(days=1)


@dataclass
class ChangeResult:
    """What was done, and what a coordinator must know or do next."""

    advice: list[str] = field(default_factory=list)
    released_after: int = 0


@transaction.atomic
@in_one_pass()
def change_coverage(
    *, patient: Patient, plan: Plan, member_id: str, starts_on: date, reason: str, by: User
) -> ChangeResult:
    """Another plan pays from a day on: the one before ends on its eve, its approvals are closed.

    Approvals of the same plan stay, as where only the member ID is another; and those at a facility
    where the person logs none, in a worklist of that facility.
    Raises Refused without a reason, for who registers at no facility that treats the patient, and
    when the new plan would begin before the old one.
    """
    refuse_stranger(patient, by, reason)
    current = primary(patient, starts_on)
    if current and current.effective_from >= starts_on:
        raise Refused("The coverage of today begins on or after that day: correct its dates first.")
    if current:
        current.effective_through = starts_on - ONE_DAY
        current.save(update_fields=["effective_through"])
    added = Coverage.objects.create(
        patient=patient, plan=plan, member_id=member_id, effective_from=starts_on
    )
    is_same_plan = current is not None and current.plan_id == plan.pk
    verb = CoverageVerb.REPLACED if current else CoverageVerb.ADDED
    write_coverage_event(added, verb, starts_on, reason, by)
    outcome = ChangeResult()
    for course in open_courses(patient, starts_on):
        if has_permission(by, Permission.LOG_AUTHORIZATIONS, course.facility):
            if not is_same_plan:
                is_switch = current is not None
                outcome.advice += advice_on_plan(course, plan, starts_on, is_switch=is_switch)
            supersede_old(course, plan, starts_on, by)
        cause = "The coverage is numbered anew." if is_same_plan else "Another plan pays."
        judge_course(course, by=by, cause=cause)
    return outcome


def refuse_stranger(patient: Patient, by: User, reason: str) -> None:
    """A coverage is changed by who registers where the patient is treated, with a reason."""
    if not may_register_for(patient, by):
        raise Refused(
            "A coverage is changed by somebody who registers at a facility that treats the patient."
        )
    if not reason.strip():
        raise Refused("Say why the coverage changes: it stands on the page of each course.")


def write_coverage_event(
    coverage: Coverage, verb: str, changed_from: date, reason: str, by: User
) -> CoverageEvent:
    """A line under “What happened” of each course that is treated from that day on."""
    return CoverageEvent.objects.create(
        coverage=coverage, verb=verb, changed_from=changed_from, reason=reason.strip(), by=by
    )


def primary(patient: Patient, on: date) -> Coverage | None:
    """The primary coverage of a day, locked."""
    rows = Coverage.objects.select_for_update(of=("self",)).in_force(on)
    return rows.filter(patient=patient, rank=Coverage.Rank.PRIMARY).first()


def open_courses(patient: Patient, on: date) -> list[Course]:
    return list(patient.courses.going_on(on).select_related("facility", "patient"))


def advice_on_plan(course: Course, plan: Plan, on: date, *, is_switch: bool) -> list[str]:
    """What the new plan wants for what is still to be treated."""
    law = prohibition(line_of_business=plan.line_of_business, state=plan.state, on=on)
    if law:
        return [f"{law.source}: no authorization is required for {law.condition}."]
    required = PolicyBook().is_required(plan, on, course.guidance_on(on))
    if required is False:
        return [f"{plan.insurer} requires no authorization from {shown_day(on)} on."]
    until = transition_ends_on(joined_on=on, line_of_business=plan.line_of_business)
    first = course.first_fraction_on
    is_under_way = first is not None and first < on
    if is_switch and is_under_way and until:
        return [
            f"{plan.insurer} honours a course under way through {shown_day(until)}: no new "
            "authorization is needed for that time. Tell them of the course, and ask for what "
            f"comes after {shown_day(until)}."
        ]
    asked = "requires" if required else "may require"
    return [
        f"{plan.insurer} {asked} its own authorization from {shown_day(on)} on: "
        "the old one does not count."
    ]


def supersede_old(course: Course, plan: Plan, on: date, by: User) -> None:
    """Approvals of the plan before speak only for the days before."""
    old = course.authorizations.with_approval().exclude(plan=plan)
    reason = f"{plan} pays from {shown_day(on)} on"
    for authorization in old:
        make_authorization_move(
            authorization=authorization, verb="supersede", by=by, reason=reason, superseded_from=on
        )


@transaction.atomic
@in_one_pass()
def end_coverage(*, coverage: Coverage, last_day: date, reason: str, by: User) -> ChangeResult:
    """The coverage ended, perhaps long ago: what was treated since is judged anew at once.

    Raises Refused without a reason, and for who registers at no facility that treats the patient.
    """
    refuse_stranger(coverage.patient, by, reason)
    if last_day < coverage.effective_from:
        raise Refused("The coverage ends before it begins: check the day.")
    coverage.effective_through = last_day
    coverage.save(update_fields=["effective_through"])
    write_coverage_event(coverage, CoverageVerb.ENDED, last_day + ONE_DAY, reason, by)
    for course in open_courses(coverage.patient, last_day):
        judge_course(course, by=by, cause="The coverage ended.")
    return outcome_of_end(coverage, last_day, by)


def outcome_of_end(coverage: Coverage, last_day: date, by: User) -> ChangeResult:
    """What the end leaves without a payer, at the facilities whose cases the person reads."""
    outcome = ChangeResult()
    late = (
        Charge.objects.live()
        .for_user(by, Permission.READ_CASES)
        .filter(session__course__patient=coverage.patient, date_of_service__gt=last_day)
    )
    outcome.released_after = late.filter(status=ChargeStatus.RELEASED).count()
    held = late.exclude(status=ChargeStatus.RELEASED).count()
    if held:
        outcome.advice.append(
            f"{held} unreleased charges are of days after {shown_day(last_day)}: they have no "
            "payer until another coverage is registered."
        )
    if outcome.released_after:
        outcome.advice.append(
            f"{outcome.released_after} charges of days after {shown_day(last_day)} are released: "
            "void them before the payer asks its money back."
        )
    return outcome


CHANGEABLE = (
    "fractions_planned",
    "fractions_per_day",
    "weekdays",
    "delivery_code",
    "technique",
    "facility",
    "has_motion_management",
)


def version_of(course: Course) -> int:
    """How often the course was written: a form that was shown before that is stale."""
    return course.history.count()


@transaction.atomic
def change_course(
    *, course: Course, by: User, reason: str, version: int | None = None, **changes: Any
) -> ChangeResult:
    """A boost, a new plan, another place. Raises Refused for what cannot be.

    ``version`` is that of the course as it was shown; a change made meanwhile is not overwritten.
    """
    fresh = (
        Course.objects.select_for_update(of=("self",)).select_related("facility").get(pk=course.pk)
    )
    if version is not None and version != version_of(fresh):
        raise Refused("Somebody changed this course meanwhile. Look at it again; nothing is saved.")
    changed = {n: v for n, v in changes.items() if n in CHANGEABLE and getattr(fresh, n) != v}
    for facility in filter(None, (fresh.facility, changed.get("facility"))):
        if not has_permission(by, Permission.REGISTER, facility):
            raise Refused(f"The course is changed by somebody who registers at {facility}.")
    recorded = max(fresh.sessions.live().values_list("fraction", flat=True), default=0)
    if recorded and changed.get("fractions_planned", recorded) is None:
        raise Refused("Treatments are recorded: how many fractions are planned has to be known.")
    if recorded and changed.get("fractions_planned", recorded) < recorded:
        raise Refused(f"{recorded} fractions are recorded already: fewer cannot be planned.")
    outcome = ChangeResult(advice_on_course(fresh, changed))
    for name, value in changed.items():
        setattr(fresh, name, value)
    fresh.save(update_fields=list(changed) or None)
    for authorization in fresh.authorizations.with_approval():
        told = ", ".join(name.replace("_", " ") for name in changed)
        write_authorization_event(
            authorization, "course_changed", authorization.status, by, f"{told}: {reason}"
        )
    judge_course(fresh, by=by, cause="The course was changed.")
    return outcome


def advice_on_course(course: Course, changed: dict[str, Any]) -> list[str]:
    """What the payer must be told, and as what kind of request."""
    advice = []
    before, after = course.fractions_planned, changed.get("fractions_planned")
    more = after - before if before and after else 0
    if more > 0 and "delivery_code" not in changed:
        advice.append(
            f"{more} fractions more in the same codes: ask for an extension of {more} units "
            "(X12 278: UM02 = 4)."
        )
    elif more < 0:
        advice.append(f"{-more} fractions fewer: {-more} approved units will be left unused.")
    if "delivery_code" in changed:
        advice.append(
            f"{changed['delivery_code']} instead of {course.delivery_code}: what is given stays on "
            "the old line; ask for a revision with a line in the new code (UM02 = S). Until it is "
            "approved, treatments in the new code hold no unit of it."
        )
    if "facility" in changed:
        advice.append(
            f"Treated at {changed['facility']} from now on: ask the payer to amend the place, or "
            "the rulebook holds each charge (R59)."
        )
    return advice
