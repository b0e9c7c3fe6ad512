"""A plan that a patient joins during a course goes on with it; one that numbers anew does not."""

from __future__ import annotations

from datetime import date

import pytest

from authorizations.verdicts.facts import CourseData
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("is_other", [True, False])
def test_only_a_plan_that_was_not_the_payer_before_takes_a_course_over(facility, is_other):
    plan = make.PlanFactory(line_of_business="medicare_advantage")
    before = (
        make.PlanFactory(code="OTHER", line_of_business="medicare_advantage") if is_other else plan
    )
    course = make.CourseFactory(facility=facility, first_fraction_on=date(2026, 12, 1))
    make.CoverageFactory(
        patient=course.patient,
        plan=before,
        effective_from=date(2026, 1, 1),
        effective_through=date(2026, 12, 31),
    )
    make.CoverageFactory(
        patient=course.patient, plan=plan, effective_from=date(2027, 1, 1), member_id="NEW-1"
    )
    assert CourseData(course).is_in_transition(date(2027, 1, 2)) is is_other
