"""Figures worked out by hand: first answers, the facility's clock, policies, delays."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from authorizations.dashboards import Period
from authorizations.dashboards.rollups.refresh import recount_days
from tests import factories as make
from tests.support.figure_cases import NOW, cell, overturn
from tests.support.figure_cases import denied as denied
from tests.support.figure_cases import period as period

pytestmark = pytest.mark.django_db


def test_an_overturned_denial_stays_a_denial_and_counts_as_overturned(denied, person, period):
    overturn(denied, person)
    assert (cell(period, "denied").counted, cell(period, "denied").out_of) == (1, 1)
    assert cell(period, "approved").counted == 0
    assert (cell(period, "overturned").counted, cell(period, "overturned").out_of) == (1, 1)
    assert cell(period, "median").value == 9


def test_an_answer_to_an_appeal_is_no_first_answer_of_its_month(denied, person, period):
    overturn(denied, person)
    november = Period(period.user, NOW, date(2026, 11, 1), date(2026, 11, 23))
    assert cell(november, "answered").counted == 0


@pytest.mark.parametrize(
    ("due", "is_late"),
    [
        (datetime(2026, 10, 8, 4, 59, 59, tzinfo=UTC), False),  # 7 October, 23:59 in Chicago
        (datetime(2026, 10, 7, 4, 59, 59, tzinfo=UTC), True),  # 6 October, 23:59 in Chicago
    ],
)
def test_the_last_day_is_the_facilitys(denied, period, due, is_late):
    assert denied.facility.time_zone == "America/Chicago"
    type(denied).objects.filter(pk=denied.pk).update(due_at=due)
    assert cell(period, "late").counted == is_late
    assert cell(period, "on_time").counted == (not is_late)


def test_a_denied_line_approves_no_unit(denied, period):
    assert cell(period, "units").value == 0
    assert cell(period, "units").out_of == 1


@pytest.fixture
def treated(course, plan):
    """One imaged treatment that holds no unit."""
    session = make.GuidanceSessionFactory(course=course, facility=course.facility)
    return make.ChargeFactory(session=session, facility=course.facility, plan=plan, amount="36.41")


def test_a_treatment_without_a_unit_is_uncovered_where_the_policy_asks(treated, period):
    assert cell(period, "uncovered").counted == 1
    assert str(cell(period, "uncovered_dollars").value) == "36.41"


def test_the_narrower_policy_decides_and_only_while_in_force(treated, plan, period):
    plan.payer.authorizationpolicy_rows.update(plan=None, line_of_business="")
    assert cell(period, "uncovered").out_of == 1
    narrow = make.AuthorizationPolicyFactory(plan=plan, requirement="not_required")
    assert cell(period, "uncovered").out_of == 0
    type(narrow).objects.filter(pk=narrow.pk).update(effective_through=date(2026, 10, 4))
    assert cell(period, "uncovered").out_of == 1


def test_a_proposed_policy_changes_nothing(treated, plan, person, period):
    plan.payer.authorizationpolicy_rows.update(plan=None, line_of_business="")
    make.AuthorizationPolicyFactory(
        plan=plan, requirement="not_required", is_published=False, proposed_by=period.user
    )
    assert cell(period, "uncovered").out_of == 1


def test_where_a_state_forbids_asking_nothing_is_uncovered(treated, plan, period):
    type(plan).objects.filter(pk=plan.pk).update(
        state="MN", line_of_business="commercial_fully_insured"
    )
    assert cell(period, "uncovered").out_of == 0


@pytest.mark.parametrize(
    ("why", "approved", "began", "days"),
    [
        ("approved before", date(2026, 10, 2), date(2026, 10, 9), 0),
        ("approved on the day", date(2026, 10, 5), date(2026, 10, 9), 0),
        ("approved later, begun later still", date(2026, 10, 8), date(2026, 10, 12), 3),
        ("begun before the approval came", date(2026, 10, 20), date(2026, 10, 7), 2),
        ("begun as planned", date(2026, 10, 20), date(2026, 10, 5), 0),
        ("neither yet", None, None, 49),
    ],
)
def test_days_delayed_are_those_without_an_approval(
    course, plan, period, why, approved, began, days
):
    make.PriorAuthorizationFactory(
        course=course,
        plan=plan,
        status="approved" if approved else "pended",
        number="A1" if approved else "",
        decided_on=approved,
    )
    if began:
        make.GuidanceSessionFactory(course=course, date_of_service=began)
    assert cell(period, "delay_days").value == days, why
    assert cell(period, "delayed").counted == bool(days)
    assert cell(period, "delayed").out_of == 1


def test_a_course_nobody_asked_for_was_not_delayed_by_a_payer(course, plan, period):
    make.PriorAuthorizationFactory(course=course, plan=plan)
    assert cell(period, "delayed").out_of == 0


def test_what_nobody_knows_stands_apart_until_the_payer_is_asked(treated, plan, period):
    plan.payer.authorizationpolicy_rows.update(requirement="unknown")
    assert (cell(period, "uncovered").out_of, cell(period, "unknown").counted) == (0, 1)
    plan.payer.authorizationpolicy_rows.all().delete()
    assert cell(period, "unknown").counted == 1
    make.AuthorizationPolicyFactory(plan=plan, requirement="not_required")
    assert cell(period, "unknown").counted == 0


def test_a_payer_that_denied_guidance_wanted_to_be_asked(denied, plan, treat):
    """The charge is stopped, and is at risk, though no policy is in our book."""
    plan.payer.authorizationpolicy_rows.update(requirement="unknown")
    charge = treat(denied.course)[0].charges.get()
    assert (charge.leading_rule, charge.disposition) == ("R48", "STOP")


def test_nobody_asked_and_nobody_knows_is_no_reason_to_stop(course, plan, treat):
    plan.payer.authorizationpolicy_rows.update(requirement="unknown")
    assert treat(course)[0].charges.get().leading_rule != "R48"


def test_figures_of_one_issuer_are_those_of_its_plans(treated, plan, period):
    issuer = make.IssuerFactory(payer=plan.payer)
    other = make.IssuerFactory(key="south", payer=plan.payer)
    type(plan).objects.filter(pk=plan.pk).update(issuer=issuer)
    for scope, counted in ((None, 1), (issuer, 1), (other, 0)):
        asked = Period(period.user, NOW, period.since, period.until, issuer=scope)
        assert cell(asked, "uncovered").counted == counted
        recount_days(NOW)


def test_the_scorecard_can_be_narrowed_to_an_issuer(plan, manager):
    make.IssuerFactory(payer=plan.payer)
    page = manager.get(reverse("payer_scorecard", args=[plan.payer.key]), {"issuer": "north"})
    assert "North only" in page.content.decode()
    assert "issuer=north" in page.content.decode()
