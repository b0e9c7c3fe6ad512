"""The system was down: the day went on paper, and comes back row by row, once."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from authorizations.models import GuidanceSession, MissedTreatment, PaperEntry
from authorizations.treatments.row_codes import RowCode, write_code
from tests import factories as make
from tests.support.treatment_pages import MONDAY, sheet, typed

pytestmark = pytest.mark.django_db
NOTHING = {"image_time": "", "shift_lr": "", "shift_si": "", "shift_ap": "", "start_time": ""}


@pytest.fixture
def floor(facility, therapist):
    """The Tuesday after the system was down, a therapist signed in."""
    with time_machine.travel(datetime(2026, 10, 6, 9, 0, tzinfo=facility.tz), tick=False):
        therapist.force_login(therapist.user)
        yield therapist


def code_of(course, on: date = MONDAY) -> str:
    return write_code(RowCode(course.pk, on, 1))


def enter(client, course, code: str = "", **changes):
    data = typed(course, **changes) | {"code": code or code_of(course)}
    return client.post(reverse("paper_entry"), data)


def day(client, course) -> str:
    url = f"{reverse('reconciliation')}?facility={course.facility.code}&date={MONDAY}"
    return client.get(url).content.decode()


def test_a_day_goes_to_paper_and_back(floor, course, approved):
    """M15: every printed code is typed in again, twice; each row is there once, and reconciled."""
    twice = make.CourseFactory(
        facility=course.facility, first_fraction_on=MONDAY, fractions_per_day=2
    )
    printed = floor.get(f"{sheet(course)}&paper=1")
    codes = [code for _, rows in printed.context["machines"] for code, _, _ in rows]
    assert len(codes) == 3
    assert all(code in printed.content.decode() for code in codes)
    assert course.patient.mrn not in "".join(codes)
    for _ in range(2):
        for code in codes:
            shown = floor.get(reverse("paper_entry"), {"code": code.lower()})
            slot = shown.context["row"].slot
            key = f"row-{slot.key}"
            values = typed(course, start_time=f"{8 + slot.session_of_day}:00", image_time="")
            renamed = {name.replace(f"row-{course.pk}-1", key): v for name, v in values.items()}
            renamed[f"{key}-fraction"] = str(slot.fraction)
            sent = floor.post(reverse("paper_entry"), renamed | {"code": code})
            assert sent.status_code == 302, sent.content.decode()
    assert GuidanceSession.objects.count() == 3
    assert PaperEntry.objects.count() == 3
    assert [s.fraction for s in twice.sessions.all()] == [1, 2]
    assert day(floor, course).count("from paper") == 3


def test_the_code_is_the_same_whenever_it_is_printed(floor, course, approved):
    def code() -> str:
        printed = floor.get(f"{sheet(course)}&paper=1")
        return printed.context["machines"][0][1][0][0]

    before = code()
    enter(floor, course)
    assert code() == before == code_of(course)


def test_a_reason_comes_back_from_paper_too(floor, course):
    assert enter(floor, course, delivered="no_show", **NOTHING).status_code == 302
    assert MissedTreatment.objects.get().reason == "no_show"
    assert PaperEntry.objects.count() == 1


def test_paper_that_says_otherwise_is_not_entered(floor, course, approved):
    enter(floor, course)
    page = enter(floor, course, shift_lr="9").content.decode()
    assert "is already recorded on" in page
    assert str(GuidanceSession.objects.get().shift_lr_mm) == "1.2"


def test_a_slip_in_the_code_finds_nothing(floor, course):
    code = code_of(course)
    wrong = ("2" if code[0] != "2" else "3") + code[1:]
    page = floor.get(reverse("paper_entry"), {"code": wrong}).content.decode()
    assert "This code has a slip" in page
    assert course.patient.last_name not in page


def test_a_row_of_another_facility_is_not_found(floor, elsewhere):
    stranger = make.CourseFactory(facility=elsewhere)
    page = floor.get(reverse("paper_entry"), {"code": code_of(stranger)}).content.decode()
    assert "No row of your facilities has this code." in page


def test_a_day_to_come_is_not_entered(floor, course):
    enter(floor, course, code_of(course, MONDAY + timedelta(days=2)))
    assert GuidanceSession.objects.count() == 0
