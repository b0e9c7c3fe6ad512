"""What was typed on a day sheet outlives a refusal, a time-out and a closed browser; not a week."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from authorizations.models import GuidanceSession, SheetDraft
from tests import factories as make
from tests.support.treatment_pages import MONDAY, sheet, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def floor(facility, therapist):
    """A Monday noon, a therapist signed in."""
    noon = datetime(2026, 10, 5, 12, 0, tzinfo=facility.tz)
    with time_machine.travel(noon, tick=False) as clock:
        therapist.force_login(therapist.user)
        therapist.clock = clock
        yield therapist


def draft_url(course) -> str:
    return sheet(course).replace(reverse("day_sheet"), reverse("day_sheet_draft"))


def browser_of(user) -> Client:
    """Another browser in which the same person signs in."""
    browser = Client()
    browser.force_login(user)
    return browser


def test_what_was_typed_is_there_in_another_browser(floor, course):
    assert floor.post(draft_url(course), typed(course, delivered="")).status_code == 204
    page = browser_of(floor.user).get(sheet(course)).content.decode()
    assert 'value="-2"' in page
    assert "was not saved yet" in page
    assert GuidanceSession.objects.count() == 0


def test_nobody_else_sees_it(floor, course, person):
    floor.post(draft_url(course), typed(course, delivered=""))
    page = browser_of(person("therapist")).get(sheet(course)).content.decode()
    assert 'value="-2"' not in page
    assert "was not saved yet" not in page


def test_saving_ends_the_draft(floor, course, approved):
    floor.post(draft_url(course), typed(course))
    floor.post(sheet(course), typed(course))
    assert not SheetDraft.objects.exists()


def test_a_refused_row_is_a_draft_without_any_script(floor, course):
    floor.post(sheet(course), typed(course, shift_ap="9999"))
    page = browser_of(floor.user).get(sheet(course)).content.decode()
    assert 'value="9999"' in page


def test_an_idle_sign_out_keeps_what_was_sent(floor, course, settings):
    floor.get(sheet(course))
    floor.clock.shift(timedelta(seconds=settings.IDLE_LOGOFF_SECONDS + 60))
    sent = floor.post(sheet(course), typed(course))
    assert "/accounts/sign-in/" in sent["Location"]
    assert GuidanceSession.objects.count() == 0
    page = browser_of(floor.user).get(sheet(course)).content.decode()
    assert 'value="-2"' in page


def test_start_afresh_forgets_it(floor, course):
    floor.post(draft_url(course), typed(course, delivered=""))
    floor.post(draft_url(course), {"discard": "1"})
    assert 'value="-2"' not in floor.get(sheet(course)).content.decode()


def test_what_is_recorded_meanwhile_is_no_draft_any_more(floor, course, approved, treat):
    floor.post(draft_url(course), typed(course, delivered=""))
    treat(course)
    page = floor.get(sheet(course)).content.decode()
    assert "was not saved yet" not in page
    floor.post(draft_url(course), typed(course, delivered=""))
    assert not SheetDraft.objects.exists()


def test_the_sheet_of_one_machine_leaves_the_drafts_of_another(floor, course):
    other = make.CourseFactory(facility=course.facility, first_fraction_on=MONDAY)
    floor.post(draft_url(course), typed(course, delivered="") | typed(other, delivered=""))
    course.facility.machines = ["TB1", "TB2"]
    course.facility.save()
    make.GuidanceSessionFactory(
        course=other, machine="TB2", date_of_service=MONDAY - timedelta(days=3)
    )
    floor.post(draft_url(course) + "&machine=TB1", typed(course, shift_ap="3"))
    rows = SheetDraft.objects.get().rows
    assert rows[f"{course.pk}-1"]["shift_ap"] == "3"
    assert rows[f"{other.pk}-1"]["shift_ap"] == "0"


def test_after_a_week_it_is_gone(floor, course):
    floor.post(draft_url(course), typed(course, delivered=""))
    floor.clock.shift(timedelta(days=8))
    floor.force_login(floor.user)
    assert 'value="-2"' not in floor.get(sheet(course)).content.decode()
    floor.post(draft_url(course).replace("10-05", "10-13"), typed(course, delivered=""))
    assert [row.date_of_service.day for row in SheetDraft.objects.all()] == [13]


def test_a_draft_names_no_patient(floor, course):
    floor.post(draft_url(course), typed(course))
    kept = str(SheetDraft.objects.get().rows)
    assert course.patient.last_name not in kept
    assert course.patient.mrn not in kept


def test_what_is_still_to_come_today_is_not_recorded_yet(floor, course, approved):
    page = floor.post(sheet(course), typed(course, start_time="15:30")).content.decode()
    assert "15:30 is still to come" in page
    assert GuidanceSession.objects.count() == 0
