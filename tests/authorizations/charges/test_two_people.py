"""The table of two people predicts who may release and confirm, on every path there is."""

from __future__ import annotations

from datetime import date, timedelta
from html import unescape

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import DutySetting, User
from accounts.separation import DUTIES, DUTY
from authorizations.charges.actions import correct, release, release_many
from authorizations.charges.bulk import decide_many
from authorizations.charges.overrides import confirm_override, decline_override, propose_override
from authorizations.charges.who_entered import DUTIES_OF_MOVE
from authorizations.imports.actions import import_treatments
from authorizations.invariants import INVARIANTS, broken
from authorizations.models import AuthorizationEvent, Charge, GuidanceSession, ImageReview
from authorizations.workflow import IllegalMove
from tests import factories as make
from tests.support.record_versions import TODAY, Word, as_files

pytestmark = pytest.mark.django_db
RELEASE = [key for key in DUTY if key.startswith("release-own")]
CASES = [*RELEASE, "confirm-own-override"]


def test_every_row_about_cases_is_asked_before_its_move():
    asked = {key for rows in DUTIES_OF_MOVE.values() for key in rows}
    assert asked == set(CASES)
    assert {duty.key for duty in DUTIES if duty.may_not.startswith("release")} == set(RELEASE)


@pytest.fixture
def charge(course, approved, treat) -> Charge:
    return treat(course, 2)[0].charges.get()


def record(charge: Charge, by: User) -> None:
    GuidanceSession.objects.filter(pk=charge.session_id).update(recorded_by=by)


def correct_by_hand(charge: Charge, by: User) -> None:
    make.SessionCorrectionFactory(session=charge.session, by=by)


def bring_approval(charge: Charge, by: User) -> None:
    ImageReview.objects.filter(session=charge.session_id).update(recorded_by=by)


def decide_request(charge: Charge, by: User) -> None:
    session = GuidanceSession.objects.get(pk=charge.session_id)
    authorization = session.authorized_service.authorization
    AuthorizationEvent.objects.create(
        authorization=authorization,
        verb="prove",
        old_status="approved",
        new_status="approved",
        by=by,
    )


def enter_coverage(charge: Charge, by: User) -> None:
    coverage = charge.session.course.patient.coverages.get()
    make.CoverageEventFactory(coverage=coverage, by=by)


FIRST_THING = {
    "release-own-session": record,
    "release-own-correction": correct_by_hand,
    "release-own-image-approval": bring_approval,
    "release-own-authorization": decide_request,
    "release-own-coverage": enter_coverage,
}


def by_action(client, charge):
    try:
        release(charge=charge, by=client.user)
    except IllegalMove as refusal:
        return str(refusal)
    return ""


def by_action_on_many(client, charge):
    (result,) = release_many(charges=[charge], by=client.user)
    return "" if result.is_released else result.sentence


def by_verb_on_many(client, charge):
    (outcome,) = decide_many(charges=[charge], verb="release", by=client.user).outcomes
    return "" if outcome.is_done else outcome.sentence


def page(client, name, data, *args) -> str:
    return unescape(client.post(reverse(name, args=args), data, follow=True).content.decode())


PATHS = {
    "single action": by_action,
    "bulk action": by_action_on_many,
    "one decision about many": by_verb_on_many,
    "single page": lambda c, x: page(c, "charge_move", {}, x.pk, "release"),
    "ticked": lambda c, x: page(c, "charge_release_many", {"charge": [x.pk]}),
    "whole view": lambda c, x: page(
        c, "charge_release_many", {"scope": "view", "query": "status=ready"}
    ),
    "decide about ticked": lambda c, x: page(
        c, "charge_many", {"charge": [x.pk], "verb": "release"}
    ),
}


@pytest.mark.parametrize("role", ["coder", "manager"])
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("key", RELEASE)
def test_who_did_the_first_thing_releases_on_no_path(key, path, role, client_of, charge):
    first, second = client_of(role), client_of(role)
    FIRST_THING[key](charge, first.user)
    assert DUTY[key].sentence in PATHS[path](first, charge)
    assert Charge.objects.get(pk=charge.pk).status == "ready"
    assert DUTY[key].sentence not in PATHS[path](second, charge)
    assert Charge.objects.get(pk=charge.pk).released_by == second.user
    assert [row.key for row in INVARIANTS if broken(row)] == []


@pytest.mark.parametrize("key", RELEASE)
def test_the_page_says_who_can_and_the_second_coder_has_it_in_a_worklist(key, client_of, charge):
    first, second = client_of("coder"), client_of("coder")
    FIRST_THING[key](charge, first.user)
    own = unescape(first.get(reverse("charge_detail", args=[charge.pk])).content.decode())
    assert f"/charges/{charge.pk}/release/" not in own
    assert DUTY[key].sentence in own
    assert "To be released by another person" in second.get(reverse("home")).content.decode()
    name, query = "charge_list", {"queue": "second-person"}
    row = f'id="charge-{charge.pk}"'
    assert row in second.get(reverse(name), query).content.decode()
    assert row not in first.get(reverse(name), query).content.decode()
    data = {"scope": "view", "query": "queue=second-person"}
    page(second, "charge_release_many", data)
    assert Charge.objects.get(pk=charge.pk).released_by == second.user


@pytest.mark.parametrize("key", RELEASE)
def test_a_row_switched_off_lets_one_person_do_both_and_lists_it(key, client_of, manager, charge):
    alone = client_of("coder")
    FIRST_THING[key](charge, alone.user)
    today = timezone.localdate()
    DutySetting.objects.create(
        duty=key, effective_from=today, effective_through=today, reason="Alone", by=manager.user
    )
    release(charge=charge, by=alone.user)
    assert charge.events.last().details["alone"] == [key]
    listed = manager.get(reverse("dispute_list")).content.decode()
    assert "Done by one person alone" in listed
    assert DUTY[key].having in listed.replace("Recorded", "recorded").replace(
        "Corrected", "corrected"
    ).replace("Entered", "entered").replace("&#x27;", "'")
    assert [row.key for row in INVARIANTS if broken(row)] == []


def test_a_setting_of_another_day_or_row_switches_nothing_off(client_of, manager, charge):
    alone = client_of("coder")
    record(charge, alone.user)
    yesterday = timezone.localdate() - timedelta(days=1)
    DutySetting.objects.create(
        duty="release-own-session", effective_from=yesterday, effective_through=yesterday,
        reason="Alone", by=manager.user,
    )  # fmt: skip
    DutySetting.objects.create(
        duty="confirm-own-override", effective_from=yesterday, reason="x", by=manager.user
    )
    assert DUTY["release-own-session"].sentence in by_action(alone, charge)


def test_what_a_manager_uploads_they_do_not_release(course, approved, manager, client_of):
    """An import that records, corrects and approves makes its uploader a doer of all three."""
    words = [Word(1, 0, as_csv=True), Word(1, 5, shift="2.5", as_csv=True)]
    for word in words:
        import_treatments(as_files([word], course), by=manager.user, on=TODAY)
    charge = Charge.objects.get()
    make.ImageReviewFactory(session=charge.session, reviewed_by=course.physician)
    said = by_action(manager, charge)
    assert said == DUTY["release-own-session"].sentence
    record(charge, client_of("therapist").user)
    assert by_action(manager, charge) == DUTY["release-own-correction"].sentence


@pytest.fixture
def stopped(course, approved, treat) -> Charge:
    return treat(course, 1, reviewed=False)[0].charges.get()


def confirmed(client, charge):
    return page(client, "charge_move", {}, charge.pk, "confirm_override")


def confirmed_among_many(client, charge):
    return page(client, "charge_many", {"charge": [charge.pk], "verb": "confirm_override"})


@pytest.mark.parametrize("path", [confirmed, confirmed_among_many])
def test_who_proposed_an_override_confirms_it_on_no_path(path, client_of, stopped):
    first, second = client_of("manager"), client_of("manager")
    propose_override(charge=stopped, by=first.user, reason="Signed on paper")
    assert DUTY["confirm-own-override"].sentence in path(first, stopped)
    assert Charge.objects.get(pk=stopped.pk).overridden_at is None
    path(second, stopped)
    assert Charge.objects.get(pk=stopped.pk).overridden_by == second.user


def test_a_manager_alone_overrides_while_the_row_is_switched_off(client_of, stopped):
    manager = client_of("manager")
    propose_override(charge=stopped, by=manager.user, reason="Signed on paper")
    DutySetting.objects.create(
        duty="confirm-own-override", effective_from=date(2026, 1, 1), reason="x", by=manager.user
    )
    charge = confirm_override(charge=stopped, by=manager.user)
    assert charge.is_override_alone
    assert "Done by one person alone" in manager.get(reverse("dispute_list")).content.decode()
    assert ", alone" in manager.get(reverse("charge_detail", args=[charge.pk])).content.decode()


def test_the_database_takes_no_override_of_one_person(manager, stopped):
    propose_override(charge=stopped, by=manager.user, reason="Signed on paper")
    with pytest.raises(IntegrityError), transaction.atomic():
        Charge.objects.update(overridden_at=timezone.now(), overridden_by=manager.user)


def test_a_declined_override_is_gone_with_its_reason_in_the_history(client_of, stopped):
    first, second = client_of("manager"), client_of("manager")
    propose_override(charge=stopped, by=first.user, reason="Signed on paper")
    declined = decline_override(charge=stopped, by=second.user, reason="Show me the paper")
    assert (declined.override_proposed_by, declined.override_reason) == (None, "")
    assert declined.events.last().reason == "Show me the paper"
    with pytest.raises(IllegalMove, match="Nobody has proposed"):
        confirm_override(charge=stopped, by=second.user)


@pytest.mark.parametrize("is_confirmed", [False, True])
def test_a_line_that_is_corrected_is_not_the_one_overridden(client_of, stopped, is_confirmed):
    first, second, coder = client_of("manager"), client_of("manager"), client_of("coder")
    propose_override(charge=stopped, by=first.user, reason="Signed on paper")
    if is_confirmed:
        confirm_override(charge=stopped, by=second.user)
    corrected = correct(
        charge=stopped, by=coder.user, code="77387", modifiers=["TC"], units=1, reason="x"
    )
    assert (corrected.override_proposed_by, corrected.overridden_by) == (None, None)
    assert corrected.status == "held"


def test_many_are_asked_in_as_few_questions_as_two(
    client_of, course, approved, treat, django_assert_max_num_queries
):
    charges = [session.charges.get() for session in treat(course, 9)]
    coder = client_of("coder").user
    with django_assert_max_num_queries(200):
        results = release_many(charges=charges[:8], by=coder)
    assert all(result.is_released for result in results)
