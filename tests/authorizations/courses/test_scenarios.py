"""The twelve scenarios by which the front office's work was ordered, each under its number."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts.models import Role
from authorizations.exceptions import Refused
from authorizations.models import Charge, Course, PriorAuthorization
from authorizations.prior_authorizations.actions import (
    make_authorization_move,
    open_request,
    submit,
)
from authorizations.prior_authorizations.clock_extensions import extend_clock
from authorizations.prior_authorizations.coverage_changes import (
    change_course,
    change_coverage,
    end_coverage,
)
from authorizations.prior_authorizations.decisions import LineAnswer, decide
from authorizations.workflow import (
    IllegalMove,
    header_status,
)
from payers.models import Plan
from payers.policies.lookup import PolicyBook
from tests import factories as make
from tests.conftest import asked_lines

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


@pytest.fixture
def clerk(person):
    return person(Role.FRONT_DESK, None)


@pytest.fixture
def asked(clerk):
    """A request of a course sent to its plan and received at a moment."""

    def build(course: Course, plan, received: datetime, **given) -> PriorAuthorization:
        request = open_request(
            course=course, by=clerk, lines=asked_lines(course, 28), plan=plan,
            facility=course.facility, **given,
        )  # fmt: skip
        return submit(authorization=request, by=clerk, channel="portal", received_on=received)

    return build


def plan_of(line_of_business: str, **given):
    code = given.pop("code", f"P-{Plan.objects.count()}")
    plan = make.PlanFactory(code=code, line_of_business=line_of_business, **given)
    make.AuthorizationPolicyFactory(payer=plan.payer, plan=plan, requirement="required")
    return plan


def at(course: Course, text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=course.facility.tz)


def due(request: PriorAuthorization) -> str:
    return request.due_at.astimezone(request.facility.tz).strftime("%Y-%m-%d %H:%M")


def charges(course: Course) -> list[Charge]:
    return list(Charge.objects.live().filter(session__course=course).order_by("date_of_service"))


def test_s01_medicare_advantage_standard_with_extension(course, asked, clerk):
    request = asked(course, plan_of("medicare_advantage"), at(course, "2026-11-23 10:00"))
    assert due(request) == "2026-11-30 23:59"
    overdue = PriorAuthorization.objects.overdue
    assert not overdue(at(course, "2026-11-30 22:00")).exists()
    assert overdue(at(course, "2026-12-01 00:01")).exists()
    extend_clock(authorization=request, by=clerk, reason="letter of 27 Nov")
    request.refresh_from_db()
    assert due(request) == "2026-12-14 23:59"
    with pytest.raises(Refused, match="once is all"):
        extend_clock(authorization=request, by=clerk, reason="again")


def test_s02_medicare_advantage_expedited_over_a_holiday(course, asked, front_desk):
    plan = plan_of("medicare_advantage")
    request = asked(
        course, plan, at(course, "2026-11-25 16:00"), urgency="expedited", urgency_reason="bleeding"
    )
    assert due(request) == "2026-11-28 16:00"
    response = front_desk.post(
        reverse("authorization_new", args=[course.pk]), {"urgency": "expedited"}
    )
    assert "Say why the request is expedited" in response.content.decode()


def test_s03_a_state_rule_does_not_reach_a_self_funded_plan(course, asked, clerk):
    funded = plan_of("commercial_self_funded", state="WA")
    request = asked(course, funded, at(course, "2026-11-23 10:00"))
    assert due(request) == "2026-12-08 23:59"
    extend_clock(authorization=request, by=clerk, reason="portal")
    request.refresh_from_db()
    assert due(request) == "2026-12-23 23:59"
    insured = plan_of("commercial_fully_insured", state="WA")
    other = asked(course, insured, at(course, "2026-11-16 10:00"), is_second_on_purpose=True)
    assert due(other) == "2026-11-19 23:59"


def test_s04_an_exchange_plan_has_fifteen_days_and_needs_a_reason_to_deny(course, asked, clerk):
    request = asked(course, plan_of("exchange", state="OH"), at(course, "2026-11-23 10:00"))
    assert due(request) == "2026-12-08 23:59"
    answers = [LineAnswer(line, "denied") for line in request.lines.all()]
    with pytest.raises(IllegalMove, match="the payer's reason"):
        decide(
            authorization=request, by=clerk, decided_on=TODAY, evidence="letter", answers=answers
        )


def test_s05_an_approval_that_ends_before_the_course(front_desk, facility, plan, authorize):
    facility.closed_days = [date(2026, 11, 27)]
    facility.save()
    course = make.CourseFactory(
        facility=facility, fractions_planned=33, first_fraction_on=date(2026, 11, 16)
    )
    make.CoverageFactory(patient=course.patient, plan=plan)
    authorize(course, units=33, valid=(date(2026, 10, 1), date(2026, 12, 29)))
    with time_machine.travel(datetime(2026, 11, 16, 12, tzinfo=facility.tz), tick=False):
        front_desk.force_login(front_desk.user)
        page = front_desk.get(reverse("course_detail", args=[course.pk])).content.decode()
    assert "The dates run out at fraction" in page
    assert "4 short" in page  # three, and one more for the closed Friday


def test_s06_five_units_short_are_told_at_once_and_held_at_the_end(
    course, authorize, treat, front_desk
):
    course.fractions_planned = 33
    course.save()
    authorize(course, units=28)
    treat(course, 29)
    last = charges(course)[-1]
    assert (last.status, last.leading_rule) == ("held", "R50")
    assert all(charge.status == "ready" for charge in charges(course)[:27])
    page = front_desk.get(reverse("course_detail", args=[course.pk])).content.decode()
    assert "short" in page


def test_s07_old_codes_on_an_approval_across_the_new_year(facility, person):
    """See the examples of R49 and the recoding tests: UnitedHealthcare confirms, others revise."""
    from authorizations.courses.recoding import recoding

    plan = plan_of("commercial_fully_insured", code="UHC-S7")
    course = make.CourseFactory(facility=facility)
    request = make.PriorAuthorizationFactory(course=course, plan=plan, facility=facility)
    make.AuthorizedServiceFactory(authorization=request, code="77014", modifier="")
    assert recoding(request, date(2025, 12, 30)) is None
    assert not recoding(request, date(2026, 1, 5)).is_recoded_by_payer
    make.CodingPolicyFactory(
        payer=plan.payer, plan=plan, topic="old_authorizations", value="recoded_by_payer"
    )
    assert recoding(request, date(2026, 1, 5)).is_recoded_by_payer


def test_s08_another_medicare_advantage_plan_honours_the_course(facility, authorize, treat, clerk):
    old, new = (
        plan_of("medicare_advantage", code="MA-1"),
        plan_of("medicare_advantage", code="MA-2"),
    )
    for row in (old, new):
        make.CodingPolicyFactory(payer=row.payer, plan=row, topic="modifier_26", value="required")
    course = make.CourseFactory(facility=facility, first_fraction_on=date(2026, 10, 5))
    make.CoverageFactory(patient=course.patient, plan=old)
    approval = authorize(course)
    outcome = change_coverage(
        patient=course.patient,
        plan=new,
        member_id="N1",
        starts_on=date(2026, 10, 12),
        reason="New employer",
        by=clerk,
    )
    assert "honours a course under way through 9 Jan 2027" in outcome.advice[0]
    approval.refresh_from_db()
    assert approval.status == "superseded"
    treat(course, 8)
    assert {charge.plan for charge in charges(course)} == {old, new}
    assert all(charge.status == "ready" for charge in charges(course)[:7])


def test_s08_the_transition_ends_after_ninety_days(facility, clerk):
    from authorizations.verdicts.facts import CourseData

    plan = plan_of("medicare_advantage", code="MA-3")
    course = make.CourseFactory(facility=facility, first_fraction_on=date(2026, 12, 1))
    make.CoverageFactory(
        patient=course.patient, plan=plan_of("fep"), effective_through=date(2026, 12, 31)
    )
    make.CoverageFactory(patient=course.patient, plan=plan, effective_from=date(2027, 1, 1))
    file = CourseData(course)
    assert file.is_in_transition(date(2027, 3, 31))
    assert not file.is_in_transition(date(2027, 4, 1))
    assert not file.is_in_transition(date(2026, 12, 31))


def test_s09_authorized_here_treated_there(course, authorize, treat, elsewhere):
    authorize(course, facility=elsewhere)
    treat(course, 1)
    charge = charges(course)[0]
    assert (charge.status, charge.disposition, charge.leading_rule) == ("held", "HOLD", "R59")
    assert course.authorizations.get().facility == elsewhere


def test_s10_a_boost_is_an_extension_and_a_new_code_a_revision(course, approved, treat, clerk):
    treat(course, 5)
    boost = change_course(course=course, by=clerk, reason="boost", fractions_planned=36)
    assert "extension of 8 units" in boost.advice[0]
    assert "UM02 = 4" in boost.advice[0]
    plan = change_course(course=course, by=clerk, reason="re-plan", delivery_code="77412")
    assert "stays on the old line" in plan.advice[0]
    assert "UM02 = S" in plan.advice[0]
    with pytest.raises(Refused, match="5 fractions are recorded already"):
        change_course(course=course, by=clerk, reason="fewer", fractions_planned=3)
    assert approved.events.filter(verb="course_changed").count() == 2


def test_s11_a_mixed_answer_waits_for_its_last_line(course, clerk):
    assert header_status(["approved", "denied", "pended"]) == "pended"
    assert header_status(["approved", "denied", "approved"]) == "partially_approved"
    plan = course.patient.coverages.get().plan
    request = open_request(
        course=course, by=clerk, lines=asked_lines(course, 28), plan=plan, facility=course.facility
    )
    submit(
        authorization=request,
        by=clerk,
        channel="portal",
        received_on=at(course, "2026-09-28 12:00"),
    )
    delivery, guidance = request.lines.all()
    mixed = [
        LineAnswer(delivery, "approved", 28, date(2026, 10, 1), date(2026, 12, 31)),
        LineAnswer(guidance, "denied", reason="not shown to be necessary"),
    ]
    decided = decide(
        authorization=request, by=clerk, decided_on=date(2026, 9, 30), evidence="letter",
        number="A5", reason="not shown to be necessary", answers=mixed,
    )  # fmt: skip
    assert decided.status == "partially_approved"
    moved = make_authorization_move(authorization=decided, verb="appeal", by=clerk, reason="NCCN")
    assert (moved.status, moved.appeal_level) == ("appealed", 1)


def test_s12_medicare_needs_no_number_and_a_claim_names_one_once(
    course, approved, treat, coder, plan
):
    ffs = make.PlanFactory(code="FFS-TX", line_of_business="medicare_ffs", state="TX")
    make.AuthorizationPolicyFactory(payer=ffs.payer, plan=ffs, requirement="not_required")
    assert PolicyBook().is_required(ffs, TODAY) is False
    treat(course, 2)
    coder.post(reverse("charge_release_many"), {"scope": "view", "query": "status=ready"})
    coder.post(reverse("batch_draw"), {"facility": course.facility.pk, "payer": plan.payer.pk})
    from authorizations.models import Batch

    assert {row["auth_number"] for row in Batch.objects.get().rows} == {"A1000001"}


def test_minnesota_forbids_asking_where_it_regulates(facility, clerk):
    book = PolicyBook()
    insured = plan_of("commercial_fully_insured", state="MN")
    funded = plan_of("commercial_self_funded", state="MN")
    book = PolicyBook()
    assert book.is_required(insured, date(2026, 6, 1)) is False
    assert book.is_required(insured, date(2025, 12, 31)) is not False
    assert book.is_required(funded, date(2026, 6, 1)) is True


def test_a_coverage_that_ended_long_ago_takes_its_payer_from_every_later_charge(
    course, approved, treat, clerk
):
    treat(course, 5)
    coverage = course.patient.coverages.get()
    last = course.first_fraction_on + timedelta(days=1)
    outcome = end_coverage(coverage=coverage, last_day=last, reason="Eligibility", by=clerk)
    assert "3 unreleased charges" in outcome.advice[0]
    assert [charge.plan is None for charge in charges(course)] == [False, False, True, True, True]
