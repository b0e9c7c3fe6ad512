"""Issuers stand between a payer and its plans: of one payer, and said where policies are said."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from payers.models import Issuer, Plan
from tests import factories as make
from tests.support.database_guards import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def issuer(plan) -> Issuer:
    row = make.IssuerFactory(key="north", payer=plan.payer, electronic_payer_id="12345")
    Plan.objects.filter(pk=plan.pk).update(issuer=row)
    plan.refresh_from_db()
    return row


@pytest.fixture
def stranger() -> Issuer:
    return make.IssuerFactory(key="far", payer__key="elsewhere")


def test_a_plan_has_an_issuer_of_its_own_payer(plan, stranger):
    plan.issuer = stranger
    with pytest.raises(ValidationError, match="another payer"):
        plan.full_clean()
    assert refused(plan.save) == "plan_issuer_of_payer"


def test_an_issuer_stays_with_its_payer(issuer, stranger):
    change = Issuer.objects.filter(pk=issuer.pk).update
    assert refused(lambda: change(payer=stranger.payer)) == "issuer_keeps_payer"


@pytest.mark.parametrize("factory", [make.CodingPolicyFactory, make.AuthorizationPolicyFactory])
def test_a_policy_speaks_of_an_issuer_and_plan_of_its_payer(plan, stranger, factory):
    other = make.PlanFactory(code="ELSE", payer=stranger.payer)
    for scope in ({"plan": None, "issuer": stranger}, {"plan": other}):
        row = factory.build(payer=plan.payer, **scope)
        with pytest.raises(ValidationError, match="another payer"):
            row.full_clean()
        assert refused(lambda s=scope: factory(payer=plan.payer, **s)).endswith("_of_one_payer")


@pytest.mark.parametrize("number", ["12", "12345-6", "ab123", "1234567890123456"])
def test_a_payer_id_has_digits_and_capitals(plan, number):
    name = refused(
        lambda: (
            make.IssuerFactory(key="x", payer=plan.payer, electronic_payer_id=number[:15])
            if len(number) < 16
            else make.IssuerFactory(key="x", payer=plan.payer, electronic_payer_id="12 345")
        )
    )
    assert name == "issuer_payer_id_format"


def test_the_page_of_a_payer_names_the_issuers_of_its_plans(coder, plan, issuer):
    make.CodingPolicyFactory(
        payer=plan.payer, plan=None, issuer=issuer, topic="modifier_26", value="either", state="TX"
    )
    page = coder.get(reverse("payer_detail", args=[plan.payer.key])).content.decode()
    assert "North" in page
    assert "12345" in page
    assert "only treated in TX" in page


def test_files_have_issuer_and_scope(coder, plan, issuer):
    make.CodingPolicyFactory(
        payer=plan.payer, plan=None, issuer=issuer, topic="modifier_26", value="either", state="TX"
    )
    url = reverse("payer_detail", args=[plan.payer.key])
    file = coder.get(url, {"export": "csv", "table": "coding"}).getvalue().decode()
    assert "North" in file
    assert "treated in TX" in file
