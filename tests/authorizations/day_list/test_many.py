"""One verb for many cases: all of them or none, each with its own entry."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from authorizations.day_list.actions import (
    Case,
    assign_cases,
    defer_cases,
    follow_up_cases,
    log_one_call,
)
from authorizations.exceptions import Refused
from authorizations.models import AuthorizationEvent, Contact, PriorAuthorization, Task
from authorizations.prior_authorizations.actions import open_request, submit
from authorizations.worklists.sync_tasks import sync_tasks
from tests import factories as make

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(timezone=settings.SCHEDULE_TIME_ZONE)
NEXT_WEEK = TODAY + timedelta(days=7)


@pytest.fixture
def add_request(front_desk, facility, plan):
    """A request that waits for its payer, of a plan or of the usual one."""

    def build(of=plan, where=facility) -> PriorAuthorization:
        course = make.CourseFactory(
            facility=where, first_fraction_on=TODAY + timedelta(days=2), fractions_planned=10
        )
        make.CoverageFactory(patient=course.patient, plan=of)
        line = {"code": "77387", "modifier": "26", "units_requested": 10}
        request = open_request(
            course=course, by=front_desk.user, lines=[line], plan=of, facility=where
        )
        if where == facility:
            submit(
                authorization=request,
                by=front_desk.user,
                channel="portal",
                received_on=timezone.now() - timedelta(days=40),
            )
        return request

    return build


@pytest.fixture
def two(add_request) -> list[PriorAuthorization]:
    return [add_request(), add_request()]


def send(client, verb: str, requests, **values):
    data = {"case": [f"r{row.pk}" for row in requests], "key": str(uuid.uuid4()), **values}
    return client.post(reverse("day_list_many", args=[verb]), data, follow=True)


def cases_of(requests) -> list[Case]:
    return [Case(request.course, request) for request in requests]


def test_several_are_given_to_a_colleague_at_once(front_desk, person, two):
    colleague = person(Role.FRONT_DESK)
    page = send(front_desk, "assign", two, to=colleague.pk).content.decode()
    assert "Assigned for 2 cases." in page
    assert set(Task.objects.open().values_list("assigned_to", flat=True)) == {colleague.pk}
    send(front_desk, "assign", two, to="")
    assert not Task.objects.open().filter(assigned_to__isnull=False).exists()


def test_nobody_outside_the_front_office_is_offered(front_desk, coder, two):
    page = send(front_desk, "assign", two, to=coder.user.pk).content.decode()
    assert "Select a valid choice" in page
    with pytest.raises(Refused, match="does not log authorizations"):
        assign_cases(cases=cases_of(two), to=coder.user, by=front_desk.user)
    assert not Task.objects.filter(assigned_to__isnull=False).exists()


def test_one_call_is_an_entry_of_each_patient(front_desk, two):
    said = {"channel": "phone", "person": "Dana", "summary": "Both by Friday",
            "next_touch_on": NEXT_WEEK}  # fmt: skip
    assert "Call logged for 2 cases." in send(front_desk, "call", two, **said).content.decode()
    for request in two:
        contact = request.contacts.get()
        assert (contact.person, contact.summary) == ("Dana", "Both by Friday")
        request.refresh_from_db()
        assert (request.next_touch_on, request.next_touch_set_by) == (NEXT_WEEK, front_desk.user)


def test_the_same_form_sent_twice_is_one_call(front_desk, two):
    key = str(uuid.uuid4())
    for _ in range(2):
        send(front_desk, "call", two, key=key, channel="phone", summary="Both by Friday")
    assert Contact.objects.count() == 2


def test_a_call_is_with_one_payer_or_nothing_is_logged(front_desk, add_request, two):
    other = make.PlanFactory(code="CIG", payer=make.PayerFactory(key="cigna", name="Cigna"))
    mixed = [*two, add_request(other)]
    page = send(front_desk, "call", mixed, channel="phone", summary="Both").content.decode()
    assert "one call is with one payer" in page
    assert "Cigna" in page
    assert "Both" in page  # what was typed is still there
    assert not Contact.objects.exists()


def test_a_case_without_a_request_is_named_and_nothing_is_done(front_desk, facility, two):
    lacking = make.CourseFactory(facility=facility)
    keys = [f"r{two[0].pk}", f"c{lacking.pk}"]
    page = front_desk.post(
        reverse("day_list_many", args=["follow-up"]), {"case": keys, "on": NEXT_WEEK}
    ).content.decode()
    assert "has no request yet" in page
    assert not AuthorizationEvent.objects.filter(verb="follow_up").exists()


def test_a_follow_up_for_many_and_its_end(front_desk, two):
    send(front_desk, "follow-up", two, on=TODAY, reason="Letters?")
    assert Task.objects.open().filter(queue="touch").count() == 2
    send(front_desk, "follow-up", two, done="1")
    assert not Task.objects.open().filter(queue="touch").exists()
    verbs = AuthorizationEvent.objects.filter(authorization=two[0]).order_by("id")
    assert [event.verb for event in verbs][-2:] == ["follow_up", "follow_up_done"]


def test_one_bad_day_sets_no_follow_up_at_all(front_desk, two):
    with pytest.raises(Refused, match="past"):
        follow_up_cases(cases=cases_of(two), on=TODAY - timedelta(days=3), by=front_desk.user)
    assert not AuthorizationEvent.objects.filter(verb="follow_up").exists()


def test_what_is_deferred_leaves_the_list_until_its_day(front_desk, two):
    Task.objects.update(assigned_to=front_desk.user)
    sent = {"until": NEXT_WEEK, "reason": "The plan is not ready"}
    send(front_desk, "defer", two[:1], **sent)
    home = front_desk.get(reverse("home"))
    assert home.context["total"] == 1
    deferred = front_desk.get(reverse("home"), {"whose": "deferred"})
    assert deferred.context["total"] == 1
    assert "The plan is not ready" in deferred.content.decode()
    Task.objects.filter(deferred_until=NEXT_WEEK).update(deferred_until=TODAY)
    assert front_desk.get(reverse("home")).context["total"] == 2


def test_a_deferred_case_of_nobody_is_still_to_be_found(front_desk, person, client_of, two):
    send(front_desk, "defer", two[:1], until=NEXT_WEEK, reason="The plan is not ready")
    for client in (front_desk, client_of("front_desk")):
        page = client.get(reverse("home"), {"whose": "deferred"}).content.decode()
        assert str(two[0].course.patient) in page
    page = front_desk.get(reverse("authorization_detail", args=[two[0].pk])).content.decode()
    assert f"by {front_desk.user}: The plan is not ready" in page


def test_a_deferral_is_taken_back(front_desk, two):
    Task.objects.update(assigned_to=front_desk.user)
    send(front_desk, "defer", two, until=NEXT_WEEK, reason="The plan is not ready")
    assert front_desk.get(reverse("home")).context["total"] == 0
    page = send(front_desk, "defer", two, done="1").content.decode()
    assert "Deferral taken back for 2 cases." in page
    assert front_desk.get(reverse("home")).context["total"] == 2


@pytest.mark.parametrize(
    ("until", "reason", "said"),
    [
        (TODAY, "Waiting", "choose a later day"),
        (TODAY + timedelta(days=99), "Waiting", "more than 60 days"),
        (NEXT_WEEK, " ", "Say why"),
    ],
)
def test_a_deferral_has_a_later_day_and_a_reason(front_desk, two, until, reason, said):
    with pytest.raises(Refused, match=said):
        defer_cases(cases=cases_of(two), until=until, reason=reason, by=front_desk.user)
    assert not Task.objects.filter(deferred_until__isnull=False).exists()


def test_the_database_refuses_a_deferral_without_a_reason(two):
    with pytest.raises(IntegrityError, match="task_deferred"), transaction.atomic():
        Task.objects.update(deferred_until=NEXT_WEEK)


def test_a_note_stands_in_the_list_and_on_the_case(front_desk, two):
    Task.objects.update(assigned_to=front_desk.user)
    send(front_desk, "note", two[:1], text="The plan is signed.")
    assert "The plan is signed." in front_desk.get(reverse("home")).content.decode()
    page = front_desk.get(reverse("authorization_detail", args=[two[0].pk])).content.decode()
    assert "The plan is signed." in page


def test_cases_of_another_facility_are_not_known(front_desk, add_request, elsewhere, two):
    stranger = add_request(where=elsewhere)
    page = send(front_desk, "note", [two[0], stranger], text="Hello").content.decode()
    assert "is not known here" in page
    with pytest.raises(Refused, match="do not log authorizations"):
        log_one_call(
            cases=cases_of([stranger]), by=front_desk.user, channel="phone", summary="Hello"
        )
    assert not AuthorizationEvent.objects.filter(verb="note").exists()


def test_nothing_ticked_is_said(front_desk):
    page = front_desk.get(reverse("day_list_many", args=["call"])).content.decode()
    assert "No case is ticked" in page
    assert front_desk.get("/day-list/explode/").status_code == 404


def test_a_ticked_list_opens_the_form_without_a_script(front_desk, two):
    sync_tasks()
    asked = {"case": [f"r{row.pk}" for row in two], "next": "/?whose=team"}
    page = front_desk.get(reverse("day_list_many", args=["call"]), asked).content.decode()
    assert page.count("checked> ") == 2
    assert 'value="/?whose=team"' in page
