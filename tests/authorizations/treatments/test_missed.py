"""What was due and did not happen: noted with its reason, it moves calendar and forecast."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from authorizations.courses.units_ahead import course_forecast
from authorizations.exceptions import NotRecorded
from authorizations.models import Charge, GuidanceSession, MissedTreatment
from tests.support.treatment_pages import MONDAY, sheet, typed

pytestmark = pytest.mark.django_db
EMPTY = {"image_time": "", "shift_lr": "", "shift_si": "", "shift_ap": ""}
TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def floor(facility, therapist):
    """A Monday noon on which the course has its first fraction; a therapist signed in."""
    noon = datetime(2026, 10, 5, 12, 0, tzinfo=facility.tz)
    with time_machine.travel(noon, tick=False) as clock:
        therapist.force_login(therapist.user)
        therapist.clock = clock
        yield therapist


@pytest.mark.parametrize("reason", ["no_show", "machine_down", "held"])
def test_a_reason_is_all_that_is_needed(floor, course, reason):
    answer = floor.post(sheet(course), typed(course, delivered=reason, start_time="", **EMPTY))
    assert answer.status_code == 302
    missed = MissedTreatment.objects.get()
    assert (missed.course, missed.date_of_service, missed.reason) == (course, MONDAY, reason)
    page = floor.get(sheet(course)).content.decode()
    assert missed.get_reason_display() in page
    assert "Everything is accounted for" in page


def test_noting_it_twice_is_once_and_another_reason_asks_to_undo(floor, course):
    floor.post(sheet(course), typed(course, delivered="no_show", **EMPTY))
    floor.post(sheet(course), typed(course, delivered="no_show", **EMPTY))
    page = floor.post(sheet(course), typed(course, delivered="held", **EMPTY)).content.decode()
    assert "Already noted: no-show" in page
    assert MissedTreatment.objects.count() == 1


def test_an_image_and_a_no_show_contradict(floor, course):
    page = floor.post(sheet(course), typed(course, delivered="no_show")).content.decode()
    assert "There is an image time or a shift" in page
    assert not MissedTreatment.objects.exists()


def test_the_last_fraction_falls_a_day_later(floor, course):
    before = course_forecast(course, MONDAY).last_fraction_on
    floor.post(sheet(course), typed(course, delivered="machine_down", **EMPTY))
    after = course_forecast(course, MONDAY).last_fraction_on
    assert after == before + timedelta(days=1 if before.weekday() < 4 else 3)


def test_the_same_fraction_is_due_on_the_next_day(floor, course, approved):
    floor.post(sheet(course), typed(course, delivered="no_show", **EMPTY))
    floor.clock.shift(timedelta(days=1))
    floor.logout()
    floor.force_login(floor.user)
    page = floor.get(sheet(course, TUESDAY)).content.decode()
    assert f'name="row-{course.pk}-1-fraction" value="1"' in page


def test_undone_the_row_can_be_filled_in_and_a_session_takes_it_back(floor, course, approved):
    floor.post(sheet(course), typed(course, delivered="no_show", **EMPTY))
    floor.post(reverse("missed_undo", args=[MissedTreatment.objects.get().pk]))
    assert not MissedTreatment.objects.live().exists()
    floor.post(sheet(course), typed(course))
    assert GuidanceSession.objects.count() == 1


def test_a_record_that_arrives_later_takes_it_back(floor, course, approved, treat):
    floor.post(sheet(course), typed(course, delivered="no_show", **EMPTY))
    treat(course)
    missed = MissedTreatment.objects.get()
    assert missed.withdrawn_at is not None


def test_what_is_recorded_was_not_missed(floor, course, approved, treat):
    treat(course)
    page = floor.post(sheet(course), typed(course, delivered="no_show", **EMPTY))
    assert not MissedTreatment.objects.exists()
    assert page.status_code in (200, 302)


def test_imaged_and_not_treated_leaves_the_fraction_due(course, approved, treat):
    aborted = treat(course, is_delivered=False)[0]
    again = treat(course, fraction=1)[0]
    assert (aborted.fraction, again.fraction) == (1, 1)
    assert again.date_of_service == aborted.date_of_service + timedelta(days=1)
    verdicts = {c.session_id: c.leading_rule for c in Charge.objects.live()}
    assert verdicts[aborted.pk] != verdicts[again.pk]


def test_a_fraction_is_delivered_once(course, approved, treat):
    treat(course)
    with pytest.raises(NotRecorded, match="already recorded"):
        treat(course, fraction=1)


def test_the_calendar_counts_only_what_was_delivered(floor, course, approved, treat):
    treat(course, is_delivered=False)
    found = course_forecast(course, MONDAY)
    assert (found.planned[0].fraction, found.planned[0].on) == (1, date(2026, 10, 6))
