"""What has no past is not shown in the past, or says that it is of today."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from authorizations.charges.queue.actions import visit
from authorizations.treatments.day_sheet_actions import keep_draft
from tests import factories as make
from tests.support.past import look_back_to, moment_between

pytestmark = pytest.mark.django_db


def page(client, name: str, *keys: object, **query: str) -> str:
    response = client.get(reverse(name, args=keys), query)
    assert response.status_code == 200
    return response.content.decode()


def test_who_works_on_a_charge_is_asked_of_now_only(coder, person, course, approved, treat):
    charge = treat(course)[0].charges.get()
    moment = moment_between()
    other = person("coder")
    visit(charge=charge, by=other, at=timezone.now())
    assert str(other) in page(coder, "charge_detail", charge.pk)
    look_back_to(coder, moment)
    assert str(other) not in page(coder, "charge_detail", charge.pk)


def test_a_draft_of_today_is_not_in_the_sheet_of_the_past(therapist, course, approved):
    on, moment = course.first_fraction_on, moment_between()
    query = {"facility": course.facility.code, "date": on.isoformat()}
    row = f"{course.pk}-1"
    keep_draft(
        owner=therapist.user, facility=course.facility, on=on,
        shown=[row], typed={row: {"shift_lr": "3.7"}},
    )  # fmt: skip
    assert 'value="3.7"' in page(therapist, "day_sheet", **query)
    look_back_to(therapist, moment)
    assert 'value="3.7"' not in page(therapist, "day_sheet", **query)


def test_what_is_late_is_counted_from_the_moment_and_not_from_today(coder, facility, monkeypatch):
    asked = []
    monkeypatch.setattr(
        "authorizations.charges.queue.filters.ChargeFilter.choices_of",
        lambda self, dimension: asked.append(self.on) or [],
    )
    moment = timezone.now() - timedelta(days=40)
    look_back_to(coder, moment)
    coder.get(reverse("charge_list"))
    assert set(asked) == {moment.astimezone(facility.tz).date()}


def test_the_words_of_a_diagnosis_say_that_they_are_of_today(manager, course):
    make.DiagnosisCodeFactory(code=course.diagnosis, description="Words of now")
    said = "Words of now (in today’s words)"
    assert said not in page(manager, "course_detail", course.pk)
    look_back_to(manager, moment_between())
    assert said in page(manager, "course_detail", course.pk)


def test_the_books_say_that_they_look_back(client_of, facility):
    person = client_of("administrator")
    make.MembershipFactory(user=person.user, role="manager", facility=facility)
    assert "As known on" not in page(person, "admin:index")
    look_back_to(person, moment_between())
    assert "As known on" in page(person, "admin:index")
    assert person.post(reverse("admin:logout"))["Location"] == reverse("login")
