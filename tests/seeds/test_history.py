"""Made-up years: refused where they would be mixed with cases, or where nothing could be made."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Facility
from authorizations.models import Charge, GuidanceSession
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


def test_cases_of_a_department_are_not_mixed_with_made_up_ones():
    make.CourseFactory()
    with pytest.raises(CommandError, match="cases here already"):
        call_command("make_history", "--not-in-debug")


def test_it_does_not_run_outside_debug_unless_one_insists(settings):
    settings.DEBUG = False
    with pytest.raises(CommandError, match="--not-in-debug"):
        call_command("make_history")
