"""Pended: what the payer asks for, by when, and what was sent of it, how."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from authorizations.exceptions import Refused
from authorizations.models import AskedItem, RecordCorrection, Task
from authorizations.prior_authorizations.follow_ups import set_follow_up
from authorizations.prior_authorizations.pends import (
    information_awaited,
    pend,
    send_information,
)
from authorizations.prior_authorizations.undoing import latest_move, undo
from authorizations.worklists.sync_tasks import sync_tasks
from payers.models import AuthorizationPolicy
from tests import factories as make
from tests.support.payer_letters import TODAY, afternoon, asked, clerk

__all__ = ["afternoon", "clerk"]
pytestmark = pytest.mark.django_db
DUE = date(2026, 10, 26)  # a Monday


@pytest.fixture
def pended(course, clerk):
    items = ["Treatment plan", "Consultation"]
    return pend(authorization=asked(course, clerk), by=clerk, items=items, due_on=DUE)


def sent(request, by, *items, **more):
    given = {"channel": "fax", "confirmation": "77-4410", **more}
    at = given.pop("at", datetime(2026, 10, 15, 14, tzinfo=request.facility.tz))
    numbers = [item.pk for item in items]
    return send_information(authorization=request, by=by, items=numbers, sent_at=at, **given)


def items_of(request):
    return list(information_awaited(request).items.all())


def queues_of(course):
    return set(Task.objects.open().filter(course=course).values_list("queue", flat=True))


def test_a_pend_has_its_list_its_day_and_a_follow_up_on_the_working_day_before(
    front_desk, course, clerk
):
    AuthorizationPolicy.objects.update(documents=["Treatment plan", "Consultation"])
    request = asked(course, clerk)
    url = reverse("authorization_pend", args=[request.pk])
    usual = [name for name, _ in front_desk.get(url).context["form"].fields["usual"].choices]
    data = {"usual": usual[:1], "others": "Shift record\n\n Shift record ", "due_on": DUE}
    assert front_desk.post(url, data).status_code == 302
    request.refresh_from_db()
    assert (request.status, request.next_touch_on) == ("pended", date(2026, 10, 23))
    assert [item.what for item in items_of(request)] == [*usual[:1], "Shift record"]
    page = front_desk.get(reverse("authorization_detail", args=[request.pk]))
    assert (page.context["asked"]["due"], page.context["asked"]["words"]) == (DUE, "in 11 days")
    assert "0 of 2 sent" in page.content.decode()


def test_nothing_asked_for_is_no_pend_and_nothing_typed_is_lost(front_desk, course, clerk):
    request = asked(course, clerk)
    answer = front_desk.post(
        reverse("authorization_pend", args=[request.pk]), {"others": " ", "reason": "They called"}
    )
    assert "Name at least one thing" in answer.content.decode()
    assert 'value="They called"' in answer.content.decode()
    for given, text in (
        ({"items": [" "]}, "at least one thing"),
        ({"items": ["Plan"], "due_on": date(26, 10, 26)}, "before the payer had"),
        ({"items": ["Plan"], "due_on": date(2062, 10, 26)}, "a year away"),
    ):
        with pytest.raises(Refused, match=text):
            pend(authorization=request, by=clerk, **given)


def test_what_was_sent_is_ticked_and_with_the_last_of_it_the_payer_decides(
    front_desk, pended, course
):
    plan, consult = items_of(pended)
    url = reverse("authorization_send", args=[pended.pk])
    data = {"items": [plan.pk], "channel": "fax", "confirmation": "77-4410",
            "received_on": "2026-10-15T14:00"}  # fmt: skip
    assert front_desk.post(url, data).status_code == 302
    pended.refresh_from_db()
    plan.refresh_from_db()
    assert (pended.status, plan.confirmation, plan.sent_by) == (
        "pended",
        "77-4410",
        front_desk.user,
    )
    page = front_desk.get(reverse("authorization_detail", args=[pended.pk])).content.decode()
    assert "confirmation 77-4410" in page
    assert "1 of 2 sent" in page
    again = front_desk.post(url, data)
    assert "items" in again.context["form"].errors
    data |= {"items": [consult.pk], "channel": "portal", "confirmation": ""}
    assert front_desk.post(url, data).status_code == 302
    pended.refresh_from_db()
    assert (pended.status, pended.who_acts) == ("submitted", "payer")
    assert pended.events.order_by("id").last().reason == "Consultation, by portal"
    page = front_desk.get(reverse("authorization_detail", args=[pended.pk]))
    assert page.context["asked"]["due"] is None
    assert "2 of 2 sent" in page.content.decode()


def test_its_task_follows_the_day(pended, course, clerk, time_machine):
    assert "pended" in queues_of(course)
    assert "information" not in queues_of(course)
    time_machine.move_to(datetime(2026, 10, 24, 12, tzinfo=course.facility.tz))
    sync_tasks()
    assert "information" in queues_of(course)
    sent(pended, clerk, *items_of(pended))
    assert not {"pended", "information"} & queues_of(course)


def test_sending_by_mistake_is_undone_with_its_ticks(pended, clerk):
    items = items_of(pended)
    sent(pended, clerk, *items)
    undo(authorization=pended, by=clerk, event=latest_move(pended).pk)
    assert [item.sent_at for item in items_of(pended)] == [None, None]
    assert not AskedItem.objects.exclude(channel="").exists()


def test_a_pend_by_mistake_is_undone_and_asks_for_nothing(pended, clerk, front_desk):
    undo(authorization=pended, by=clerk, event=latest_move(pended).pk)
    assert information_awaited(pended) is None
    page = front_desk.get(reverse("authorization_detail", args=[pended.pk]))
    assert page.context["asked"] is None
    with pytest.raises(Refused, match="Tick what was sent"):
        sent(pended, clerk, AskedItem.objects.first())


def test_a_second_pend_has_a_list_of_its_own(pended, clerk):
    sent(pended, clerk, *items_of(pended))
    pend(authorization=pended, by=clerk, items=["Shift record"])
    assert [item.what for item in items_of(pended)] == ["Shift record"]
    assert information_awaited(pended).due_on is None


def test_a_confirmation_typed_wrongly_is_corrected(pended, clerk, front_desk):
    plan = items_of(pended)[0]
    sent(pended, clerk, plan)
    url = reverse("asked_item_correct", args=[plan.pk])
    form = front_desk.get(url).context["form"]
    values = {field.html_name: field.value() for field in form} | {
        "confirmation": "77-4411", "reason": "Misread",
    }  # fmt: skip
    assert front_desk.post(url, values).status_code == 302
    plan.refresh_from_db()
    assert plan.confirmation == "77-4411"
    assert RecordCorrection.objects.get().changes == [["confirmation number", "77-4410", "77-4411"]]


def test_what_cannot_have_been_sent_is_refused(pended, clerk, person):
    plan, consult = items_of(pended)
    sent(pended, clerk, plan)
    with pytest.raises(Refused, match="nothing may have been sent before"):
        sent(pended, clerk, plan, consult)
    with pytest.raises(Refused, match="still to come"):
        sent(pended, clerk, consult, at=datetime(2026, 10, 16, tzinfo=pended.facility.tz))
    with pytest.raises(Refused, match="Only who logs"):
        sent(pended, person("therapist"), consult)
    rows = AskedItem.objects.filter(pk=consult.pk)
    for values in (
        {"channel": "fax"},
        {"what": ""},
        {"sent_at": datetime(2026, 10, 1, tzinfo=pended.facility.tz)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**values)
    assert TODAY < DUE


def test_information_due_tomorrow_has_its_task_at_once(course, clerk):
    request = asked(course, clerk)
    pend(authorization=request, by=clerk, items=["Plan"], due_on=date(2026, 10, 16))
    assert "information" in queues_of(course)


def test_a_follow_up_that_a_person_set_stays_through_a_pend_and_its_undoing(course, clerk):
    request = asked(course, clerk)
    set_follow_up(authorization=request, on=date(2026, 11, 3), by=clerk)
    request = pend(authorization=request, by=clerk, items=["Plan"], due_on=DUE)
    assert request.next_touch_on == date(2026, 11, 3)
    set_follow_up(authorization=request, on=date(2026, 11, 4), by=clerk)
    request = undo(authorization=request, by=clerk, event=latest_move(request).pk)
    assert (request.next_touch_on, request.next_touch_set_by) == (date(2026, 11, 4), clerk)


def test_what_a_policy_of_another_technique_wants_is_not_offered(front_desk, course, clerk):
    policy = AuthorizationPolicy.objects.get()
    AuthorizationPolicy.objects.update(documents=["Consultation"])
    make.AuthorizationPolicyFactory(
        payer=policy.payer, plan=policy.plan, technique="proton", documents=["Comparison plan"]
    )
    page = front_desk.get(reverse("authorization_pend", args=[asked(course, clerk).pk]))
    assert page.context["form"].fields["usual"].choices == [("Consultation", "Consultation")]
