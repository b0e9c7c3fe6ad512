"""Made-up years: refused where they would be mixed with cases, or where nothing could be made."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Sum
from django.utils import timezone

from accounts.models import Facility
from authorizations.dashboards import BY_KEY, Period, totals
from authorizations.models import AuthorizedService, Charge, GuidanceSession, PriorAuthorization
from seeds.history import Size, make_history
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_without_plans_it_says_what_to_run_first_and_makes_nothing():
    with pytest.raises(CommandError, match=r"Run manage\.py seed first"):
        call_command("make_history", "--sessions", "60", "--not-in-debug")
    assert not Facility.objects.exists()


def test_with_a_plan_it_makes_sessions_and_charges_and_says_how_many():
    make.PlanFactory()
    told = []
    make_history(Size(sessions=60, days=40, facilities=2), with_history=True, tell=told.append)
    assert Charge.objects.exists()
    assert f"guidance sessions: {GuidanceSession.objects.count():,}" in told
    assert "guidance sessions: 0" not in told


def test_what_is_made_has_its_first_answers_and_their_units():
    director = make.MembershipFactory(role="manager", facility=None).user
    make.PlanFactory()
    make_history(Size(sessions=300, days=60, facilities=2), with_history=True, tell=str)
    period = Period(director, timezone.now(), date(2015, 1, 1))
    found = totals([BY_KEY["answered"], BY_KEY["units"]], period)
    decided = PriorAuthorization.objects.filter(decided_on__isnull=False)
    assert 0 < found["answered"].counted == decided.count()
    lines = AuthorizedService.objects.filter(authorization__in=decided, code="77387")
    assert found["units"].part == lines.aggregate(n=Sum("units_approved"))["n"]


def test_cases_of_a_department_are_not_mixed_with_made_up_ones():
    make.CourseFactory()
    with pytest.raises(CommandError, match="cases here already"):
        call_command("make_history", "--not-in-debug")


def test_it_does_not_run_outside_debug_unless_one_insists(settings):
    settings.DEBUG = False
    with pytest.raises(CommandError, match="--not-in-debug"):
        call_command("make_history")
