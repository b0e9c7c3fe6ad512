"""Whatever did not happen as planned moves the calendar and the forecast as it should."""

from __future__ import annotations

from datetime import date, datetime

import pytest
import time_machine

from authorizations.courses.units_ahead import course_forecast
from authorizations.models import GuidanceSession
from tests.support.treatment_pages import MONDAY, sheet, typed

pytestmark = pytest.mark.django_db
EMPTY = {"image_time": "", "shift_lr": "", "shift_si": "", "shift_ap": ""}
TUESDAY = date(2026, 10, 6)
# what was typed, the fraction due next, whether the fraction is used up, guidance units left of 28
REASONS = {
    "treated and imaged": ({}, 2, 27),
    "no-show": ({"delivered": "no_show", **EMPTY}, 1, 28),
    "machine down": ({"delivered": "machine_down", **EMPTY}, 1, 28),
    "held by physician": ({"delivered": "held", **EMPTY}, 1, 28),
    "imaged, not treated": ({"delivered": "no"}, 1, 28),
    "treated, not imaged": ({"modality": "none", **EMPTY}, 2, 28),
}


@pytest.mark.parametrize("why", REASONS)
def test_each_reason_moves_calendar_and_forecast(why, therapist, course, approved):
    changes, due, left = REASONS[why]
    with time_machine.travel(datetime(2026, 10, 5, 12, 0, tzinfo=course.facility.tz), tick=False):
        therapist.force_login(therapist.user)
        assert therapist.post(sheet(course), typed(course, **changes)).status_code == 302
    found = course_forecast(course, MONDAY)
    assert (found.planned[0].fraction, found.planned[0].on) == (due, TUESDAY)
    line = approved.lines.get(code="77387")
    is_held = GuidanceSession.objects.filter(authorized_service=line).exists()
    assert line.units_remaining == left
    assert is_held == (left == 27)
