"""A known error of a payer warns at the charge and lists what it concerns, and nothing else."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from authorizations.models import Charge
from authorizations.verdicts.judge_course import judge_course
from tests import factories as make
from tests.support.judged import charge_of, rules_of

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


@pytest.fixture
def session(course, approved, treat):
    return treat(course)[0]


def judged(session) -> set[str]:
    judge_course(session.course, by=make.UserFactory(), on=TODAY)
    return rules_of(session)


def test_the_charge_warns_that_a_denial_is_being_reprocessed(session, plan):
    assert "R13" not in judged(session)
    make.KnownPayerErrorFactory(
        payer=plan.payer, denial="CO-97", reprocessing_until=date(2026, 12, 31)
    )
    assert "R13" in judged(session)
    charge = charge_of(session)
    sentence = charge.reviews.latest("pk").verdict
    assert "being reprocessed by 31 Dec 2026" in sentence
    assert (charge.disposition, charge.status) == ("WARN", "ready")


@pytest.mark.parametrize(
    "other",
    [
        {"code": "77014"},
        {"modifier": "TC"},
        {"places_of_service": ["11"]},
        {"states": ["CA"]},
        {"line_of_business": "medicaid_ffs"},
        {"effective_from": date(2020, 1, 1), "effective_through": date(2020, 12, 31)},
    ],
)
def test_an_error_about_other_lines_days_places_or_plans_is_silent(session, plan, coder, other):
    make.KnownPayerErrorFactory(payer=plan.payer, **other)
    assert "R13" not in judged(session)
    impacts = coder.get(reverse("known_error_list")).context["impacts"]
    assert [row.count for row in impacts] == [0]


def test_the_list_holds_the_lines_of_these_days_at_ones_own_facilities(
    session, plan, coder, course, treat, elsewhere
):
    last = session.date_of_service
    error = make.KnownPayerErrorFactory(
        payer=plan.payer, states=[course.facility.state], places_of_service=["22"],
        effective_from=last - timedelta(days=1), effective_through=last,
    )  # fmt: skip
    treat(course)
    make.ChargeFactory(
        facility=elsewhere, session__facility=elsewhere, plan=plan, date_of_service=last
    )
    (impact,) = coder.get(reverse("known_error_list")).context["impacts"]
    assert impact.count == 1
    assert impact.dollars == charge_of(session).amount
    page = coder.get(reverse("known_error_detail", args=[error.pk]))
    assert [row.record.pk for row in page.context["table"].rows] == [charge_of(session).pk]


def test_what_is_void_or_not_billed_is_not_listed(session, plan, coder):
    make.KnownPayerErrorFactory(payer=plan.payer)
    Charge.objects.update(status="not_billable")
    (impact,) = coder.get(reverse("known_error_list")).context["impacts"]
    assert (impact.count, impact.dollars) == (0, 0)


def test_many_errors_cost_no_more_questions(session, plan, coder, django_assert_max_num_queries):
    for number in range(12):
        make.KnownPayerErrorFactory(payer=plan.payer, statement=f"denies it in way {number}")
    coder.get(reverse("known_error_list"))
    with django_assert_max_num_queries(12):
        coder.get(reverse("known_error_list"))


def test_a_day_of_reprocessing_before_the_first_day_concerned_is_refused(plan):
    error = make.KnownPayerErrorFactory.build(
        payer=plan.payer, reprocessing_until=date(2025, 1, 1), source="ASTRO"
    )
    with pytest.raises(ValidationError, match="after the first day concerned"):
        error.full_clean()
