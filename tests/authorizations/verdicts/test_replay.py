"""Every stored verdict replays to the same bytes; what-if questions are answered, not stored."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from authorizations.models import CodingReview
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
        disposition="STOP",
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


def test_nonsense_is_refused_in_words(judged):
    with pytest.raises(CommandError, match="neither a day"):
        said(as_if="yesterday")
