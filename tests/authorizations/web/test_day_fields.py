"""Days in forms: typed as people do, said back in words, on the page and while somebody types."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from authorizations.models import Patient
from tests.support.registration import filled as filled

pytestmark = pytest.mark.django_db


def test_a_registration_takes_days_as_pasted(front_desk, filled):
    today = timezone.localdate()
    typed = {
        **filled,
        "date_of_birth": "3/14/58",
        "coverage_from": "Jan 1 2026",
        "guidance_ordered_on": "t-1",
        "first_fraction_on": "t+10",
    }
    front_desk.post(reverse("course_new"), typed)
    patient = Patient.objects.get()
    course = patient.courses.get()
    assert patient.date_of_birth == date(1958, 3, 14)
    assert course.first_fraction_on == today + timedelta(days=10)
    assert course.guidance_ordered_on == today - timedelta(days=1)


def test_a_refused_form_says_how_it_read_each_day(front_desk, filled):
    typed = {**filled, "date_of_birth": "3/14/1958", "coverage_from": "mayo", "last_name": ""}
    page = front_desk.post(reverse("course_new"), typed).content.decode()
    assert "Fri 14 Mar 1958, " in page
    assert 'value="3/14/1958"' in page
    assert page.count("data-calendar") == 5  # beside each day but the date of birth
    assert "“mayo” is not read as a day. Type it as 11/27/2026, 27 Nov 2026 or t+7." in page


@pytest.mark.parametrize(
    ("kind", "typed", "said"),
    [
        ("birth", "3/14/58", "Fri 14 Mar 1958, "),
        ("day", "12/7/2020", "Mon 7 Dec 2020"),
        ("moment", "12/7/2020 2:30 pm", "Mon 7 Dec 2020, 14:30"),
        ("day", "<b>", "“&lt;b&gt;” is not read as a day."),
        ("day", " ", ""),
        ("nonsense", "12/7/2020", ""),
    ],
)
def test_a_day_is_said_back_while_somebody_types(front_desk, kind, typed, said):
    answer = front_desk.post(reverse("day_words", args=[kind]), {"date_of_birth": typed})
    assert answer.content.decode().startswith(said)
    assert bool(said) == bool(answer.content)


def test_a_typed_day_is_in_no_address(front_desk):
    asked = front_desk.get(reverse("day_words", args=["birth"]), {"date_of_birth": "3/14/58"})
    assert asked.status_code == 405
