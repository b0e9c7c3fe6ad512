"""The policies of the books: the narrowest wins, silence stays silence, nothing contradicts."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.db import IntegrityError, transaction

from payers.models import AuthorizationPolicy, CodingPolicy, Plan
from payers.policies.lookup import PolicyBook
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_books")]


@pytest.fixture
def book() -> PolicyBook:
    return PolicyBook()


def plan(code: str) -> Plan:
    return Plan.objects.select_related("payer").get(code=code)


@pytest.mark.parametrize(
    ("code", "topic", "on", "answer"),
    [
        ("STD-UHC-CFI", "modifier_26", date(2026, 2, 28), "either"),
        ("STD-UHC-CFI", "modifier_26", date(2026, 3, 1), "required"),
        ("STD-CIG-CFI", "modifier_26", date(2026, 3, 1), None),
        ("STD-MCR-FFS", "timely_filing", date(2026, 6, 1), "12 calendar months"),
        ("STD-UHC-CFI", "timely_filing", date(2026, 6, 1), "90 days"),
        ("STD-IL-PPO", "timely_filing", date(2026, 6, 1), "180 days"),
        ("STD-FEP", "timely_filing", date(2026, 6, 1), "end of next calendar year"),
        ("STD-UHC-MA", "old_authorizations", date(2026, 1, 1), "recoded_by_payer"),
        ("STD-CIG-CFI", "old_authorizations", date(2026, 1, 1), None),
    ],
)
def test_what_the_published_books_answer(book, code, topic, on, answer):
    assert book.answer(plan(code), topic, on) == answer


def test_medicare_fee_for_service_asks_for_no_authorization(book):
    assert book.is_required(plan("STD-MCR-FFS"), date(2026, 6, 1)) is False
    assert book.is_required(plan("STD-UHC-CFI"), date(2026, 6, 1)) is True
    assert book.is_required(None, date(2026, 6, 1)) is None


def test_no_scope_has_a_gap_between_two_answers(book):
    """Rows of one scope and matter follow each other without a day between them."""
    for model, keys in (
        (CodingPolicy, ("payer_id", "line_of_business", "plan_id", "topic")),
        (AuthorizationPolicy, ("payer_id", "line_of_business", "plan_id")),
    ):
        chains = defaultdict(list)
        for row in model.objects.order_by("effective_from"):
            chains[tuple(getattr(row, key) for key in keys)].append(row)
        for rows in chains.values():
            for earlier, later in pairwise(rows):
                assert later.effective_from == earlier.effective_through + timedelta(days=1)


def test_the_narrowest_scope_wins():
    payer = make.PayerFactory()
    mine = make.PlanFactory(code="MINE", payer=payer, line_of_business="exchange")
    other = make.PlanFactory(code="OTHER", payer=payer, line_of_business="fep")
    for scope, value in (
        ({}, "required"),
        ({"line_of_business": "exchange"}, "either"),
        ({"plan": mine}, "rejected"),
    ):
        make.CodingPolicyFactory(
            payer=payer, topic="modifier_26", value=value, **{"plan": None, **scope}
        )
    book = PolicyBook()
    assert book.answer(mine, "modifier_26", date(2026, 6, 1)) == "rejected"
    assert book.answer(other, "modifier_26", date(2026, 6, 1)) == "required"


@pytest.mark.parametrize("factory", [make.CodingPolicyFactory, make.AuthorizationPolicyFactory])
@pytest.mark.parametrize(
    "changes", [{"source": ""}, {"effective_from": None}, {"verified_on": None}]
)
def test_the_database_refuses_a_policy_without_source_or_dates(factory, changes):
    with pytest.raises(IntegrityError), transaction.atomic():
        factory(**changes)
