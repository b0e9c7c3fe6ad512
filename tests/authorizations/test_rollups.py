"""Counts kept by day: equal to the rows after whatever happens, whoever looks and whenever."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.looking_back import as_known
from authorizations.actions.rollups import count_all_days, recount_days
from authorizations.dashboards import FIGURES, Period, totals, treatment_days
from authorizations.dashboards import by_payer as figures_by_payer
from authorizations.dashboards.bases import needing_permission
from authorizations.invariants import INVARIANTS, broken
from authorizations.models import Charge, GuidanceSession, StaleDay, TreatmentDay
from tests import factories as make

pytestmark = pytest.mark.django_db
FIRST = date(2026, 10, 5)
UNCHANGED = next(invariant for invariant in INVARIANTS if invariant.key == "I11")


@pytest.fixture
def period(manager) -> Period:
    now = datetime(2026, 11, 20, 12, tzinfo=timezone.get_current_timezone())
    return Period(user=manager.user, now=now, since=FIRST, until=FIRST + timedelta(days=40))


@pytest.fixture
def charges(facility, elsewhere, plan) -> list[Charge]:
    """Charges of two facilities, of a plan that wants to be asked and of one that does not."""
    made = []
    for place, payer in ((facility, plan), (facility, make.PlanFactory()), (elsewhere, plan)):
        course = make.CourseFactory(facility=place)
        make.CoverageFactory(patient=course.patient, plan=payer)
        line = make.AuthorizedServiceFactory(
            authorization=make.PriorAuthorizationFactory(course=course, plan=payer, facility=place)
        )
        for number in range(1, 6):
            session = make.GuidanceSessionFactory(
                course=course,
                facility=place,
                fraction=number,
                date_of_service=FIRST + timedelta(days=number % 3),
                authorized_service=line if number % 2 else None,
            )
            made.append(make.ChargeFactory(session=session, plan=payer, amount=Decimal("36.41")))
    return made


def from_rows(period: Period) -> dict:
    """The same counts from the rows alone."""
    return {
        (payer, line): Counter({"all": n, "bare": bare, "dollars": dollars or 0})
        for payer, line, n, bare, dollars in treatment_days.counted(needing_permission(period))
    }


STEPS = (
    lambda c, chance: Charge.objects.filter(pk=c.pk).update(amount=chance.choice((None, 12, 40))),
    lambda c, chance: Charge.objects.filter(pk=c.pk).update(
        date_of_service=FIRST + timedelta(days=chance.randrange(4))
    ),
    lambda c, chance: Charge.objects.filter(pk=c.pk).update(code=chance.choice(("77387", "77014"))),
    lambda c, chance: Charge.objects.filter(pk=c.pk).update(plan=chance.choice((c.plan_id, None))),
    lambda c, chance: Charge.objects.filter(pk=c.pk, status="captured").update(
        status=chance.choice(("held", "ready", "void", "not_billable"))
    ),
    lambda c, chance: GuidanceSession.objects.filter(pk=c.session_id).update(
        is_delivered=chance.random() < 0.7
    ),
    lambda c, chance: GuidanceSession.objects.filter(pk=c.session_id).update(
        authorized_service=chance.choice((c.session.authorized_service_id, None))
    ),
    lambda c, chance: (
        GuidanceSession.objects.filter(pk=c.session_id).update(voided_at=None, voided_by=None)
        if chance.random() < 0.5
        else GuidanceSession.objects.filter(pk=c.session_id).update(
            voided_at=timezone.now(), voided_by=c.session.recorded_by_id
        )
    ),
)


@pytest.mark.parametrize("seed", range(3))
def test_after_any_history_the_counts_are_those_of_the_rows(charges, period, seed):
    chance = random.Random(seed)
    for _ in range(40):
        chance.choice(STEPS)(chance.choice(charges), chance)
        if chance.random() < 0.3:
            recount_days()
        assert treatment_days.by_payer(period) == from_rows(period)
        assert broken(UNCHANGED) == []
    recount_days()
    assert not StaleDay.objects.exists()
    assert treatment_days.by_payer(period) == from_rows(period)
    assert broken(UNCHANGED) == []


def test_the_figures_are_the_same_with_counts_and_without(charges, period):
    assert count_all_days() == 6
    quick, each = totals(FIGURES, period), figures_by_payer(FIGURES, period)
    assert quick["uncovered"].out_of > quick["uncovered"].counted > 0
    TreatmentDay.objects.all().delete()
    Charge.objects.filter(pk__in=[c.pk for c in charges]).update(units=1)
    StaleDay.objects.all().delete()
    count_all_days()
    StaleDay.objects.bulk_create(
        StaleDay(date_of_service=c.date_of_service, facility=c.facility) for c in charges
    )
    assert totals(FIGURES, period) == quick
    assert figures_by_payer(FIGURES, period) == each


def test_a_change_that_does_not_count_makes_no_day_stale(charges):
    recount_days()
    Charge.objects.update(hold_reason="later", units=2)
    GuidanceSession.objects.update(machine="LINAC2")
    assert not StaleDay.objects.exists()


def test_the_check_finds_a_count_that_is_wrong(charges):
    recount_days()
    assert broken(UNCHANGED) == []
    TreatmentDay.objects.filter(uncovered__gt=0).update(uncovered=0)
    assert broken(UNCHANGED)
    TreatmentDay.objects.all().delete()
    assert broken(UNCHANGED)


def test_many_stale_days_are_counted_from_the_rows_at_once(charges, period, monkeypatch):
    monkeypatch.setattr(treatment_days, "MANY", 1)
    assert treatment_days.by_payer(period) == from_rows(period)


def test_the_past_asks_the_rows(charges, period):
    recount_days()
    with as_known(timezone.now()):
        assert not treatment_days.can_answer(["uncovered"])
        assert totals(FIGURES, period)["uncovered"].out_of > 0


def test_the_page_says_when_the_days_were_counted(charges, manager):
    asked = {"since": FIRST.isoformat(), "until": (FIRST + timedelta(days=40)).isoformat()}
    said = "Treatments are counted by day, the oldest count of"
    url = reverse("payer_dashboard")
    assert said not in manager.get(url, asked).content.decode()
    recount_days()
    assert said in manager.get(url, asked).content.decode()
