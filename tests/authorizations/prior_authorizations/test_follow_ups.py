"""A follow-up that a person set stays until it is changed; computed ones fall on open days."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Role
from authorizations.exceptions import Refused
from authorizations.models import PriorAuthorization, Task
from authorizations.prior_authorizations import actions
from authorizations.prior_authorizations.actions import (
    computed_follow_up,
    log_contact,
    make_authorization_move,
    open_request,
    submit,
)
from authorizations.prior_authorizations.follow_ups import end_follow_ups, set_follow_up, write_note
from authorizations.worklists.open_days import is_open_day
from tests import factories as make

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(timezone=settings.SCHEDULE_TIME_ZONE)


@pytest.fixture
def clerk(person):
    return person(Role.FRONT_DESK)


@pytest.fixture
def sent(course, clerk) -> PriorAuthorization:
    line = {"code": "77387", "modifier": "26", "units_requested": 28}
    request = open_request(
        course=course,
        by=clerk,
        lines=[line],
        plan=course.patient.coverages.get().plan,
        facility=course.facility,
    )
    submit(authorization=request, by=clerk, channel="portal", received_on=timezone.now())
    return request


@pytest.fixture
def next_week() -> date:
    return TODAY + timedelta(days=7)


def follow_up_of(request: PriorAuthorization) -> date | None:
    request.refresh_from_db()
    return request.next_touch_on


@pytest.mark.parametrize(
    ("verb", "given"), [("pend", {"pend_reason": "The plan"}), ("reject", {"reason": "Form"})]
)
def test_the_day_of_a_call_outlives_the_moves_that_follow(sent, clerk, next_week, verb, given):
    said = {"channel": "phone", "summary": "They look", "next_touch_on": next_week}
    log_contact(authorization=sent, by=clerk, **said)
    make_authorization_move(authorization=sent, verb=verb, by=clerk, **given)
    assert follow_up_of(sent) == next_week
    assert sent.next_touch_set_by == clerk


def test_a_call_without_a_day_leaves_the_day_of_before(sent, clerk, next_week):
    set_follow_up(authorization=sent, by=clerk, on=next_week)
    log_contact(authorization=sent, by=clerk, channel="phone", summary="Nobody answered")
    assert follow_up_of(sent) == next_week


def test_a_day_that_a_person_set_is_due_also_where_nobody_acts(sent, clerk):
    PriorAuthorization.objects.filter(pk=sent.pk).update(who_acts="nobody")
    set_follow_up(authorization=sent, by=clerk, on=TODAY, reason="Is it filed?")
    assert Task.objects.open().filter(queue="touch", authorization=sent).exists()


def test_done_hands_the_day_back_to_the_computed_one(sent, clerk, next_week):
    set_follow_up(authorization=sent, by=clerk, on=TODAY)
    assert end_follow_ups(authorizations=[sent], by=clerk) == 1
    assert follow_up_of(sent) == computed_follow_up(sent)
    assert sent.next_touch_set_by is None
    closed = Task.objects.get(queue="touch", authorization=sent)
    assert closed.closed_because == f"request {sent.pk}: follow-up done by {clerk}"
    assert end_follow_ups(authorizations=[sent], by=clerk) == 0


@pytest.mark.parametrize("days", [-2, 400])
def test_a_day_that_cannot_be_meant_is_refused(sent, clerk, days):
    with pytest.raises(Refused, match="past" if days < 0 else "year"):
        set_follow_up(authorization=sent, by=clerk, on=TODAY + timedelta(days=days))


@pytest.mark.parametrize(
    ("today", "due", "wanted"),
    [
        (date(2026, 11, 25), None, date(2026, 11, 27)),  # the day between is Thanksgiving
        (date(2026, 11, 27), None, date(2026, 11, 30)),  # Friday: Monday
        (date(2026, 12, 3), None, date(2026, 12, 7)),  # the facility is closed on Friday
        (date(2026, 11, 27), date(2026, 11, 29), date(2026, 11, 30)),
        (date(2026, 11, 27), date(2026, 12, 7), date(2026, 12, 2)),
        (date(2026, 11, 30), date(2026, 12, 10), date(2026, 12, 7)),  # halfway is a Saturday
        (date(2026, 11, 30), date(2026, 11, 20), date(2026, 12, 1)),  # overdue
    ],
)
def test_a_computed_day_is_an_open_one(sent, monkeypatch, today, due, wanted):
    sent.course.facility.closed_days = [date(2026, 12, 4)]
    monkeypatch.setattr(actions, "first_day_replaced", lambda request: today)
    zone = sent.course.facility.tz
    sent.who_acts = "payer" if due else "us"
    sent.due_at = datetime(due.year, due.month, due.day, 23, 30, tzinfo=zone) if due else None
    found = computed_follow_up(sent)
    assert found == wanted
    assert is_open_day(found, sent.course.facility)


def test_a_note_is_kept_with_its_name(sent, clerk):
    event = write_note(authorization=sent, by=clerk, text="  The plan is signed. ")
    assert (event.verb, event.reason, event.by) == ("note", "The plan is signed.", clerk)
    with pytest.raises(Refused, match="empty"):
        write_note(authorization=sent, by=clerk, text=" ")


def test_the_database_refuses_a_person_without_a_day(clerk):
    with pytest.raises(IntegrityError, match="follow_up_set_has_day"), transaction.atomic():
        make.PriorAuthorizationFactory(next_touch_on=None, next_touch_set_by=clerk)
