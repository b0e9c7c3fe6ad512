"""Gold cards: who can give which, over which years, and what is missing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payers.gold_cards import PROGRAMMES, Year, approvals_to_come, missing, programmes_of

TODAY = date(2026, 11, 23)
UHC, TEXAS = PROGRAMMES


def year(asked: int, approved: int) -> Year:
    return Year(TODAY - timedelta(days=364), TODAY, asked, approved)


@pytest.mark.parametrize(
    ("why", "payer", "plans", "wanted"),
    [
        ("its own", "unitedhealthcare", {("medicare_advantage", "")}, {"uhc-national"}),
        ("another payer", "aetna", {("medicare_advantage", "")}, set()),
        ("a Texas exchange plan", "aetna", {("exchange", "TX")}, {"texas"}),
        ("self-funded is not the state's", "aetna", {("commercial_self_funded", "TX")}, set()),
        ("Advantage is not the state's", "bcbs", {("medicare_advantage", "TX")}, set()),
        ("another state", "bcbs", {("exchange", "IL")}, set()),
        ("both", "unitedhealthcare", {("exchange", "TX")}, {"uhc-national", "texas"}),
    ],
)
def test_a_card_is_for_the_plans_it_covers(why, payer, plans, wanted):
    assert {p.key for p in programmes_of(payer, frozenset(plans), TODAY)} == wanted, why


def test_no_card_before_its_programme_began():
    plans = frozenset({("exchange", "TX")})
    assert programmes_of("aetna", plans, date(2025, 8, 31)) == ()
    assert programmes_of("aetna", plans, date(2025, 9, 1)) == (TEXAS,)


@pytest.mark.parametrize(
    ("programme", "asked", "approved", "wanted"),
    [
        (UHC, 9, 9, "1 more request, at least 1 approved in full"),
        (UHC, 0, 0, "10 more requests, at least 10 approved in full"),
        (UHC, 5, 5, "5 more requests, at least 5 approved in full"),
        (UHC, 7, 6, "6 more approvals in a row"),
        (UHC, 10, 10, ""),
        (UHC, 25, 23, ""),
        (UHC, 25, 22, "13 more approvals in a row"),
        (UHC, 12, 11, "1 more approval in a row"),
        (TEXAS, 0, 0, "1 more request, at least 1 approved in full"),
        (TEXAS, 10, 9, ""),
        (TEXAS, 9, 8, "1 more approval in a row"),
    ],
)
def test_what_is_missing_is_said(programme, asked, approved, wanted):
    assert missing(programme, year(asked, approved)) == wanted


@given(st.integers(1, 300), st.integers(0, 300), st.sampled_from((90, 92)))
def test_so_many_approvals_and_no_fewer_reach_the_share(asked, approved, percent):
    approved = min(asked, approved)
    more = approvals_to_come(asked, approved, percent)
    assert 100 * (approved + more) >= percent * (asked + more)
    if more:
        assert 100 * (approved + more - 1) < percent * (asked + more - 1)


@given(st.integers(0, 40), st.integers(0, 40), st.sampled_from(PROGRAMMES))
def test_who_does_what_is_said_has_the_card(asked, approved, programme):
    approved = min(asked, approved)
    words = missing(programme, year(asked, approved))
    numbers = [int(word) for word in words.split() if word.isdigit()]
    if "at least" in words:
        requests, granted = numbers
        assert 0 < granted <= requests
        assert missing(programme, year(asked + requests, approved + granted - 1)) != ""
    else:
        requests = granted = numbers[0] if numbers else 0
    assert missing(programme, year(asked + requests, approved + granted)) == ""


def test_the_years_follow_each_other_back_from_today():
    latest, before = UHC.spans(TODAY)
    assert latest == (date(2025, 11, 24), TODAY)
    assert before[1] == latest[0] - timedelta(days=1)


def test_each_programme_says_where_it_stands():
    for programme in PROGRAMMES:
        assert programme.source
        assert programme.source_url.startswith("https://")
        assert "verified" in programme.caveat
