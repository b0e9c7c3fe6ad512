"""The latest move is undone: for ten minutes at once, afterwards with a reason, unless built on."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from authorizations.charges.actions import release
from authorizations.exceptions import Refused
from authorizations.models import AuthorizationEvent, AuthorizedService
from authorizations.prior_authorizations.actions import make_authorization_move, move_and_judge
from authorizations.prior_authorizations.contests import contest_of
from authorizations.prior_authorizations.undoing import latest_move, undo
from authorizations.workflow import IllegalMove
from tests.support.payer_letters import (
    afternoon,
    answers,
    asked,
    clerk,
    cut,
    follow,
    write,
)

__all__ = ["afternoon", "clerk", "cut"]
pytestmark = pytest.mark.django_db


def undone(request, by, reason=""):
    return undo(authorization=request, by=by, event=latest_move(request).pk, reason=reason)


def header(request):
    request.refresh_from_db()
    names = (
        *(
            "status",
            "number",
            "decided_on",
            "evidence",
            "denial_reason",
            "first_answer",
            "who_acts",
        ),
        *("first_answered_on", "appeal_level", "due_at", "received_on", "next_touch_on", "channel"),
    )
    return {name: getattr(request, name) for name in names}


def lines(request):
    names = (
        *("decision", "units_approved", "valid_from", "valid_through", "reason"),
        *("first_decision", "first_units", "first_reason"),
    )
    return list(AuthorizedService.objects.filter(authorization=request).values_list(*names))


@pytest.mark.parametrize("units", [(28, 28), (28, 20), (None, None)])
def test_a_decision_is_undone_as_if_it_had_not_come(course, clerk, units):
    request = asked(course, clerk)
    before, lines_before = header(request), lines(request)
    write(request, clerk, *units)
    undone(request, clerk)
    assert header(request) == before
    assert lines(request) == lines_before
    write(request, clerk, 28, 28)
    request.refresh_from_db()
    assert (request.status, request.first_answer) == ("approved", "approved")
    assert [line[5] for line in lines(request)] == ["approved", "approved"]


def test_an_answer_to_an_appeal_is_undone_and_the_appeal_runs_on(course, clerk, cut):
    make_authorization_move(authorization=cut, verb="appeal", by=clerk, reason="The comparison")
    before, lines_before = header(cut), lines(cut)
    write(cut, clerk, 28, 28)
    undone(cut, clerk)
    assert header(cut) == before
    assert lines(cut) == lines_before
    assert contest_of(cut) == "appeal"
    undone(cut, clerk)
    cut.refresh_from_db()
    assert (cut.status, cut.appeal_level, contest_of(cut)) == ("partially_approved", 0, "")


def test_a_withdrawal_is_undone_with_a_reason_weeks_later(course, clerk, person):
    request = asked(course, clerk)
    before = header(request)
    move_and_judge(authorization=request, verb="withdraw", by=clerk, reason="Other plan")
    other = person("manager")
    with pytest.raises(IllegalMove, match="needs a reason"):
        undone(request, other)
    with time_machine.travel(datetime(2026, 11, 5, 12, tzinfo=course.facility.tz)):
        with pytest.raises(IllegalMove, match="needs a reason"):
            undone(request, clerk)
        undone(request, clerk, "It was the other patient's")
    assert header(request) == before
    event = request.events.order_by("id").last()
    assert event.verb == "undo_to_submitted"
    assert event.reason == "It was the other patient's"
    assert event.undoes.verb == "withdraw"


def test_a_cancelled_approval_comes_back_with_its_charges(course, clerk, approved, treat):
    charge = treat(course)[0].charges.get()
    move_and_judge(authorization=approved, verb="cancel", by=clerk, reason="A slip")
    charge.refresh_from_db()
    assert charge.status == "held"
    undone(approved, clerk)
    charge.refresh_from_db()
    assert charge.status == "ready"


def test_a_submission_that_was_not_sent_is_a_draft_again(course, clerk):
    request = asked(course, clerk)
    undone(request, clerk)
    assert (request.refresh_from_db(), request.status, request.due_at)[1:] == ("draft", None)
    assert (request.submitted_at, request.submitted_by, request.channel) == (None, None, "")


def test_a_revision_undone_gives_back_what_it_replaced(course, clerk, cut):
    later = follow(
        course, clerk, cut, "revision", 28, number="B2", start=date(2026, 11, 1)
    )  # fmt: skip
    cut.refresh_from_db()
    assert cut.status == "superseded"
    undone(later, clerk)
    cut.refresh_from_db()
    assert (cut.status, cut.superseded_from) == ("partially_approved", None)


def test_what_others_built_on_is_not_undone(course, clerk, cut, person, treat):
    follow(course, clerk, cut, "extension", 5, number="B2", start=date(2026, 11, 1))
    with pytest.raises(Refused, match="opened since"):
        undone(cut, clerk)


def test_a_decision_under_released_charges_is_not_undone(course, approved, treat, person):
    release(charge=treat(course)[0].charges.get(), by=person("coder"))
    with pytest.raises(Refused, match="voids them first"):
        undone(approved, person("front_desk"), "A slip")


def test_only_the_latest_move_is_undone_and_only_once(course, clerk):
    request = asked(course, clerk)
    seen = latest_move(request).pk
    make_authorization_move(authorization=request, verb="pend", by=clerk, pend_reason="The plan")
    with pytest.raises(Refused, match="meanwhile"):
        undo(authorization=request, by=clerk, event=seen)
    first = request.events.get(verb="pend")
    undo(authorization=request, by=clerk, event=first.pk)
    with pytest.raises(Refused, match="meanwhile"):
        undo(authorization=request, by=clerk, event=first.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        AuthorizationEvent.objects.create(
            authorization=request, verb="x", new_status="submitted", by=clerk, undoes=first
        )


def test_the_page_offers_it_at_once_for_ten_minutes(course, front_desk):
    request = asked(course, front_desk.user)
    url = reverse("authorization_detail", args=[request.pk])
    last = latest_move(request)
    undo_url = reverse("authorization_undo", args=[request.pk, last.pk])
    page = front_desk.get(url)
    assert page.context["undo"]["is_fresh"]
    assert undo_url in page.content.decode()
    with time_machine.travel(last.at + timedelta(minutes=11)):
        assert not front_desk.get(url).context["undo"]["is_fresh"]
        refused = front_desk.post(undo_url)
        assert refused.status_code == 200
        assert "needs a reason" in refused.content.decode()
        assert front_desk.post(undo_url, {"reason": "Not sent"}).status_code == 302
    request.refresh_from_db()
    assert request.status == "draft"


def test_who_only_reads_is_not_offered_it(course, clerk, coder):
    request = asked(course, clerk)
    assert coder.get(reverse("authorization_detail", args=[request.pk])).context["undo"] is None
    url = reverse("authorization_undo", args=[request.pk, latest_move(request).pk])
    assert coder.post(url, {"reason": "x"}).status_code == 403


def test_a_letter_of_another_request_is_taken_back_with_its_units(course, clerk, treat):
    request = asked(course, clerk)
    write(request, clerk, 28, 28)
    charge = treat(course)[0].charges.get()
    undone(request, clerk)
    charge.refresh_from_db()
    assert charge.status == "held"
    assert not answers(request, None, None)[0].line.units_used
