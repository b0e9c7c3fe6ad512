"""Next and previous on a case that was opened from a list, also after something was done to it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from authorizations.models import Course, Task
from authorizations.prior_authorizations.actions import open_request
from authorizations.worklists.sync_tasks import sync_tasks
from tests import factories as make

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(timezone=settings.SCHEDULE_TIME_ZONE)


@pytest.fixture
def three(front_desk, facility, plan) -> list[Course]:
    """Three courses of mine with drafts, in the order of the list."""
    found = []
    for days in (2, 9, 16):
        first = TODAY + timedelta(days=days)
        course = make.CourseFactory(facility=facility, first_fraction_on=first)
        make.CoverageFactory(patient=course.patient, plan=plan)
        line = {"code": "77387", "modifier": "26", "units_requested": 10}
        open_request(course=course, by=front_desk.user, lines=[line], plan=plan, facility=facility)
        found.append(course)
    sync_tasks()
    Task.objects.update(assigned_to=front_desk.user)
    return found


def addresses(client, query: str = "") -> list[str]:
    context = client.get(reverse("home") + query).context
    return [entry["url"] for group in context["groups"] for entry in group["rows"]]


def walk_on(client, address: str):
    return client.get(address).context["walk"]


def request_at(address: str) -> int:
    return int(re.findall(r"/authorizations/([0-9]+)/", address)[0])


def test_a_case_leads_to_the_next_and_the_previous_one(front_desk, three):
    first, second, third = addresses(front_desk)
    walk = walk_on(front_desk, first)
    assert (walk.previous_url, walk.next_url, walk.place, walk.total) == ("", second, 1, 3)
    walk = walk_on(front_desk, second)
    assert (walk.previous_url, walk.next_url) == (first, third)
    assert walk_on(front_desk, third).next_url == ""
    page = front_desk.get(first).content.decode()
    assert 'rel="next" data-key="j"' in page
    assert "1 of 3" in page


def test_the_address_of_a_place_holds_no_patient(front_desk, three):
    for address, course in zip(addresses(front_desk), three, strict=True):
        for identifier in (course.patient.mrn, course.patient.last_name, course.code):
            assert identifier.lower() not in address.lower()


def test_after_an_action_that_keeps_the_case_the_next_one_is_the_same(front_desk, three):
    first, second, _ = addresses(front_desk)
    front_desk.get(first)
    number = request_at(first)
    front_desk.post(
        reverse("contact_new", args=[number]), {"channel": "phone", "summary": "They look"}
    )
    walk = walk_on(front_desk, reverse("authorization_detail", args=[number]))
    assert walk.next_url == second


def test_after_an_action_that_closes_the_case_the_next_one_follows(front_desk, three):
    _, second, third = addresses(front_desk)
    number = request_at(second)
    front_desk.get(second)
    response = front_desk.post(
        reverse("authorization_move", args=[number, "withdraw"]), {"reason": "Not treated here"}
    )
    Task.objects.filter(course=three[1]).update(closed_at=timezone.now(), closed_because="Left")
    walk = walk_on(front_desk, response["Location"])
    assert request_at(walk.next_url) == request_at(third)
    assert request_at(walk.previous_url) == request_at(addresses(front_desk)[0])
    assert walk.place == 0
    assert "left the list" in front_desk.get(response["Location"]).content.decode()


def test_a_row_that_a_colleague_finished_skips_nothing(front_desk, three):
    _, second, third = addresses(front_desk)
    front_desk.get(second)
    Task.objects.filter(course=three[0]).update(closed_at=timezone.now(), closed_because="Left")
    walk = walk_on(front_desk, reverse("authorization_detail", args=[request_at(second)]))
    assert request_at(walk.next_url) == request_at(third)


def test_a_case_deferred_from_its_page_leads_on(front_desk, three):
    first, second, _ = addresses(front_desk)
    front_desk.get(first)
    back = reverse("authorization_detail", args=[request_at(first)])
    until = TODAY + timedelta(days=5)
    sent = {
        "case": f"r{request_at(first)}", "until": until, "reason": "The plan is not ready",
        "next": back,
    }  # fmt: skip
    response = front_desk.post(reverse("day_list_many", args=["defer"]), sent)
    assert response["Location"] == back
    assert request_at(walk_on(front_desk, back).next_url) == request_at(second)


def test_a_form_opened_from_a_row_comes_back_to_the_place(front_desk, three):
    first, second, _ = addresses(front_desk)
    query = first.partition("?")[2]
    front_desk.get(reverse("contact_new", args=[request_at(first)]) + f"?{query}")
    walk = walk_on(front_desk, reverse("authorization_detail", args=[request_at(first)]))
    assert walk.next_url == second


def test_a_case_opened_elsewhere_has_no_walk(front_desk, three, coder):
    first, second, _ = addresses(front_desk)
    assert not walk_on(front_desk, reverse("authorization_detail", args=[request_at(first)]))
    front_desk.get(first)
    assert not walk_on(front_desk, reverse("authorization_detail", args=[request_at(second)]))
    assert not walk_on(coder, first)


def test_a_list_that_is_not_known_is_no_walk(front_desk, three):
    first = addresses(front_desk)[0].partition("?")[0]
    for query in ("?whose=somebody&at=1", "?whose=mine&at=x", "?whose=mine&at=0"):
        response = front_desk.get(first + query)
        assert response.status_code == 200
        assert not response.context["walk"]


@pytest.mark.parametrize("key", ["c", "d", "u", "n", "f", "z", "j"])
def test_every_key_of_a_case_is_a_link_that_is_seen(front_desk, three, key):
    request = three[0].authorizations.get()
    request.status = "submitted"
    type(request).objects.filter(pk=request.pk).update(
        status="submitted", submitted_at=timezone.now(), submitted_by=front_desk.user
    )
    page = front_desk.get(addresses(front_desk)[0]).content.decode()
    assert re.search(rf'<a [^>]*href="[^"]+"[^>]*data-key="{key}"[^>]*>[A-Z]', page)
    assert f"<kbd>{key}</kbd>" in page  # in the list of keys


def test_a_course_without_a_request_is_part_of_the_walk(front_desk, three):
    three[0].authorizations.all().update(status="withdrawn")
    sync_tasks()
    Task.objects.update(assigned_to=front_desk.user)
    first, second, _ = addresses(front_desk)
    assert first.startswith(reverse("course_detail", args=[three[0].pk]))
    assert walk_on(front_desk, first).next_url == second
