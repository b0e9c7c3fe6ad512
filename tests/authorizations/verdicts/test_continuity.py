"""A plan joined during the course: a law is a reason to decide, a commitment only an argument."""

from __future__ import annotations

from datetime import date

import pytest

from authorizations.models import Charge, Coverage
from authorizations.verdicts.judge_course import judge_course
from tests import factories as make

pytestmark = pytest.mark.django_db
JOINED = date(2026, 10, 3)


@pytest.fixture
def changed_plan(course, authorize, treat, person):
    """Approved under one plan; another, of this state and kind, pays from the second day on."""

    def build(state: str, line: str, sessions: int = 3):
        authorize(course)
        treat(course, sessions)
        course.refresh_from_db()
        first = course.sessions.order_by("started_at").first().date_of_service
        course.first_fraction_on = first
        course.save()
        joined = first.replace(day=first.day + 1)
        Coverage.objects.filter(patient=course.patient).update(effective_through=first)
        plan = make.PlanFactory(code="JOINED", state=state, line_of_business=line)
        make.AuthorizationPolicyFactory(plan=plan)
        make.CoverageFactory(patient=course.patient, plan=plan, effective_from=joined)
        judge_course(course, by=person("coder", None))
        return plan

    return build


def verdicts(course) -> list[tuple[str, str]]:
    rows = Charge.objects.live().filter(session__course=course).order_by("date_of_service")
    return list(rows.values_list("disposition", "leading_rule"))


def sentence(course) -> str:
    last = Charge.objects.live().order_by("date_of_service").last()
    return str(last.reviews.order_by("-pk").first().verdict)


def test_a_states_law_makes_a_coder_decide(course, changed_plan):
    changed_plan("NE", "commercial_fully_insured")
    assert verdicts(course)[1:] == [("HOLD", "R48")] * 2
    assert "Neb. LB 77, through" in sentence(course)


def test_the_insurers_commitment_is_an_argument_and_the_verdict_stays(course, changed_plan):
    changed_plan("NE", "commercial_self_funded")
    assert verdicts(course)[1:] == [("STOP", "R48")] * 2
    assert "it is no permission: Insurers' commitment of June 2025" in sentence(course)


def test_a_plan_outside_both_is_told_nothing_of_the_kind(course, changed_plan):
    changed_plan("NE", "fep")
    assert verdicts(course)[1:] == [("STOP", "R48")] * 2
    assert "no permission" not in sentence(course)
