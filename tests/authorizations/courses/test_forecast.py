"""Where units or dates run out, and the last safe day to ask."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from authorizations.courses.forecast import Ahead, Allowance, forecast, schedule, sessions_outside
from payers.clocks import decision_deadline

MONDAY = date(2026, 11, 16)
CLOSED = frozenset({date(2026, 11, 26), date(2026, 12, 25), date(2027, 1, 1)})


def answered_by(line: str):
    def answer(day: date) -> date:
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo("America/Chicago"))
        return decision_deadline(
            line_of_business=line,
            state="",
            urgency="standard",
            received_at=noon,
            time_zone="America/Chicago",
        ).due_on

    return answer


def test_an_approval_that_ends_before_the_course_names_the_sessions_outside():
    ahead = Ahead(fractions_planned=33, fractions_done=0, next_day=MONDAY, closed=CLOSED)
    days = [day for _, day in schedule(ahead)]
    assert days[-1] == date(2027, 1, 4)
    outside = sessions_outside(days, date(2026, 10, 1), date(2026, 12, 29))
    assert outside == [date(2026, 12, 30), date(2026, 12, 31), date(2027, 1, 4)]
    found = forecast(
        ahead, [Allowance(33, date(2026, 10, 1), date(2026, 12, 29))], asked_from=MONDAY
    )
    assert found.units_short == 3
    assert found.first_short.is_outside_dates
    assert found.units_unused == 3


def test_twenty_eight_units_for_thirty_three_fractions_are_five_short():
    ahead = Ahead(33, 0, MONDAY, closed=CLOSED)
    allowance = Allowance(28, date(2026, 10, 1), date(2027, 3, 1))
    found = forecast(
        ahead, [allowance], asked_from=MONDAY, answered_by=answered_by("medicare_advantage")
    )
    assert (found.first_short.fraction, found.units_short) == (29, 5)
    assert not found.first_short.is_outside_dates
    assert found.first_short.on == date(2026, 12, 28)
    assert found.ask_by == date(2026, 12, 18)


def test_a_slower_clock_must_be_asked_earlier():
    ahead = Ahead(33, 0, MONDAY, closed=CLOSED)
    allowance = [Allowance(28, date(2026, 10, 1), date(2027, 3, 1))]
    fast = forecast(
        ahead, allowance, asked_from=MONDAY, answered_by=answered_by("medicare_advantage")
    )
    slow = forecast(
        ahead, allowance, asked_from=MONDAY, answered_by=answered_by("commercial_self_funded")
    )
    assert slow.ask_by == date(2026, 12, 11)
    assert slow.ask_by < fast.ask_by


def test_when_it_is_too_late_nothing_is_promised():
    ahead = Ahead(10, 0, MONDAY)
    found = forecast(
        ahead,
        [Allowance(2, MONDAY, date(2027, 1, 1))],
        asked_from=MONDAY,
        answered_by=answered_by("commercial_self_funded"),
    )
    assert found.first_short.fraction == 3
    assert found.ask_by is None


def test_twice_a_day_uses_two_units_a_day():
    ahead = Ahead(6, 0, MONDAY, fractions_per_day=2)
    assert [day for _, day in schedule(ahead)] == [
        MONDAY,
        MONDAY,
        *[MONDAY + timedelta(days=1)] * 2,
        *[MONDAY + timedelta(days=2)] * 2,
    ]


def test_what_was_given_today_is_not_planned_again():
    ahead = Ahead(6, 1, MONDAY, fractions_per_day=2, given_that_day=1)
    assert schedule(ahead)[:2] == [(2, MONDAY), (3, MONDAY + timedelta(days=1))]


def test_the_line_that_ends_first_is_used_first():
    ahead = Ahead(4, 0, MONDAY)
    long = Allowance(2, MONDAY, date(2027, 1, 1))
    brief = Allowance(2, MONDAY, MONDAY + timedelta(days=1))
    found = forecast(ahead, [long, brief], asked_from=MONDAY)
    assert found.is_enough
    assert found.units_unused == 0


def test_a_finished_course_needs_nothing():
    found = forecast(Ahead(10, 10, MONDAY), [], asked_from=MONDAY)
    assert found.is_enough
    assert found.last_fraction_on is None


spans = st.tuples(st.integers(0, 40), st.integers(-10, 60), st.integers(0, 80)).map(
    lambda t: Allowance(t[0], MONDAY + timedelta(days=t[1]), MONDAY + timedelta(days=t[1] + t[2]))
)


@given(
    planned=st.integers(1, 60),
    done=st.integers(0, 60),
    per_day=st.integers(1, 3),
    allowances=st.lists(spans, max_size=3),
)
def test_units_are_neither_made_nor_lost(planned, done, per_day, allowances):
    ahead = Ahead(planned, min(done, planned), MONDAY, fractions_per_day=per_day, closed=CLOSED)
    found = forecast(ahead, allowances, asked_from=MONDAY, answered_by=answered_by("fep"))
    used = sum(p.has_unit for p in found.planned)
    assert used + found.units_unused == sum(a.units_left for a in allowances)
    assert used + found.units_short == planned - min(done, planned)
    assert all(p.on.weekday() < 5 and p.on not in CLOSED for p in found.planned)
    assert [p.on for p in found.planned] == sorted(p.on for p in found.planned)
    if found.ask_by:
        assert MONDAY <= found.ask_by < found.first_short.on
        assert answered_by("fep")(found.ask_by) < found.first_short.on
