"""The demo department: made once, whole, and by actions that leave nothing impossible."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from accounts.models import Facility, Role, User
from authorizations.courses.forecast import Ahead, schedule
from authorizations.dashboards import FIGURES, Period, totals
from authorizations.invariants import INVARIANTS, broken
from authorizations.models import Batch, Charge, Course, GuidanceSession, PriorAuthorization
from config.demo import server_settings
from payers.clocks.calendars import holidays
from seeds.demo import LOGINS, DemoRefused, load_demo
from seeds.demo.password import read_demo_password
from seeds.demo.treatments import workday
from seeds.management.commands.demo import Command
from tests import factories as make
from tests.conftest import PASSWORD


@pytest.mark.slow
@pytest.mark.django_db
def test_the_demo_shows_every_situation_breaks_no_invariant_and_was_foreseen():
    call_command("seed", verbosity=0)
    assert load_demo(date(2026, 11, 23), password=PASSWORD)
    assert {login[1] for login in LOGINS} == set(Role.values)
    for username, _, _, _ in LOGINS:
        assert Client().login(username=username, password=PASSWORD)
    statuses = set(PriorAuthorization.objects.values_list("status", flat=True))
    assert statuses >= {"draft", "submitted", "pended", "approved", "partially_approved", "denied"}
    standings = set(Charge.objects.values_list("status", flat=True))
    assert standings >= {"held", "ready", "released"}
    assert Batch.objects.exists()
    assert GuidanceSession.objects.count() > 400
    assert not any(broken(invariant) for invariant in INVARIANTS)
    check_the_dashboard_has_something_to_show()
    counted = Course.objects.count()
    assert not load_demo(date(2026, 11, 23), password=PASSWORD)
    assert Course.objects.count() == counted
    check_the_forecast_on_every_finished_course()


def check_the_dashboard_has_something_to_show() -> None:
    now = datetime(2026, 11, 23, 18, tzinfo=UTC)
    with timezone.override("America/Chicago"):
        period = Period(User.objects.get(username="manager"), now, date(2026, 8, 26))
        found = totals(FIGURES, period)
    never = {"file15", "file30", "delayed", "delay_days"}
    assert {key for key, cell in found.items() if not cell.counted} <= never


def check_the_forecast_on_every_finished_course() -> None:
    """Asked in the middle of the course, it names the days on which the rest was given."""
    finished = 0
    for course in Course.objects.all():
        given = [
            (session.fraction, session.date_of_service)
            for session in course.sessions.order_by("fraction")
        ]
        if len(given) < course.fractions_planned:
            continue
        finished += 1
        half = len(given) // 2 // course.fractions_per_day * course.fractions_per_day
        ahead = Ahead(
            fractions_planned=course.fractions_planned,
            fractions_done=half,
            next_day=given[half][1],
            fractions_per_day=course.fractions_per_day,
            closed=holidays(2026),
        )
        assert schedule(ahead) == given[half:]
    assert finished >= 5


@pytest.mark.slow
@pytest.mark.django_db
def test_the_demo_can_be_made_on_a_holiday():
    call_command("seed", verbosity=0)
    assert load_demo(date(2026, 11, 26), password=PASSWORD)
    assert Facility.objects.count() == 3
    assert not User.objects.filter(is_superuser=True).exists()


@pytest.mark.parametrize(
    ("today", "count", "day"),
    [
        ("2026-11-23", 0, "2026-11-23"),
        ("2026-11-21", 0, "2026-11-23"),
        ("2026-11-23", -1, "2026-11-20"),
        ("2026-11-26", -1, "2026-11-25"),
        ("2026-11-25", 1, "2026-11-27"),
        ("2027-01-01", -2, "2026-12-30"),
    ],
)
def test_the_demo_counts_working_days(today, count, day):
    assert workday(date.fromisoformat(today), count) == date.fromisoformat(day)


def test_the_demo_is_refused_where_debug_is_off(settings):
    settings.DEBUG = False
    with pytest.raises(CommandError, match="DEBUG=1"):
        call_command("demo", no_serve=True)


@pytest.mark.django_db
def test_the_demo_does_not_mix_with_a_department_of_its_own():
    make.FacilityFactory()
    with pytest.raises(DemoRefused, match="create_administrator"):
        Command().make_department()
    assert not User.objects.filter(username="frontdesk").exists()


@pytest.mark.django_db
def test_only_logins_that_exist_are_printed():
    make.MembershipFactory(user__username="coder", role=Role.CODER)
    make.MembershipFactory(
        user__username="manager", user__is_active=False, role=Role.MANAGER, facility=None
    )
    Command(stdout=(said := StringIO())).announce(8000, "a-random-one")
    assert "coder          Coder" in said.getvalue()
    assert "a-random-one" in said.getvalue()
    assert "manager" not in said.getvalue()
    assert "frontdesk" not in said.getvalue()


def test_the_password_is_random_and_its_file_is_its_owners(monkeypatch, tmp_path):
    monkeypatch.setenv("GL_POSTGRES_DIR", str(tmp_path / "one"))
    password, is_new = read_demo_password()
    assert is_new
    assert read_demo_password() == (password, False)
    assert (tmp_path / "one" / "demo-password").stat().st_mode & 0o777 == 0o600
    monkeypatch.setenv("GL_POSTGRES_DIR", str(tmp_path / "two"))
    assert read_demo_password()[0] != password


def test_pages_of_the_served_demo_show_no_internals():
    assert server_settings(8123)["DJANGO_SETTINGS_MODULE"] == "config.settings_local"
    check = "from django.conf import settings; print(settings.DEBUG, settings.IS_BEHIND_TLS)"
    env = server_settings(8123)
    env.pop("DATABASE_URL", None)
    command = [sys.executable, "-c", check]
    found = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["False", "False"]
