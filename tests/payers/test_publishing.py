"""Two people change what a payer asks, and both see what it would change."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import ProposedChange, Role
from authorizations.models import Charge
from payers.models import CodingPolicy
from payers.policies.lookup import PolicyBook
from payers.policies.publishing import NotPublished, publish
from tests import factories as make

pytestmark = pytest.mark.django_db
TODAY = date(2026, 10, 5)


@pytest.fixture
def proposed(administrator, plan) -> CodingPolicy:
    """From the start of the course on, this plan would reject 26."""
    return make.CodingPolicyFactory(
        payer=plan.payer,
        plan=plan,
        topic="modifier_26",
        value="rejected",
        effective_from=TODAY,
        is_published=False,
        proposed_by=administrator.user,
    )


@pytest.fixture
def other(person) -> Client:
    client = Client()
    client.user = person(Role.ADMINISTRATOR)
    client.force_login(client.user)
    return client


def address(policy, page: str = "publish") -> str:
    return reverse(f"admin:payers_codingpolicy_{page}", args=[policy.pk])


def test_what_is_only_proposed_is_not_in_force(proposed, plan):
    assert PolicyBook().answer(plan, "modifier_26", TODAY) != "rejected"
    assert proposed not in CodingPolicy.objects.in_force(TODAY)


def test_the_page_shows_which_charges_would_be_judged_otherwise(
    proposed, other, course, approved, treat
):
    treat(course, 3)
    page = other.get(address(proposed)).content.decode()
    assert "3 unreleased charges would get another verdict" in page
    assert "77387-26: pass" in page
    assert "<td>77387: pass" in page
    assert course.patient.last_name not in page
    assert Charge.objects.filter(modifiers=["26"]).count() == 3


def test_nobody_publishes_what_they_proposed(proposed, administrator, other):
    page = administrator.get(address(proposed)).content.decode()
    assert "another person publishes it" in page
    assert "New policy" in other.get(reverse("home")).content.decode()
    administrator.post(address(proposed))
    proposed.refresh_from_db()
    assert not proposed.is_published


def test_another_person_publishes_and_open_charges_follow(proposed, other, course, approved, treat):
    treat(course, 2)
    other.post(address(proposed))
    proposed.refresh_from_db()
    assert proposed.published_by == other.user
    assert {tuple(c.modifiers) for c in Charge.objects.all()} == {()}


def test_the_earlier_policy_ends_the_day_before(proposed, other, plan):
    earlier = make.CodingPolicyFactory(
        payer=plan.payer, plan=plan, topic="modifier_26", value="required"
    )
    publish(policy=proposed, by=other.user)
    earlier.refresh_from_db()
    assert earlier.effective_through == TODAY - timedelta(days=1)


def test_an_earlier_policy_is_never_lost(proposed, other, plan):
    make.CodingPolicyFactory(
        payer=plan.payer, plan=plan, topic="modifier_26", value="required",
        effective_from=TODAY + timedelta(days=1),
    )  # fmt: skip
    with pytest.raises(NotPublished, match="end that one first"):
        publish(policy=proposed, by=other.user)


def test_days_after_a_short_policy_are_not_left_without_an_answer(proposed, other, plan):
    make.CodingPolicyFactory(payer=plan.payer, plan=plan, topic="modifier_26", value="required")
    proposed.effective_through = TODAY + timedelta(days=30)
    proposed.save()
    with pytest.raises(NotPublished, match="Leave the last day of this one empty"):
        publish(policy=proposed, by=other.user)


def test_the_database_refuses_one_person_for_both(proposed, administrator):
    with pytest.raises(IntegrityError), transaction.atomic():
        CodingPolicy.objects.filter(pk=proposed.pk).update(
            is_published=True, published_at=timezone.now(), published_by=administrator.user
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        CodingPolicy.objects.filter(pk=proposed.pk).update(is_published=True)


def test_a_policy_entered_in_the_admin_is_only_proposed(administrator, plan):
    administrator.post(
        reverse("admin:payers_authorizationpolicy_add"),
        {
            "payer": plan.payer.pk,
            "line_of_business": "",
            "plan": "",
            "requirement": "not_required",
            "documents": "",
            "effective_from": "2026-12-01",
            "source": "A letter",
            "verified_on": "2026-11-23",
            "confidence": "B",
        },
    )
    row = plan.payer.authorizationpolicy_rows.get(plan=None)
    assert (row.is_published, row.proposed_by) == (False, administrator.user)


def test_a_changed_requirement_names_the_courses(administrator, other, course, plan):
    policy = make.AuthorizationPolicyFactory(
        payer=plan.payer, plan=plan, requirement="not_required",
        effective_from=timezone.localdate(), is_published=False, proposed_by=administrator.user,
    )  # fmt: skip
    page = other.get(reverse("admin:payers_authorizationpolicy_publish", args=[policy.pk]))
    assert "required → not required" in page.content.decode()
    assert course.code not in page.content.decode()


def change_form(policy, **changes) -> dict[str, object]:
    """The form of a published policy, as its page sends it."""
    return {
        "effective_through": "",
        "note": policy.note,
        "source": policy.source,
        "source_url": policy.source_url,
        "verified_on": str(policy.verified_on),
        "confidence": policy.confidence,
        **changes,
    }


def test_a_published_policy_is_ended_and_sourced_anew_by_two(
    administrator, other, plan, course, approved, treat
):
    policy = plan.payer.codingpolicy_rows.first() or make.CodingPolicyFactory(plan=plan)
    typed = change_form(policy, effective_through="2026-12-31", source="My own word")
    administrator.post(address(policy, "change"), typed)
    policy.refresh_from_db()
    assert (policy.effective_through, policy.source) != (date(2026, 12, 31), "My own word")
    assert "Waiting for a second administrator: 1" in other.get(reverse("home")).content.decode()
    change = ProposedChange.objects.get()
    administrator.post(reverse("proposed_change_confirm", args=[change.pk]))
    policy.refresh_from_db()
    assert policy.source != "My own word"
    other.post(reverse("proposed_change_confirm", args=[change.pk]))
    policy.refresh_from_db()
    assert (policy.effective_through, policy.source) == (date(2026, 12, 31), "My own word")
    history = other.get(address(policy, "history")).content.decode()
    assert "Proposed: " in history
    assert "Confirmed: " in history


def test_an_end_before_the_beginning_is_not_even_proposed(administrator, other, plan):
    policy = make.CodingPolicyFactory(plan=plan, payer=plan.payer, topic="diagnosis_order",
                                      value="z510_first")  # fmt: skip
    typed = change_form(policy, effective_through="2001-01-01")
    assert "before" in administrator.post(address(policy, "change"), typed).content.decode()
    assert not ProposedChange.objects.exists()


def test_nobody_rewrites_anothers_proposal_and_then_publishes_it(proposed, other):
    other.post(address(proposed, "change"), change_form(proposed, source="My own word"))
    proposed.refresh_from_db()
    assert proposed.source != "My own word"


def test_the_only_administrator_publishes_alone_and_it_is_listed(
    proposed, administrator, client_of
):
    assert "you publish it alone" in administrator.get(address(proposed)).content.decode()
    administrator.post(address(proposed))
    proposed.refresh_from_db()
    assert proposed.published_alone
    second = client_of(Role.ADMINISTRATOR)
    page = second.get(reverse("home")).content.decode()
    assert "Done by one administrator alone, to be looked through: 1" in page
