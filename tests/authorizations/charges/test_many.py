"""Many charges at once: each checked alone, each answered, never twice, never lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from django.db import connection
from django.urls import reverse

from accounts.models import Role
from authorizations.charges.actions import hold
from authorizations.charges.bulk import MANY, decide_many
from authorizations.charges.forms import MANY_AT_ONCE
from authorizations.charges.overrides import propose_override
from authorizations.invariants import INVARIANTS, broken
from authorizations.models import Charge, ChargeEvent
from tests import factories as make


def fresh(charge: Charge) -> Charge:
    return Charge.objects.get(pk=charge.pk)


@pytest.fixture
def charges(course, approved, treat) -> list[Charge]:
    """Three clean charges, and one whose images nobody approved."""
    sessions = treat(course, 3) + treat(course, 1, reviewed=False)
    return [session.charges.get() for session in sessions]


def test_the_form_offers_what_the_action_knows():
    assert set(MANY_AT_ONCE) == set(MANY)


@pytest.mark.django_db
@pytest.mark.parametrize("verb", sorted(set(MANY) - {"apply_correction", "acknowledge"}))
def test_a_verb_on_many_answers_for_each_and_again_changes_nothing(verb, charges, person):
    by = person(Role.MANAGER)
    other = person(Role.MANAGER)
    if verb == "return_to_review":
        for charge in charges:
            hold(charge=charge, by=by, reason="Ask")
    if verb in ("capture_again", "leave_unbilled"):
        decide_many(charges=charges, verb="void", by=by, reason="Wrong physician")
    if verb in ("confirm_override", "decline_override"):
        propose_override(charge=charges[3], by=other, reason="Signed on paper")
    given = {"reason": "For a test"}
    answer = decide_many(charges=charges, verb=verb, by=by, **given)
    assert [row.charge.pk for row in answer.outcomes] == [charge.pk for charge in charges]
    assert all(row.sentence for row in answer.outcomes)
    assert answer.done
    before = list(ChargeEvent.objects.values_list("pk", flat=True))
    again = decide_many(charges=charges, verb=verb, by=by, **given)
    assert again.done == []
    assert list(ChargeEvent.objects.values_list("pk", flat=True)) == before


@pytest.mark.django_db
def test_one_that_cannot_is_named_and_the_others_are_done(coder, charges):
    ticks = {"charge": [charge.pk for charge in charges]}
    chosen = coder.post(reverse("charge_many"), ticks).content.decode()
    assert "Decide about 4 charges" in chosen
    refused = coder.post(reverse("charge_many"), {**ticks, "verb": "hold", "reason": ""})
    assert "Give the reason" in refused.content.decode()
    answer = coder.post(
        reverse("charge_many"), {**ticks, "verb": "propose_override", "reason": "On paper"}
    ).content.decode()
    assert "“Propose an override” is for a manager" in answer
    answer = coder.post(
        reverse("charge_many"), {**ticks, "verb": "return_to_physician", "reason": "Please look"}
    ).content.decode()
    assert "Return to physician: 4 charges" in answer
    assert {fresh(charge).returned_to for charge in charges} == {"physician"}


@pytest.mark.django_db
def test_a_course_opens_with_its_open_charges_or_those_of_one_rule(coder, charges, course):
    page = coder.get(reverse("charge_many"), {"course": course.pk}).content.decode()
    assert "Decide about 4 charges" in page
    rule = fresh(charges[3]).leading_rule
    page = coder.get(reverse("charge_many"), {"course": course.pk, "rule": rule}).content.decode()
    assert "Decide about 1 charge" in page
    assert "Nothing is ticked" in coder.get(reverse("charge_many")).content.decode()
    unknown = coder.get(reverse("charge_many"), {"course": "x"})
    assert "Course “x” is not known here." in unknown.content.decode()


@pytest.mark.django_db
def test_nobody_releases_their_own_session_among_many(coder, charges):
    charges[0].session.recorded_by = coder.user
    charges[0].session.save()
    answer = coder.post(reverse("charge_release_many"), {"scope": "view", "query": "status=ready"})
    assert "uploaded this session yourself" in answer.content.decode()
    assert [fresh(charge).status for charge in charges] == ["ready", "released", "released", "held"]


@pytest.mark.django_db
def test_charges_of_another_facility_cannot_be_named(coder, elsewhere, plan):
    session = make.GuidanceSessionFactory(course=make.CourseFactory(facility=elsewhere))
    foreign = make.ChargeFactory(session=session, facility=elsewhere, plan=plan, status="ready")
    ticks = {"charge": [foreign.pk, "9" * 30, "x"], "verb": "hold", "reason": "Mine now"}
    coder.post(reverse("charge_many"), ticks)
    assert fresh(foreign).status == "ready"


@pytest.mark.django_db(transaction=True)
def test_ten_people_decide_about_overlapping_selections_at_once(course, authorize, treat, person):
    """Releases, holds and returns of the same charges: none is lost, none is done twice."""
    authorize(course)
    charges = [session.charges.get() for session in treat(course, 5)]
    people = [person(Role.CODER) for _ in range(10)]
    verbs = ["release", "hold", "return_to_physician", "return_to_review", "mark_not_billable"] * 2

    def work(number: int) -> None:
        mine = charges[number % 3 :] if number % 2 else list(reversed(charges))
        try:
            decide_many(charges=mine, verb=verbs[number], by=people[number], reason="At once")
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(work, range(10)))
    for charge in charges:
        events = list(charge.events.order_by("id").values_list("old_status", "new_status"))
        assert events[-1][1] == fresh(charge).status
        steps = pairwise(events)
        assert all(one[1] == two[0] for one, two in steps)
        assert charge.events.filter(verb="release").count() <= 1
    assert [row.key for row in INVARIANTS if broken(row)] == []
