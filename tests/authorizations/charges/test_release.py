"""Releasing charges: what may go, what may not and why, and nobody releases twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connection

from accounts.models import Role
from authorizations.batches.actions import draw_batch
from authorizations.charges.actions import correct, hold, release, release_many, unhold, void
from authorizations.charges.overrides import confirm_override, propose_override
from authorizations.charges.successors import replace
from authorizations.invariants import INVARIANTS, broken
from authorizations.models import Charge, ChargeEvent
from authorizations.workflow import IllegalMove


def fresh(charge: Charge) -> Charge:
    return Charge.objects.get(pk=charge.pk)


@pytest.fixture
def clean(course, approved, treat) -> Charge:
    return treat(course, 2)[0].charges.get()


@pytest.fixture
def stopped(course, approved, treat) -> Charge:
    """A charge whose images nobody approved."""
    return treat(course, 1, reviewed=False)[0].charges.get()


@pytest.mark.django_db
def test_a_clean_charge_is_ready_and_released_with_its_event(clean, person):
    coder = person(Role.CODER)
    assert fresh(clean).status == "ready"
    released = release(charge=clean, by=coder)
    assert (released.status, released.released_by) == ("released", coder)
    event = released.events.last()
    assert (event.verb, event.old_status, event.new_status, event.by) == (
        "release",
        "ready",
        "released",
        coder,
    )


@pytest.mark.django_db
def test_a_stop_goes_only_with_an_override_of_two_managers(stopped, person):
    coder, manager, second = person(Role.CODER), person(Role.MANAGER), person(Role.MANAGER)
    with pytest.raises(IllegalMove):
        release(charge=stopped, by=coder, reason="Please")
    with pytest.raises(IllegalMove):
        propose_override(charge=stopped, by=coder, reason="Please")
    proposed = propose_override(charge=stopped, by=manager, reason="Signed on paper, scanned")
    assert proposed.override_reason == "Signed on paper, scanned"
    with pytest.raises(IllegalMove, match="The rulebook stops this charge"):
        release(charge=stopped, by=manager, reason="Signed on paper")
    with pytest.raises(IllegalMove, match="another manager has to confirm it"):
        confirm_override(charge=stopped, by=manager)
    overridden = confirm_override(charge=stopped, by=second)
    assert (overridden.override_proposed_by, overridden.overridden_by) == (manager, second)
    assert not overridden.is_override_alone
    assert release(charge=stopped, by=manager, reason="Signed on paper").status == "released"


@pytest.mark.django_db
def test_nobody_releases_a_charge_on_a_session_they_recorded(clean, person):
    coder = person(Role.CODER)
    clean.session.recorded_by = coder
    clean.session.save()
    with pytest.raises(IllegalMove, match="recorded or uploaded this session yourself"):
        release(charge=clean, by=coder)
    assert fresh(clean).status == "ready"


@pytest.mark.django_db
def test_a_held_charge_stays_held_until_somebody_gives_it_back(clean, person, course):
    from authorizations.verdicts.judge_course import judge_course

    coder = person(Role.CODER)
    hold(charge=clean, by=coder, reason="Ask the physicist")
    judge_course(course, by=coder)
    assert fresh(clean).status == "held"
    assert unhold(charge=clean, by=coder).status == "ready"


@pytest.mark.django_db
def test_a_correction_is_judged_and_the_old_line_stays_in_the_history(clean, person):
    coder = person(Role.CODER)
    wrong = correct(
        charge=clean, by=coder, code="77387", modifiers=["TC"], units=1, reason="Trying"
    )
    assert (wrong.disposition, wrong.leading_rule) == ("STOP", "R08")
    lines = [tuple(row.modifiers) for row in wrong.history.order_by("pgh_id")]
    assert ("26",) in lines
    assert ("TC",) in lines


@pytest.mark.django_db
def test_a_released_charge_is_voided_and_replaced_never_edited(clean, person):
    coder = person(Role.CODER)
    release(charge=clean, by=coder)
    with pytest.raises(IllegalMove):
        correct(charge=clean, by=coder, code="77387", modifiers=[], units=1, reason="No")
    successor = replace(charge=clean, by=coder, reason="Wrong rendering physician")
    assert fresh(clean).status == "void"
    assert successor.replaces_id == clean.pk
    assert successor.status == "ready"


@pytest.mark.django_db
def test_releasing_many_answers_for_each_and_again_changes_nothing(course, approved, treat, person):
    sessions = treat(course, 3) + treat(course, 1, reviewed=False)
    charges = [session.charges.get() for session in sessions]
    coder = person(Role.CODER)
    results = release_many(charges=charges, by=coder)
    assert [result.is_released for result in results] == [True, True, True, False]
    assert results[-1].sentence
    again = release_many(charges=[fresh(charge) for charge in charges], by=coder)
    assert not any(result.is_released for result in again)
    assert ChargeEvent.objects.filter(verb="release").count() == 3


@pytest.mark.django_db(transaction=True)
def test_sixteen_coders_release_overlapping_selections_once_each(course, authorize, treat, person):
    authorize(course)
    charges = [session.charges.get() for session in treat(course, 6)]
    coders = [person(Role.CODER) for _ in range(16)]

    def work(coder) -> int:
        try:
            return sum(r.is_released for r in release_many(charges=charges, by=coder))
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        released = sum(pool.map(work, coders))
    assert released == 6
    assert ChargeEvent.objects.filter(verb="release").count() == 6
    assert [key.key for key in INVARIANTS if broken(key)] == []


@pytest.mark.django_db
def test_a_batch_holds_what_was_released_and_ties_to_the_cent(course, approved, treat, person):
    coder = person(Role.CODER)
    charges = [session.charges.get() for session in treat(course, 3)]
    release_many(charges=charges, by=coder)
    batch = draw_batch(facility=course.facility, payer=charges[0].plan.payer, by=coder)
    assert (batch.number, batch.units, len(batch.rows)) == (1, 3, 3)
    assert sum(Decimal(row["amount"]) for row in batch.rows) == batch.amount
    assert draw_batch(facility=course.facility, payer=charges[0].plan.payer, by=coder) is None


@pytest.mark.django_db
def test_batch_numbers_have_no_gaps_and_a_voided_charge_stays_in_its_batch(
    course, approved, treat, person
):
    coder = person(Role.CODER)
    first, second = (session.charges.get() for session in treat(course, 2))
    release(charge=first, by=coder)
    one = draw_batch(facility=course.facility, payer=first.plan.payer, by=coder)
    void(charge=first, by=coder, reason="Patient transferred")
    release(charge=second, by=coder)
    two = draw_batch(facility=course.facility, payer=first.plan.payer, by=coder)
    assert (one.number, two.number) == (1, 2)
    assert list(one.charges.values_list("status", flat=True)) == ["void"]
