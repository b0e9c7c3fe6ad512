"""Registering by keyboard alone: every key is counted."""

from __future__ import annotations

import pytest

from authorizations.models import Course

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MOST_KEYS = 100
TYPED = {  # in the order of the form; a select takes the first letters of its choice
    "mrn": "W7001",
    "date_of_birth": "3/14/58",
    "sex": "m",
    "last_name": "Walker",
    "first_name": "Wil",
    "plan": "cigna cfi",
    "member_id": "U12 345",
    "coverage_from": "1/1/26",
    "coverage_through": "",
    "code": "W1",
    "facility": "r",
    "physician": "i",
    "diagnosis": "c61",
    "body_site": "prostate",
    "technique": "im",
    "delivery_code": "77407",
    "guidance_modality": "cone",
    "guidance_ordered_on": "t-7",
    "referred_on": "",
    "first_fraction_on": "t+7",
    "fractions_planned": "28",
}


def test_a_patient_is_registered_by_keyboard_within_a_hundred_keys(signed_in):
    page = signed_in("frontdesk")
    page.goto("/courses/new/")
    keys = 0
    for name, text in TYPED.items():
        for _ in range(3):  # a button stands between two fields
            if page.evaluate("document.activeElement.name") == name:
                break
            page.keyboard.press("Tab")
            keys += 1
        assert page.evaluate("document.activeElement.name") == name
        page.keyboard.type(text)
        keys += len(text)
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/courses/*/?new=1")
    keys += 1
    course = Course.objects.get(patient__mrn="W7001")
    assert str(course.patient.date_of_birth) == "1958-03-14"
    assert course.patient.coverages.get().member_id == "U12345"
    assert keys <= MOST_KEYS, keys
