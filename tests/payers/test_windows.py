"""Windows to act in, and what a new plan honours, by payer, line of business and law."""

from __future__ import annotations

from datetime import date

import pytest

from payers.clocks import (
    FilingLimit,
    appeal_deadline,
    continuity_on_joining,
    filing_deadline,
    information_deadline,
    peer_to_peer_deadline,
    retrospective_deadline,
    transition_ends_on,
    validity_floor,
)
from tests.support.moments import CHICAGO, FEP, FFS, FULL, MA, MCD, QHP, SELF, moment


@pytest.mark.parametrize(
    ("payer", "line", "decided", "due"),
    [
        ("aetna", MA, "2026-11-02", "2027-01-06"),
        ("unitedhealthcare", MA, "2026-11-02", "2027-01-06"),
        ("aetna", SELF, "2026-11-02", "2027-05-01"),
        ("cigna", FULL, "2026-11-02", "2027-05-01"),
        ("bcbs", FULL, "2026-11-02", "2027-05-01"),
        ("unitedhealthcare", MCD, "2026-11-02", "2027-01-01"),
        ("bcbs", FEP, "2026-08-31", "2027-02-28"),
        ("medicare", FFS, "2026-11-02", "2027-03-07"),
    ],
)
def test_appeal_windows_by_payer_and_line(payer, line, decided, due):
    found = appeal_deadline(
        payer=payer,
        line_of_business=line,
        decided_at=moment(f"{decided} 00:00"),
        time_zone=CHICAGO,
    )
    assert (found and str(found.due_on)) == due


@pytest.mark.parametrize(
    ("line", "state", "joined", "expected"),
    [
        (SELF, "NE", date(2026, 11, 1), [(90, False)]),
        (FULL, "NE", date(2026, 11, 1), [(60, True), (90, False)]),
        (FULL, "TX", date(2026, 1, 1), [(90, False)]),
        (FULL, "TX", date(2025, 12, 31), []),
        (MA, "NE", date(2026, 11, 1), []),
    ],
)
def test_what_a_new_commercial_plan_may_be_held_to(line, state, joined, expected):
    found = continuity_on_joining(joined_on=joined, line_of_business=line, state=state)
    assert [(row.days, row.is_law) for _, row in found] == expected
    assert all((last - joined).days == row.days - 1 for last, row in found)


@pytest.mark.parametrize(
    ("line", "state", "on", "months"),
    [
        (FULL, "NE", date(2025, 12, 31), None),
        (FULL, "NE", date(2026, 1, 1), 12),
        (QHP, "ND", date(2026, 1, 1), 6),
        (FULL, "IN", date(2026, 1, 1), 12),
        (QHP, "WY", date(2026, 1, 1), 12),
        (SELF, "IN", date(2026, 1, 1), None),
        (SELF, "NE", date(2026, 1, 1), None),
    ],
)
def test_some_states_set_how_long_an_approval_lasts_at_least(line, state, on, months):
    found = validity_floor(line_of_business=line, state=state, on=on)
    assert (found and found.months) == months


def test_a_secondary_payer_counts_from_the_primarys_answer():
    limit = FilingLimit.parse("90 days")
    answered = date(2027, 2, 1)
    last = filing_deadline(date(2026, 11, 23), limit, primary_answered_on=answered)
    assert last == date(2027, 5, 2)
    assert filing_deadline(date(2026, 11, 23), limit) == date(2027, 2, 21)


def test_the_earlier_of_two_contradicting_windows_is_the_safe_one():
    about = {"line_of_business": FULL, "decided_at": moment("2026-11-02 09:00")}
    found = peer_to_peer_deadline(payer="unitedhealthcare", time_zone=CHICAGO, **about)
    assert found.due_at == moment("2026-11-03 09:00")
    assert found.confidence == "C"
    assert peer_to_peer_deadline(payer="aetna", time_zone=CHICAGO, **about) is None


def test_a_payer_may_close_after_fifteen_business_days_of_silence():
    found = information_deadline(
        payer="cigna",
        line_of_business=FULL,
        asked_at=moment("2026-11-23 10:00"),
        time_zone=CHICAGO,
    )
    assert found.due_on == date(2026, 12, 15)


def test_nobody_publishes_a_window_to_ask_after_treatment():
    asked = {"payer": "aetna", "line_of_business": MA, "treated_on": date(2026, 11, 2)}
    assert retrospective_deadline(**asked) is None


def test_a_new_advantage_plan_honours_a_course_for_ninety_days():
    joined = date(2027, 1, 1)
    assert transition_ends_on(joined_on=joined, line_of_business=MA) == date(2027, 3, 31)
    assert transition_ends_on(joined_on=joined, line_of_business=FULL) is None


@pytest.mark.parametrize(
    ("on", "limit", "last"),
    [
        ("2026-11-23", "90 days", "2027-02-21"),
        ("2026-11-23", "12 calendar months", "2027-11-23"),
        ("2024-02-29", "12 calendar months", "2025-02-28"),
        ("2026-08-31", "6 calendar months", "2027-02-28"),
        ("2026-01-01", "end of next calendar year", "2027-12-31"),
        ("2026-12-31", "end of next calendar year", "2027-12-31"),
        ("2026-11-23", "1 days", "2026-11-24"),
    ],
)
def test_filing_limits(on, limit, last):
    parsed = FilingLimit.parse(limit)
    assert str(filing_deadline(date.fromisoformat(on), parsed)) == last
    assert str(parsed) == limit


@pytest.mark.parametrize("text", ["90", "ninety days", "0 days", "90 days or so", ""])
def test_what_is_no_filing_limit_is_refused(text):
    with pytest.raises(ValueError, match="Not a filing limit"):
        FilingLimit.parse(text)
