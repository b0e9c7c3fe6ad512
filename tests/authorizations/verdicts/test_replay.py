"""Every stored verdict replays to the same bytes; what-if questions are answered, not stored."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from authorizations.models import CodingReview
from coding.rules import RULEBOOK_VERSION
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def judged(course, approved, treat):
    treat(course, 3)
    treat(course, 1, reviewed=False)
    return CodingReview.objects.count()


def said(**options) -> str:
    out = StringIO()
    call_command("replay_reviews", stdout=out, **options)
    return out.getvalue()


def test_history_comes_out_the_same(judged):
    assert f"{judged} verdicts judged again" in said()
    assert "0 differ" in said()


def test_a_verdict_that_does_not_replay_is_named(judged, course):
    charge = course.sessions.first().charges.get()
    stored = charge.reviews.last()
    make.CodingReviewFactory(
        charge=charge, facts=stored.facts, verdict='{"disposition":"STOP","findings":[]}',
        disposition="STOP", rulebook_version=RULEBOOK_VERSION,
    )  # fmt: skip
    with pytest.raises(CommandError, match="does not replay"):
        said()


def test_as_if_it_were_another_year(judged):
    assert "→" in said(as_if="2014-06-01")
    assert CodingReview.objects.count() == judged


def test_as_if_another_plan_paid(judged):
    plan = make.PlanFactory(code="OTHER", line_of_business="medicare_ffs")
    make.CodingPolicyFactory(plan=plan, payer=plan.payer, topic="modifier_26", value="rejected")
    assert "R14" in said(as_if="OTHER")


def test_what_a_correction_of_the_books_would_have_changed(judged, course):
    assert "0 differ" in said(as_if="books")
    charge = course.sessions.first().charges.get()
    make.PairEditFactory(
        column_one=course.delivery_code, column_two=charge.code, indicator=0, release="2026 Q4"
    )
    told = said(as_if="books")
    assert "(R68" in told
    assert "pass → STOP: 3" in told
    assert CodingReview.objects.count() == judged
    assert "0 differ" in said()


def test_a_verdict_of_an_earlier_edition_may_differ(judged, course):
    charge = course.sessions.first().charges.get()
    facts = charge.reviews.last().facts.replace('"honours_by_law":"",', "")
    make.CodingReviewFactory(
        charge=charge, facts=facts, verdict='{"disposition":"STOP","findings":[]}',
        disposition="STOP", rulebook_version="rulebook of before",
    )  # fmt: skip
    told = said()
    assert "1 of them first by an earlier one: 1 differ" in told
    assert "STOP → pass: 1" in told


def test_nonsense_is_refused_in_words(judged):
    with pytest.raises(CommandError, match="neither a day"):
        said(as_if="yesterday")
