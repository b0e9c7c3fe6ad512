"""Long lists are counted up to a limit, and say so."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.web import paging
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("rows", "said"), [(60, "1–50 of 60"), (61, "1–50 of more than 60")])
def test_a_list_says_that_it_holds_more_than_it_counts(
    front_desk, facility, monkeypatch, rows, said
):
    monkeypatch.setattr(paging, "MOST", 60)
    patient = make.PatientFactory()
    for _ in range(rows):
        make.CourseFactory(facility=facility, patient=patient)
    page = front_desk.get(reverse("course_list"))
    assert said in page.content.decode()
    assert page.context["table"].paginator.num_pages == 2
    last = front_desk.get(reverse("course_list"), {"page": 2})
    assert len(last.context["table"].page.object_list) == 10
