"""The address holds every fact of a charge that a rule may look at, and nothing of a patient."""

from __future__ import annotations

import dataclasses

import pytest
from django.http import QueryDict

from coding.rules import review
from coding.rules.examples import EXAMPLES
from payers.may_we_bill.address import address_of, asked_scenarios, url_query
from payers.may_we_bill.scenario_facts import Books, facts_of
from payers.may_we_bill.scenario_form import ScenarioForm

pytestmark = pytest.mark.django_db
# What an address leaves out: numbers of authorizations on a claim, and times of a day.
NOT_IN_AN_ADDRESS = {"R52", "R53"}
# A session without a moment is in examples only: a recorded one always has its moment.
WITH_A_MOMENT = [found for found in EXAMPLES if found.facts.session.started_at is not None]


def through_the_address(facts):
    """The facts as the page reads them from its address; the books' values stay as they are."""
    sent = QueryDict(url_query(address_of(facts) | {"plan": ""}))
    form = ScenarioForm(asked_scenarios(sent)[0])
    assert form.is_valid(), form.errors
    read = facts_of(form.cleaned_data, Books())
    kept = ("payer", "unit_limit", "pair_edits", "pair_table", "filing")
    status = facts.session.delivery_code_status
    session = dataclasses.replace(read.session, delivery_code_status=status)
    from_books = {name: getattr(facts, name) for name in kept}
    return dataclasses.replace(read, session=session, **from_books)


@pytest.mark.parametrize(
    "example", WITH_A_MOMENT, ids=[f"{n}-{e.about}" for n, e in enumerate(WITH_A_MOMENT)]
)
def test_the_answer_of_an_address_is_the_rulebooks_about_the_same_facts(example):
    wanted = set(review(example.facts).numbers) - NOT_IN_AN_ADDRESS
    found = review(through_the_address(example.facts))
    assert set(found.numbers) - NOT_IN_AN_ADDRESS == wanted


def test_few_examples_are_left_out():
    assert len(EXAMPLES) - len(WITH_A_MOMENT) < 6
