"""What an address says of a charge is what the rulebook judges."""

from __future__ import annotations

import dataclasses

import pytest

from coding.rules import review
from coding.rules.examples import EXAMPLES
from payers.may_we_bill.address import texts_of
from payers.may_we_bill.answer import WORDS, answer_of
from payers.may_we_bill.scenario import Books, Scenario, put
from tests import factories as make

pytestmark = pytest.mark.django_db


def read_again(facts, shelf):
    """The facts through an address and back, with the published values of the example."""
    scenario = Scenario.read(texts_of(facts), shelf)
    assert scenario.errors == {}
    made = scenario.facts(shelf)
    made = put(made, "session.delivery_code_status", facts.session.delivery_code_status)
    return dataclasses.replace(
        made,
        unit_limit=facts.unit_limit,
        pair_edits=facts.pair_edits,
        pair_table=facts.pair_table,
        filing=facts.filing,
    )


def test_an_address_carries_every_fact_of_every_example_of_the_rulebook():
    for code in ("MAIN", "WEST"):
        make.FacilityFactory(code=code)
    shelf = Books()
    wrong = []
    for number, example in enumerate(EXAMPLES):
        asked, told = review(example.facts), review(read_again(example.facts, shelf))
        if asked.numbers != told.numbers or asked.disposition != told.disposition:
            wrong.append((number, example.about, example.why, asked.numbers, told.numbers))
        assert answer_of(example.facts).word == WORDS[asked.disposition]
    assert wrong == []
