"""A full day by keyboard: forty patients, the keys counted; and drafts that outlive the browser."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from authorizations.models import GuidanceSession, MissedTreatment
from tests import factories as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MONDAY, TUESDAY = date(2026, 10, 5), date(2026, 10, 6)
PASSWORD = "correct horse battery"
PATIENTS = 40
MOST_KEYS = 4


@pytest.fixture
def therapist_page(chromium, live_server, facility, person) -> Iterator:
    """Opens the browser of a therapist, with or without scripts; complaints fail the test."""
    complaints: list[str] = []
    contexts = []
    username = person("therapist").username

    def sign_in(*, scripts: bool = True):
        context = chromium.new_context(base_url=live_server.url, java_script_enabled=scripts)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
        page.goto("/accounts/sign-in/")
        page.fill("[name=username]", username)
        page.fill("[name=password]", PASSWORD)
        page.click("form button[type=submit]:has-text('Sign in')")
        page.goto(f"/day-sheet/?facility={facility.code}&date={TUESDAY}")
        return page

    yield sign_in
    for context in contexts:
        context.close()
    assert complaints == []


def schedule(facility, count: int) -> None:
    """So many patients in their second fraction, a quarter of an hour apart."""
    for number in range(count):
        course = make.CourseFactory(facility=facility, first_fraction_on=MONDAY)
        session = make.GuidanceSessionFactory(course=course)
        GuidanceSession.objects.filter(pk=session.pk).update(
            started_at=session.started_at + timedelta(minutes=15 * (number % 20))
        )


def test_forty_patients_take_four_keys_each_and_no_mouse(therapist_page, facility):
    schedule(facility, PATIENTS)
    page = therapist_page()
    pressed = 0

    def press(key: str) -> None:
        nonlocal pressed
        page.keyboard.press(key)
        pressed += 1

    assert page.evaluate("document.activeElement.name").endswith("-delivered")
    for number in range(PATIENTS):
        if number == 7:
            press("n"), press("n")  # the second reason that begins with an n: no-show
        else:
            press("y"), press("z")
        press("Enter")
    assert page.evaluate("document.activeElement.value") == "all"
    press("Enter")
    page.wait_for_selector(f"text={PATIENTS} rows saved")
    assert pressed <= MOST_KEYS * PATIENTS
    assert pressed == 3 * PATIENTS + 1
    recorded = GuidanceSession.objects.filter(date_of_service=TUESDAY)
    assert (recorded.count(), MissedTreatment.objects.get().reason) == (PATIENTS - 1, "no_show")
    for session in recorded:
        assert (session.is_delivered, session.modalities) == (True, ["cbct"])
        assert session.image_at == session.started_at
        assert {session.shift_lr_mm, session.shift_si_mm, session.shift_ap_mm} == {0}


def test_shifts_are_typed_with_the_space_bar_between_them(therapist_page, facility):
    schedule(facility, 1)
    page = therapist_page()
    page.keyboard.type("y1.2 -2 0.5")
    page.keyboard.press("Control+s")
    page.wait_for_selector("text=1 row saved")
    session = GuidanceSession.objects.get(date_of_service=TUESDAY)
    shifts = (session.shift_lr_mm, session.shift_si_mm, session.shift_ap_mm)
    assert [float(shift) for shift in shifts] == [1.2, -2.0, 0.5]


def test_a_closed_browser_loses_nothing(therapist_page, facility):
    schedule(facility, 1)
    page = therapist_page()
    with page.expect_response(lambda answer: "/draft/" in answer.url) as kept:
        page.keyboard.type("y1.2 -2")
    assert kept.value.status == 204
    page.context.close()
    page = therapist_page()
    assert page.input_value("[name$=shift_si]") == "-2"
    assert "was not saved yet" in page.inner_text("main")
    page.click("button:has-text('Start afresh')")
    assert page.input_value("[name$=shift_si]") == ""


def test_the_day_is_recorded_without_scripts_too(therapist_page, facility):
    schedule(facility, 1)
    page = therapist_page(scripts=False)
    page.select_option("[name$=delivered]", "yes")
    page.fill("[name$=image_time]", "0958")
    for axis in ("lr", "si", "ap"):
        page.fill(f"[name$=shift_{axis}]", "0")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "1 row saved" in page.inner_text("main")
