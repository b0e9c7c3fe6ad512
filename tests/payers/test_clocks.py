"""The golden table of clocks: who must answer by when, by line of business, state and urgency."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payers.clocks import (
    decision_deadline,
    decision_rule,
    extended,
    rule_in_words,
)
from payers.clocks.calendars import Span, Unit, after, holidays
from tests.support.moments import (
    CHICAGO,
    FEP,
    FFS,
    FULL,
    MA,
    MCD,
    MCD_FFS,
    NEW_YORK,
    PHOENIX,
    QHP,
    SELF,
    moment,
)

# line of business, state, urgency, electronic, received, due (the facility's clock, Chicago)
GOLDEN = [
    # Medicare Advantage: 7 calendar days since 2026, 14 before; 72 hours expedited
    (MA, "", "standard", True, "2026-11-23 10:00", "2026-11-30 23:59"),
    (MA, "", "standard", True, "2026-11-23 23:30", "2026-11-30 23:59"),
    (MA, "", "standard", False, "2026-11-23 10:00", "2026-11-30 23:59"),
    (MA, "WA", "standard", True, "2026-11-23 10:00", "2026-11-30 23:59"),
    (MA, "", "standard", True, "2026-12-28 09:00", "2027-01-04 23:59"),
    (MA, "", "standard", True, "2026-01-01 00:10", "2026-01-08 23:59"),
    (MA, "", "standard", True, "2025-12-31 23:50", "2026-01-14 23:59"),
    (MA, "", "expedited", True, "2026-11-25 16:00", "2026-11-28 16:00"),
    (MA, "", "expedited", True, "2026-03-06 10:00", "2026-03-09 11:00"),
    (MA, "", "expedited", True, "2026-10-30 10:00", "2026-11-02 09:00"),
    (MA, "", "expedited", True, "2025-12-31 12:00", "2026-01-03 12:00"),
    # Medicaid: the same clock
    (MCD, "", "standard", True, "2026-11-23 10:00", "2026-11-30 23:59"),
    (MCD, "", "expedited", True, "2026-11-23 10:00", "2026-11-26 10:00"),
    (MCD, "IL", "standard", True, "2026-02-26 10:00", "2026-03-03 23:59"),
    (MCD, "", "standard", True, "2025-11-03 10:00", "2025-11-17 23:59"),
    (MCD_FFS, "", "standard", True, "2026-11-23 10:00", "2026-11-30 23:59"),
    (MCD_FFS, "", "expedited", True, "2026-11-23 10:00", "2026-11-26 10:00"),
    (MCD, "WA", "standard", True, "2026-11-16 10:00", "2026-11-19 23:59"),
    (MCD, "WA", "expedited", True, "2026-11-16 10:00", "2026-11-17 23:59"),
    (MCD_FFS, "WA", "standard", True, "2026-11-16 10:00", "2026-11-23 23:59"),
    # Employer plans: ERISA, 15 calendar days; no state's rule reaches them
    (SELF, "", "standard", True, "2026-11-23 10:00", "2026-12-08 23:59"),
    (SELF, "WA", "standard", True, "2026-11-23 10:00", "2026-12-08 23:59"),
    (SELF, "AK", "standard", True, "2026-11-23 10:00", "2026-12-08 23:59"),
    (SELF, "ND", "expedited", True, "2026-11-23 10:00", "2026-11-26 10:00"),
    (SELF, "", "expedited", True, "2026-02-27 08:15", "2026-03-02 08:15"),
    (SELF, "", "standard", True, "2028-02-20 10:00", "2028-03-06 23:59"),
    # Fully insured: 15 days as a default, unless the state's own clock is known
    (FULL, "OH", "standard", True, "2026-11-23 10:00", "2026-12-08 23:59"),
    # Illinois: 5 days, its Medicaid plans too; urgent 48 hours
    (FULL, "IL", "standard", True, "2026-11-23 10:00", "2026-11-28 23:59"),
    (QHP, "IL", "standard", True, "2026-11-23 10:00", "2026-11-28 23:59"),
    (SELF, "IL", "standard", True, "2026-11-23 10:00", "2026-12-08 23:59"),
    # Nebraska's urgent clock is shorter from 2028
    (FULL, "NE", "expedited", True, "2027-12-31 10:00", "2028-01-03 10:00"),
    (FULL, "NE", "expedited", True, "2028-01-01 10:00", "2028-01-03 10:00"),
    # Louisiana, Tennessee, Oklahoma, West Virginia, as listed
    (FULL, "LA", "standard", True, "2026-11-23 10:00", "2026-12-01 23:59"),
    (FULL, "LA", "expedited", True, "2026-11-23 10:00", "2026-11-25 23:59"),
    (FULL, "TN", "standard", True, "2026-11-23 10:00", "2026-11-30 23:59"),
    (FULL, "OK", "standard", True, "2024-12-31 10:00", "2025-01-15 23:59"),
    (FULL, "OK", "standard", True, "2025-01-01 10:00", "2025-01-08 23:59"),
    (FULL, "WV", "standard", True, "2026-11-20 10:00", "2026-11-30 23:59"),
    (FULL, "", "standard", True, "2026-11-23 10:00", "2026-12-08 23:59"),
    (FULL, "IL", "expedited", True, "2026-11-23 10:00", "2026-11-25 10:00"),
    (FULL, "WA", "standard", True, "2026-11-16 10:00", "2026-11-19 23:59"),
    (FULL, "WA", "standard", False, "2026-11-16 10:00", "2026-11-21 23:59"),
    (FULL, "WA", "standard", True, "2026-11-24 10:00", "2026-11-28 23:59"),
    (FULL, "WA", "standard", False, "2026-11-24 10:00", "2026-11-30 23:59"),
    (FULL, "WA", "standard", True, "2026-12-24 10:00", "2026-12-28 23:59"),
    (FULL, "WA", "standard", True, "2026-12-30 10:00", "2027-01-03 23:59"),
    (FULL, "WA", "expedited", True, "2026-11-25 10:00", "2026-11-26 23:59"),
    (FULL, "WA", "expedited", False, "2026-11-25 10:00", "2026-11-27 23:59"),
    (FULL, "ND", "standard", True, "2026-11-23 10:00", "2026-11-30 23:59"),
    (FULL, "ND", "expedited", True, "2026-11-23 10:00", "2026-11-26 10:00"),
    (FULL, "ND", "standard", True, "2025-12-31 10:00", "2026-01-15 23:59"),
    (FULL, "NE", "standard", True, "2026-11-23 10:00", "2026-11-30 23:59"),
    (FULL, "NE", "expedited", True, "2026-11-23 10:00", "2026-11-26 10:00"),
    # Alaska's law binds plans issued or renewed since 2027
    (FULL, "AK", "standard", True, "2026-12-31 10:00", "2027-01-15 23:59"),
    (FULL, "AK", "standard", True, "2027-01-01 10:00", "2027-01-04 10:00"),
    (FULL, "AK", "expedited", True, "2027-01-01 10:00", "2027-01-02 10:00"),
    (FULL, "AK", "standard", False, "2027-01-08 10:00", "2027-01-13 23:59"),
    (FULL, "AK", "standard", True, "2027-03-13 10:00", "2027-03-16 11:00"),
    # Exchange plans are left out of the 7 days
    (QHP, "", "standard", True, "2026-11-23 10:00", "2026-12-08 23:59"),
    (QHP, "", "expedited", True, "2026-11-23 10:00", "2026-11-26 10:00"),
    (QHP, "WA", "standard", True, "2026-11-16 10:00", "2026-11-19 23:59"),
    (QHP, "NE", "standard", True, "2026-11-23 10:00", "2026-11-30 23:59"),
    (QHP, "AK", "standard", True, "2026-11-23 10:00", "2026-12-08 23:59"),
    (QHP, "WA", "expedited", False, "2026-11-16 10:00", "2026-11-18 23:59"),
    # Leap days, year ends, midnight
    (MA, "", "standard", True, "2028-02-24 10:00", "2028-03-02 23:59"),
    (MA, "", "standard", True, "2026-11-23 00:00", "2026-11-30 23:59"),
    (SELF, "", "standard", True, "2026-12-20 10:00", "2027-01-04 23:59"),
    (FULL, "IL", "standard", False, "2026-11-23 10:00", "2026-11-28 23:59"),
    (MCD, "ND", "standard", True, "2026-11-23 10:00", "2026-11-30 23:59"),
    (MA, "AK", "expedited", True, "2026-11-23 10:00", "2026-11-26 10:00"),
    (FULL, "WA", "standard", False, "2026-12-22 10:00", "2026-12-28 23:59"),
    (FULL, "NE", "standard", True, "2026-01-01 10:00", "2026-01-08 23:59"),
    # Federal employees: assumed
    (FEP, "", "standard", True, "2026-11-23 10:00", "2026-12-08 23:59"),
    (FEP, "", "expedited", True, "2026-11-23 10:00", "2026-11-26 10:00"),
    (FEP, "WA", "standard", True, "2026-11-16 10:00", "2026-12-01 23:59"),
    # Programs besides: assumed, and no state's law governs them
    ("tricare", "NE", "standard", True, "2026-11-16 10:00", "2026-12-01 23:59"),
    ("va", "", "expedited", True, "2026-11-23 10:00", "2026-11-26 10:00"),
    ("workers_compensation", "IL", "standard", True, "2026-11-16 10:00", "2026-12-01 23:59"),
]


def deadline(line: str, state: str, urgency: str, received: datetime, **given):
    options = {"is_electronic": True, "time_zone": CHICAGO, **given}
    return decision_deadline(
        line_of_business=line, state=state, urgency=urgency, received_at=received, **options
    )


@pytest.mark.parametrize(("line", "state", "urgency", "electronic", "received", "due"), GOLDEN)
def test_each_clock_ends_when_its_rule_says(line, state, urgency, electronic, received, due):
    found = deadline(line, state, urgency, moment(received), is_electronic=electronic)
    assert found.due_at.strftime("%Y-%m-%d %H:%M") == due
    assert found.source
    assert found.rule


def test_the_golden_table_is_as_long_as_it_was_ordered():
    assert len(GOLDEN) >= 60
    assert len(set(GOLDEN)) == len(GOLDEN)


def test_medicare_fee_for_service_asks_nobody():
    assert deadline(FFS, "TX", "standard", moment("2026-11-23 10:00")) is None


def test_a_documented_extension_moves_the_deadline():
    first = deadline(MA, "", "standard", moment("2026-11-23 10:00"))
    rule = decision_rule(line_of_business=MA, state="", received_on=date(2026, 11, 23))
    assert extended(first, rule, CHICAGO).due_on == date(2026, 12, 14)
    employer = deadline(SELF, "WA", "standard", moment("2026-11-23 10:00"))
    rule = decision_rule(line_of_business=SELF, state="WA", received_on=date(2026, 11, 23))
    assert extended(employer, rule, CHICAGO).due_on == date(2026, 12, 23)


def test_a_clock_without_extension_has_none():
    rule = decision_rule(line_of_business=FULL, state="WA", received_on=date(2026, 11, 23))
    first = deadline(FULL, "WA", "standard", moment("2026-11-23 10:00"))
    assert extended(first, rule, CHICAGO) is None


def test_the_day_of_receipt_is_the_facilitys_own():
    late_in_chicago = moment("2026-11-23 23:30")
    assert deadline(MA, "", "standard", late_in_chicago).due_on == date(2026, 11, 30)
    seen_in_new_york = deadline(MA, "", "standard", late_in_chicago, time_zone=NEW_YORK)
    assert seen_in_new_york.due_on == date(2026, 12, 1)


def test_hours_are_elapsed_hours_where_nobody_changes_the_clocks():
    found = deadline(MA, "", "expedited", moment("2026-03-06 10:00", PHOENIX), time_zone=PHOENIX)
    assert found.due_at.strftime("%Y-%m-%d %H:%M") == "2026-03-09 10:00"


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        after(datetime(2026, 11, 23), Span(7, Unit.CALENDAR_DAYS), CHICAGO)


def test_an_assumed_clock_says_so():
    assert deadline(FEP, "", "standard", moment("2026-11-23 10:00")).is_assumed
    assert deadline("va", "", "standard", moment("2026-11-23 10:00")).is_assumed
    assert not deadline(MA, "", "standard", moment("2026-11-23 10:00")).is_assumed
    assert "29 CFR 2560.503-1" in rule_in_words("erisa-pre-service")
    assert rule_in_words("no-such-clock") == ""


def test_a_clock_says_from_what_it_runs_and_how_sure_it_is():
    received = moment("2026-11-23 10:00")
    illinois = deadline(FULL, "IL", "standard", received)
    assert illinois.title == "5 calendar days from receipt of all necessary information"
    assert illinois.confidence == "A"
    assert deadline(FULL, "IL", "expedited", received).confidence == "C"
    assert deadline(FULL, "OH", "standard", received).is_assumed
    assert deadline(QHP, "", "standard", received).is_assumed
    assert not deadline(SELF, "OH", "standard", received).is_assumed


@pytest.mark.parametrize(
    ("line", "state", "is_deemed"),
    [(FULL, "NE", True), (QHP, "ND", True), (FULL, "IL", False), (SELF, "NE", False)],
)
def test_where_silence_is_consent_the_clock_says_so(line, state, is_deemed):
    rule = decision_rule(line_of_business=line, state=state, received_on=date(2026, 11, 23))
    assert rule.is_deemed_approved is is_deemed


@pytest.mark.parametrize(
    ("day", "is_kept"),
    [
        ("2026-11-26", True),
        ("2026-11-27", False),
        ("2026-07-03", True),
        ("2026-07-04", False),
        ("2026-06-19", True),
        ("2026-05-25", True),
        ("2026-01-19", True),
        ("2026-10-12", True),
        ("2027-12-31", True),
        ("2026-02-16", True),
        ("2026-09-07", True),
    ],
)
def test_federal_holidays_on_the_day_they_are_kept(day, is_kept):
    on = date.fromisoformat(day)
    assert (on in holidays(on.year)) == is_kept


def test_business_hours_stand_still_on_weekends_and_holidays():
    start = moment("2026-11-25 20:00")  # the Wednesday before Thanksgiving
    assert after(start, Span(8, Unit.BUSINESS_HOURS), CHICAGO) == moment("2026-11-27 04:00")


@given(
    st.datetimes(datetime(2025, 1, 1), datetime(2030, 1, 1)),
    st.sampled_from([MA, SELF, FULL, QHP, MCD, MCD_FFS, FEP]),
    st.sampled_from(["", "IL", "WA", "ND", "AK"]),
)
def test_expedited_is_never_later_than_standard_and_nothing_is_due_before_it_came(at, line, state):
    received = at.replace(tzinfo=ZoneInfo(CHICAGO))
    standard = deadline(line, state, "standard", received)
    expedited = deadline(line, state, "expedited", received)
    assert received < expedited.due_at <= standard.due_at
