"""A policy that ties with one in force is refused: by the form, by its publication, in words."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.proposals import ChangeRefused
from payers.models import CodingPolicy
from payers.policies.lookup import PolicyBook
from payers.policies.publishing import NotPublished, propose_policy_change, publish
from payers.policies.scope import Service
from tests import factories as make
from tests.support.database_guards import refused

pytestmark = pytest.mark.django_db
TODAY = date(2026, 10, 5)
TEXAS_IMRT = Service(state="TX", technique="IMRT")


def policy(plan, value="required", **scope) -> CodingPolicy:
    return make.CodingPolicyFactory(
        payer=plan.payer, plan=None, topic="modifier_26", value=value, **scope
    )


def unsaved(whose, value="rejected", **scope) -> CodingPolicy:
    scope = {"plan": None, "is_published": False} | scope
    return make.CodingPolicyFactory.build(
        payer=whose.payer, topic="modifier_26", value=value, **scope
    )


@pytest.mark.parametrize(
    ("why", "scope"),
    [
        ("another kind of condition", {"technique": "IMRT"}),
        ("a range that overlaps", {"code_from": "77387", "code_through": "77399"}),
        ("a word of the same site", {"body_site": "left lung"}),
        ("a plan", {}),
    ],
)
def test_a_tie_is_refused_with_what_would_make_it_right(plan, why, scope):
    policy(plan, state="TX", code_from="77301", code_through="77387", body_site="left breast")
    row = unsaved(plan, **(scope or {"plan": plan}))
    with pytest.raises(ValidationError) as refusal:
        row.full_clean()
    assert "neither is narrower" in refusal.value.messages[0], why
    assert "publish first a policy for both: " in refusal.value.messages[0]
    assert "treated in TX" in refusal.value.messages[0]


@pytest.mark.parametrize(
    ("why", "value", "scope"),
    [
        ("it is narrower", "rejected", {"state": "TX", "technique": "IMRT"}),
        ("it is wider", "rejected", {}),
        ("they never meet", "rejected", {"state": "IA", "technique": "IMRT"}),
        ("they answer alike", "required", {"technique": "IMRT"}),
        ("it begins later", "rejected", {"technique": "IMRT", "effective_from": date(2027, 1, 1)}),
    ],
)
def test_what_does_not_tie_is_accepted(plan, why, value, scope):
    policy(plan, state="TX", effective_through=date(2026, 12, 31))
    row = unsaved(plan, value, **scope)
    row.full_clean()
    row.is_published = True
    row.save()
    assert CodingPolicy.objects.filter(pk=row.pk, is_published=True).exists(), why


def test_after_a_policy_for_both_neither_is_refused(plan):
    policy(plan, state="TX")
    policy(plan, "either", state="TX", technique="IMRT")
    row = unsaved(plan, technique="IMRT")
    row.full_clean()
    row.save()
    assert row.pk


@pytest.mark.parametrize(
    "scope", [{"effective_through": date(2026, 11, 30)}, {"diagnosis": "C50"}, {"plan": "mine"}]
)
def test_a_policy_for_a_part_of_both_is_not_enough(plan, scope):
    policy(plan, state="TX")
    mine = {"plan": plan} if scope == {"plan": "mine"} else scope
    make.CodingPolicyFactory(
        **{"payer": plan.payer, "plan": None, "topic": "modifier_26", "value": "either"}
        | {"state": "TX", "technique": "IMRT"} | mine
    )  # fmt: skip
    with pytest.raises(ValidationError, match="neither is narrower"):
        unsaved(plan, technique="IMRT").full_clean()


def test_a_tie_that_came_up_meanwhile_is_not_published(plan, administrator, person):
    mine = policy(plan, "rejected", technique="IMRT", is_published=False,
                  proposed_by=administrator.user)  # fmt: skip
    policy(plan, state="TX")
    with pytest.raises(NotPublished, match="neither is narrower"):
        publish(policy=mine, by=person("administrator"))


def test_a_longer_span_may_tie_too(plan, administrator):
    mine = policy(plan, "rejected", technique="IMRT", effective_through=date(2026, 3, 31))
    policy(plan, state="TX", effective_from=date(2026, 6, 1))
    with pytest.raises(ChangeRefused, match="neither is narrower"):
        propose_policy_change(policy=mine, values={"effective_through": ""}, by=administrator.user)


def test_the_form_says_it_and_keeps_what_was_typed(plan, administrator):
    policy(plan, state="TX")
    page = administrator.post(
        reverse("admin:payers_codingpolicy_add"),
        {
            "payer": plan.payer.pk, "topic": "modifier_26", "value": "rejected",
            "technique": "IMRT", "body_site": " Left Breast, ", "diagnosis": "c50.4",
            "effective_from": "2026-12-01", "source": "A letter", "verified_on": "2026-11-23",
            "confidence": "B",
        },
    ).content.decode()  # fmt: skip
    assert "neither is narrower than the other" in page
    assert "Left Breast, " in page


def test_what_is_typed_loosely_is_stored_strictly(plan, administrator):
    administrator.post(
        reverse("admin:payers_codingpolicy_add"),
        {
            "payer": plan.payer.pk, "topic": "last_fraction_review_hours", "value": "24",
            "state": "tx",
            "code_from": "g6001", "code_through": "g6017", "body_site": " Left  Breast, ",
            "diagnosis": "c50.4", "effective_from": "2026-12-01", "source": "A letter",
            "verified_on": "2026-11-23", "confidence": "B",
        },
    )  # fmt: skip
    row = CodingPolicy.objects.get(state="TX")
    assert (row.codes, row.body_site, row.diagnosis) == (("G6001", "G6017"), "left breast", "C50.4")


def test_a_tie_that_got_into_the_book_answers_nothing(plan):
    policy(plan, "rejected", technique="IMRT")
    policy(plan, state="TX")
    found = PolicyBook().find_coding_policy(plan, "modifier_26", TODAY, TEXAS_IMRT)
    assert found.row is None
    assert "technique IMRT" in found.doubt


@pytest.mark.parametrize(
    ("scope", "guard"),
    [
        ({"state": "TX"}, "coding_policy_never_overlaps"),
        ({"state": "tx"}, "coding_policy_state_format"),
        ({"technique": "rays"}, "coding_policy_technique_known"),
        ({"component": "27"}, "coding_policy_component_known"),
        ({"facility_type": "home"}, "coding_policy_facility_type_known"),
        ({"diagnosis": "50"}, "coding_policy_diagnosis_format"),
        ({"body_site": "Breast"}, "coding_policy_body_site_format"),
        ({"code_from": "7738"}, "coding_policy_code_format"),
        ({"code_from": "77387", "code_through": "77387"}, "coding_policy_codes_in_order"),
        ({"code_from": "77387", "code_through": "G6001"}, "coding_policy_codes_in_order"),
        ({"code_through": "77387"}, "coding_policy_codes_in_order"),
        ({"plan": "mine", "line_of_business": "exchange"}, "coding_policy_plan_alone"),
    ],
)
def test_the_database_refuses_a_scope_that_cannot_be_read(plan, scope, guard):
    filing = {"payer": plan.payer, "plan": None, "topic": "second_session_modifier", "value": "59"}
    make.CodingPolicyFactory(**filing | {"state": "TX"})
    given = {name: plan if value == "mine" else value for name, value in scope.items()}
    assert refused(lambda: make.CodingPolicyFactory(**filing | given)) == guard


@pytest.mark.parametrize(
    ("topic", "value", "scope"),
    [
        ("modifier_26", "either", {"component": "26"}),
        ("legacy_guidance_codes", "legacy", {"component": "26"}),
        ("legacy_guidance_codes", "legacy", {"code_from": "77014"}),
    ],
)
def test_what_a_topic_decides_is_no_condition_of_it(plan, topic, value, scope):
    name = refused(
        lambda: make.CodingPolicyFactory(
            payer=plan.payer, plan=None, topic=topic, value=value, **scope
        )
    )
    assert name == "coding_policy_answer_is_no_condition"
