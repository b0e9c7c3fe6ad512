"""Counts kept by day and month: equal to the rows after whatever happens, whoever looks."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from accounts.models import Facility
from accounts.past.middleware import as_known
from authorizations.dashboards import FIGURES, Period, ask
from authorizations.dashboards import aggregates as tally
from authorizations.dashboards.aggregates import percentile
from authorizations.dashboards.rollups import read as kept
from authorizations.dashboards.rollups.definition import COUNTED, statements, subject
from authorizations.dashboards.rollups.refresh import count_all_days, recount_days
from authorizations.dashboards.rowsets import TREATMENTS
from authorizations.invariants import INVARIANTS, broken
from authorizations.models import (
    AuthorizedService,
    Charge,
    CountedSubject,
    Course,
    GuidanceSession,
    KeptCount,
    OpenRow,
    PriorAuthorization,
    StaleDay,
)
from payers.models import AuthorizationPolicy, Plan
from tests import factories as make
from tests.conftest import shared_rows
from tests.support.random_changes import STEPS
from tests.support.random_department import NOW, build, some_plans

pytestmark = pytest.mark.django_db
UNCHANGED = next(invariant for invariant in INVARIANTS if invariant.key == "I11")
SPANS = (
    (date(2026, 8, 25), date(2026, 11, 23)),
    (date(2026, 9, 1), date(2026, 10, 31)),
    (date(2026, 10, 1), date(2026, 10, 31)),
    (date(2026, 10, 2), date(2026, 10, 30)),
    (date(2025, 1, 1), date(2027, 12, 31)),
)


@pytest.fixture(scope="module")
def counted_once(django_db_setup, django_db_blocker):
    """A department by the dice, made and counted once for all these tests."""
    with shared_rows(django_db_blocker):
        here, elsewhere = (make.FacilityFactory(code=code) for code in ("MAIN", "OTHER"))
        build(8, here, elsewhere, some_plans())
        count_all_days(NOW)
        with django_db_blocker.block():
            yield


@pytest.fixture
def department(counted_once, db) -> None:
    """That department as it was made, whatever another test did to it."""


@pytest.fixture
def facility(department) -> Facility:
    return Facility.objects.get(code="MAIN")


@pytest.fixture
def elsewhere(department) -> Facility:
    return Facility.objects.get(code="OTHER")


@pytest.fixture
def plans(department) -> list[Plan]:
    return list(Plan.objects.order_by("pk"))


@pytest.fixture
def period(person) -> Period:
    since, until = SPANS[0]
    return Period(user=person("manager", None), now=NOW, since=since, until=until)


def fresh(period: Period, **changes) -> Period:
    """The same, with nothing looked up yet."""
    return replace(period, **changes, books={})


def counted(base, period: Period):
    mine = subject(base)
    return kept.stored_tallies(base, period, mine.numbers, mine.spreads)


def from_rows(base, period: Period):
    mine = subject(base)
    return tally.of_rows(base.rows(period), base.who, period, mine.numbers, mine.spreads)


def plain(tallies) -> dict:
    """What can be compared: payers of whom something is counted."""
    found = {
        key: (+one.numbers, {name: +values for name, values in one.spreads.items() if +values})
        for key, one in tallies.items()
    }
    return {key: one for key, one in found.items() if any(one)}


def differing(period: Period) -> list[str]:
    """The subjects whose counts are not what their rows say."""
    found = []
    for base in COUNTED:
        quick = counted(base, period)
        if quick is None or plain(quick) != plain(from_rows(base, period)):
            found.append(base.key)
    return found


@pytest.mark.parametrize("seed", range(3))
def test_after_any_history_the_counts_are_those_of_the_rows(department, plans, period, seed):
    dice = random.Random(seed)
    now = NOW
    for _ in range(25):
        dice.choice(STEPS)(dice, plans)
        if dice.random() < 0.3:
            now += timedelta(hours=dice.randint(0, 30))
            recount_days(now)
        since, until = dice.choice(SPANS)
        assert differing(fresh(period, now=now, since=since, until=until)) == []
    assert broken(UNCHANGED) == []
    recount_days(now)
    assert not StaleDay.objects.exists()
    assert differing(fresh(period, now=now)) == []
    assert broken(UNCHANGED) == []


@pytest.mark.parametrize("step", STEPS)
def test_whatever_is_done_is_counted_at_once(department, plans, period, step):
    for seed in range(2):
        step(random.Random(seed), plans)
        assert differing(fresh(period)) == []


@pytest.mark.parametrize("span", SPANS)
def test_whoever_asks_for_whatever_sees_only_that(
    department, plans, period, facility, elsewhere, person, span
):
    asked = {"since": span[0], "until": span[1]}
    assert differing(fresh(period, **asked)) == []
    assert differing(fresh(period, **asked, facility=facility)) == []
    assert differing(fresh(period, **asked, line_of_business="medicare_advantage")) == []
    stranger = person("manager", elsewhere)
    assert differing(fresh(period, **asked, user=stranger)) == []
    outside = fresh(period, **asked, user=stranger, facility=facility)
    assert all(plain(counted(base, outside)) == {} for base in COUNTED)


def test_a_policy_corrected_afterwards_changes_the_figure_at_once(department, period, plans):
    before = ask(FIGURES, fresh(period)).totals()["uncovered"].out_of
    AuthorizationPolicy.objects.filter(plan=plans[0]).update(effective_from=date(2026, 10, 12))
    assert differing(fresh(period)) == []
    assert differing(fresh(period, since=date(2026, 10, 1), until=date(2026, 10, 31))) == []
    AuthorizationPolicy.objects.update(requirement="required")
    assert differing(fresh(period)) == []
    AuthorizationPolicy.objects.update(requirement="not_required")
    assert ask(FIGURES, fresh(period)).totals()["uncovered"].out_of == 0 < before


def test_a_row_that_time_alone_changes_is_asked_each_time(department, period):
    course = make.CourseFactory(first_fraction_on=NOW.date() - timedelta(days=10))
    make.PriorAuthorizationFactory(course=course, status="submitted")
    recount_days(NOW)
    assert OpenRow.objects.filter(row=course.pk).exists()
    lost = [
        ask(FIGURES, fresh(period, now=NOW + timedelta(days=n))).totals()["delay_days"].value
        for n in range(3)
    ]
    assert lost[0] < lost[1] < lost[2]
    Course.objects.filter(pk=course.pk).update(ended_on=NOW.date(), end_reason="died")
    recount_days(NOW)
    assert OpenRow.objects.filter(row=course.pk).exists()
    recount_days(NOW + timedelta(days=3))
    assert not OpenRow.objects.filter(row=course.pk).exists()
    assert differing(fresh(period, now=NOW + timedelta(days=3))) == []


@pytest.mark.parametrize("clock", ["America/New_York", "Pacific/Honolulu", "Asia/Tokyo"])
def test_whatever_the_clock_of_the_reader_the_counts_are_used(department, period, clock):
    statements.cache_clear()
    with timezone.override(clock):
        assert differing(fresh(period)) == []
    statements.cache_clear()


def test_another_clock_of_a_facility_is_counted_anew(department, period, facility):
    Facility.objects.filter(pk=facility.pk).update(time_zone="Pacific/Honolulu")
    assert all(counted(base, fresh(period)) is None for base in COUNTED)
    assert recount_days(NOW) > 0
    assert differing(fresh(period)) == []


def test_what_was_counted_by_another_definition_is_not_used(department, period):
    CountedSubject.objects.update(definition="older")
    KeptCount.objects.update(numbers=[])
    assert all(counted(base, fresh(period)) is None for base in COUNTED)
    assert ask(FIGURES, fresh(period)).totals()["answered"].counted > 0
    recount_days(NOW)
    assert differing(fresh(period)) == []


def test_a_change_that_does_not_count_makes_no_day_stale(department):
    Charge.objects.update(hold_reason="later", units=2)
    GuidanceSession.objects.update(machine="LINAC2")
    PriorAuthorization.objects.update(note="called", next_touch_on=NOW.date())
    AuthorizedService.objects.update(reason="said so")
    Course.objects.update(body_site="prostate")
    assert not StaleDay.objects.exists()


def test_a_second_treatment_leaves_the_beginning_of_its_course_as_it_was(department):
    course = make.CourseFactory(first_fraction_on=date(2026, 10, 5))
    make.GuidanceSessionFactory(course=course, date_of_service=date(2026, 10, 5), fraction=1)
    StaleDay.objects.all().delete()
    make.GuidanceSessionFactory(course=course, date_of_service=date(2026, 10, 6), fraction=2)
    assert not StaleDay.objects.filter(subject="planned").exists()


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: KeptCount.objects.filter(subject="treatments", is_month=False).delete(),
        lambda: KeptCount.objects.filter(subject="answered", measure="").update(numbers=[0] * 8),
        lambda: KeptCount.objects.filter(is_month=True).delete(),
        lambda: KeptCount.objects.filter(facility=None, is_month=False).delete(),
        lambda: KeptCount.objects.exclude(measure="").update(value=F("value") + 100),
    ],
)
def test_the_check_finds_a_count_that_is_wrong(department, wrong):
    assert broken(UNCHANGED) == []
    wrong()
    assert broken(UNCHANGED)


def test_many_stale_days_are_counted_from_the_rows_at_once(department, period, monkeypatch):
    monkeypatch.setattr(kept, "MANY", 1)
    Charge.objects.update(amount=Decimal(7))
    assert counted(TREATMENTS, fresh(period)) is None
    assert ask(FIGURES, fresh(period)).totals()["uncovered_dollars"].value % 7 == 0


def test_the_past_asks_the_rows(department, period):
    with as_known(timezone.now()):
        assert all(counted(base, fresh(period)) is None for base in COUNTED)
        assert ask(FIGURES, fresh(period)).totals()["uncovered"].out_of > 0


@pytest.mark.parametrize("fraction", [0.5, 0.9])
@pytest.mark.parametrize("seed", range(5))
def test_a_percentile_of_counts_is_that_of_the_database(seed, fraction):
    dice = random.Random(seed)
    values = [dice.randint(-3, 40) for _ in range(dice.randint(1, 60))]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT percentile_cont(%s) WITHIN GROUP (ORDER BY v) FROM unnest(%s::int[]) v",
            [fraction, values],
        )
        wanted = cursor.fetchone()[0]
    assert percentile(Counter(values), fraction) == pytest.approx(wanted)
    assert percentile(Counter(), fraction) is None


def test_the_page_says_when_the_days_were_counted(department, manager):
    asked = {"since": "2026-10-01", "until": "2026-11-20"}
    said = "are counted by day and month, the oldest count of"
    url = reverse("payer_dashboard")
    assert said in manager.get(url, asked).content.decode()
    KeptCount.objects.all().delete()
    assert said not in manager.get(url, asked).content.decode()
