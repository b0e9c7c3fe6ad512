"""A unit is taken from the line that covers the component and the day and ends first."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from accounts.models import Role
from authorizations.invariants import INVARIANTS, broken
from authorizations.models import AuthorizedService, GuidanceSession
from authorizations.prior_authorizations.actions import open_request, submit
from authorizations.prior_authorizations.decisions import LineAnswer, decide
from authorizations.treatments.actions import record_session
from authorizations.verdicts.judge_course import judge_course
from tests import factories as make
from tests.support.judged import charge_of, rules_of

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


@pytest.fixture
def ask(person):
    """Approve guidance lines given as (code, modifier, units, first day, last day)."""

    def build(course, *lines, number="C3", facility=None, evidence="letter"):
        clerk = person(Role.FRONT_DESK, None)
        plan = course.patient.coverages.get(effective_through=None).plan
        request = open_request(
            course=course,
            by=clerk,
            plan=plan,
            facility=facility or course.facility,
            is_second_on_purpose=True,
            lines=[{"code": c, "modifier": m, "units_requested": u} for c, m, u, *_ in lines],
        )
        received = datetime(2025, 9, 28, 12, tzinfo=course.facility.tz)
        submit(authorization=request, by=clerk, channel="portal", received_on=received)
        if evidence == "letter":
            make.DocumentFactory(authorization=request, kind="approval_letter")
        answers = [
            LineAnswer(row, "approved", units, first, last)
            for row, (_, _, units, first, last) in zip(request.lines.all(), lines, strict=True)
        ]
        return decide(
            authorization=request,
            by=clerk,
            decided_on=date(2025, 9, 30),
            evidence=evidence,
            number=number,
            answers=answers,
        )

    return build


AUTUMN = (date(2026, 10, 1), date(2026, 12, 31))


def test_a_line_of_the_other_component_gives_no_unit(course, ask, treat):
    ask(course, ("77387", "TC", 30, *AUTUMN))
    session = treat(course)[0]
    session.refresh_from_db()
    assert session.authorized_service_id is None
    assert "R48" in rules_of(session)


def test_the_component_of_a_line_is_read_beside_the_other(course, ask, treat):
    ask(course, ("77387", "TC", 30, *AUTUMN), ("77387", "26", 1, *AUTUMN))
    first, second = treat(course, 2)
    assert AuthorizedService.objects.get(modifier="26").units_used == 1
    assert AuthorizedService.objects.get(modifier="TC").units_used == 0
    assert charge_of(first).disposition == "pass"
    assert "R50" in rules_of(second)


def test_the_line_that_ends_first_is_used_first(course, ask, treat):
    ask(course, ("77387", "26", 5, date(2026, 10, 1), date(2026, 12, 31)), number="LONG")
    ask(course, ("77387", "26", 5, date(2026, 10, 1), date(2026, 11, 30)), number="SHORT")
    treat(course, 2)
    assert AuthorizedService.objects.get(authorization__number="SHORT").units_used == 2
    assert AuthorizedService.objects.get(authorization__number="LONG").units_used == 0


def test_the_line_that_gives_the_unit_is_the_line_that_is_judged(
    course, ask, treat, elsewhere, facility
):
    ask(course, ("77387", "26", 1, *AUTUMN), number="HERE")
    ask(course, ("77387", "26", 5, *AUTUMN), number="THERE", facility=elsewhere)
    first, second = treat(course, 2)
    assert "R59" not in rules_of(first)
    assert "R59" in rules_of(second)


def test_what_is_only_heard_gives_a_unit_last(course, ask, treat):
    ask(course, ("77387", "26", 5, *AUTUMN), number="CALL", evidence="phone")
    ask(course, ("77387", "26", 1, *AUTUMN), number="LETTER")
    first, second = treat(course, 2)
    assert charge_of(first).disposition == "pass"
    assert "R50" in rules_of(second)


def test_a_course_over_the_new_year_uses_the_old_codes_before_and_the_new_after(
    course, plan, ask, person
):
    plan.line_of_business = "medicare_advantage"
    plan.save()
    course.first_fraction_on = date(2025, 12, 29)
    course.guidance_ordered_on = date(2025, 12, 1)
    course.save()
    course.patient.coverages.update(effective_from=date(2025, 1, 1))
    year = (date(2025, 12, 1), date(2026, 3, 31))
    ask(course, ("77014", "26", 3, date(2025, 12, 1), date(2025, 12, 31)), number="OLD")
    ask(course, ("77387", "26", 3, date(2026, 1, 1), year[1]), number="NEW")
    therapist = person(Role.THERAPIST, None)
    days = (date(2025, 12, 30), date(2025, 12, 31), date(2026, 1, 2), date(2026, 1, 5))
    for number, day in enumerate(days, 1):
        start = datetime(day.year, day.month, day.day, 10, tzinfo=course.facility.tz)
        record_session(
            course=course, by=therapist, facility=course.facility, machine="T1",
            date_of_service=day, fraction=number, started_at=start,
            delivery_code="77412" if day.year == 2025 else "77407", modalities=["cbct"],
            image_at=start - timedelta(minutes=4), shift_lr_mm=0, shift_si_mm=0, shift_ap_mm=0,
        )  # fmt: skip
    judge_course(course, by=therapist, on=TODAY)
    sessions = list(GuidanceSession.objects.order_by("date_of_service"))
    assert [charge_of(s).code for s in sessions] == ["77014", "77014", "77387", "77387"]
    used = {row.code: row.units_used for row in AuthorizedService.objects.all()}
    assert used == {"77014": 2, "77387": 2}
    for session in sessions:
        assert not {"R48", "R49", "R50", "R51"} & rules_of(session)


def test_no_invariant_is_broken_by_components_and_port_images(course, ask, treat):
    ask(course, ("77387", "TC", 30, *AUTUMN), ("77387", "26", 1, *AUTUMN))
    treat(course, 2)
    treat(course, modalities=["port_film"])
    assert [row.key for row in INVARIANTS if broken(row)] == []
