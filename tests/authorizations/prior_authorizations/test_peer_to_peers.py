"""Peer-to-peer: an appointment on the physician's Home, its deadlines, what was heard."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.urls import reverse

from authorizations.exceptions import Refused
from authorizations.models import PeerToPeer, Task
from authorizations.prior_authorizations.follow_ups import set_follow_up
from authorizations.prior_authorizations.peer_to_peers import (
    arrange_peer_to_peer,
    record_outcome,
    running_call,
)
from authorizations.prior_authorizations.pends import pend, send_information
from authorizations.prior_authorizations.undoing import latest_move, undo
from payers.models import AuthorizationPolicy
from tests.support.payer_letters import afternoon, asked, clerk, cut, write

__all__ = ["afternoon", "clerk", "cut"]
pytestmark = pytest.mark.django_db


def moment(request, day=16, hour=14):
    return datetime(2026, 10, day, hour, 30, tzinfo=request.facility.tz)


def arranged(request, by, **given):
    given = {
        "scheduled_at": moment(request),
        "physician": request.course.physician,
        "phone": "800-555-0142",
        **given,
    }
    return arrange_peer_to_peer(authorization=request, by=by, **given)


def queues_of(course):
    return set(Task.objects.open().filter(course=course).values_list("queue", flat=True))


def detail(client, request):
    return client.get(reverse("authorization_detail", args=[request.pk]))


def test_a_call_is_arranged_with_talking_points_from_the_policy_and_its_source(
    front_desk, course, cut
):
    AuthorizationPolicy.objects.update(note="Daily where margins are small.", source="RAD-77")
    url = reverse("authorization_peer_to_peer", args=[cut.pk])
    form = front_desk.get(url).context["form"]
    points = form["points"].value()
    assert "8 × 77387-26" in points
    assert "Daily where margins are small. (RAD-77, verified" in points
    data = {
        "scheduled_at": "2026-10-16T14:30", "physician": course.physician_id,
        "phone": "800-555-0142", "reviewer": "Dr Okafor", "points": points, "due_on": "2026-10-20",
    }  # fmt: skip
    assert front_desk.post(url, data).status_code == 302
    cut.refresh_from_db()
    assert (cut.status, cut.next_touch_on) == ("peer_to_peer", date(2026, 10, 16))
    page = detail(front_desk, cut).content.decode()
    assert "Dr Okafor" in page
    assert "in 1 day" in page
    assert "peer-to-peer" in queues_of(course)
    call = running_call(cut)
    assert (call.due_on, call.due_source) == (date(2026, 10, 20), "as the payer said")


def test_it_stands_on_the_home_of_its_physician_with_a_countdown(
    physician, oncologist, cut, clerk, front_desk
):
    arranged(cut, clerk, physician=oncologist)
    page = physician.get(reverse("home"))
    [(call, words, tone)] = page.context["calls"]
    assert (call.phone, words, tone) == ("800-555-0142", "in 1 day", "warn")
    assert reverse("authorization_peer_to_peer_outcome", args=[cut.pk]) in page.content.decode()
    assert "Peer-to-peer calls" in page.content.decode()
    assert front_desk.get(reverse("home")).context["calls"] == []


def test_another_physician_has_another_list(physician, cut, clerk):
    arranged(cut, clerk)
    page = physician.get(reverse("home"))
    assert page.context["calls"] == []
    counts = {queue.label: queue.count for queue in page.context["queues"]}
    assert counts["Peer-to-peer calls"] == 0


def test_the_physician_records_the_outcome_and_the_desk_waits_for_the_letter(
    physician, oncologist, course, cut, clerk
):
    arranged(cut, clerk, physician=oncologist, reviewer="Dr Okafor")
    url = reverse("authorization_peer_to_peer_outcome", args=[cut.pk])
    refused = physician.post(url, {"note": "28 units"})
    assert "outcome" in refused.context["form"].errors
    assert "28 units" in refused.content.decode()
    assert physician.post(url, {"outcome": "overturned", "note": "28 units"}).status_code == 302
    call = PeerToPeer.objects.get()
    assert (call.outcome, call.heard_by) == ("overturned", physician.user)
    cut.refresh_from_db()
    assert (cut.status, cut.who_acts) == ("peer_to_peer", "us")
    assert cut.contacts.get().summary == "Peer-to-peer: Overturned: they approve. 28 units"
    assert {"outcome"} == queues_of(course) & {"outcome", "peer-to-peer"}
    assert physician.get(reverse("home")).context["calls"] == []
    write(cut, clerk, 28, 28)
    assert not queues_of(course) & {"outcome", "peer-to-peer"}


def test_a_missed_call_is_moved_and_made(cut, clerk, course):
    first = arranged(cut, clerk)
    record_outcome(authorization=cut, by=clerk, outcome="missed")
    assert "peer-to-peer" in queues_of(course)
    second = arranged(cut, clerk, scheduled_at=moment(cut, 19))
    first.refresh_from_db()
    assert first.moved_to == second
    assert running_call(cut) == second
    assert cut.events.filter(verb="schedule_peer_to_peer").count() == 1
    record_outcome(authorization=cut, by=clerk, outcome="stands", note="As before")
    with pytest.raises(Refused, match="recorded already"):
        record_outcome(authorization=cut, by=clerk, outcome="partly")


def test_no_deadline_leaves_the_page_while_it_runs(front_desk, course, clerk):
    request = write(asked(course, clerk), clerk, 28, 20)
    before = [window["label"] for window in detail(front_desk, request).context["windows"]]
    arranged(request, clerk)
    request.refresh_from_db()
    assert [w["label"] for w in detail(front_desk, request).context["windows"]] == before


def test_information_stays_due_while_a_pended_request_is_talked_over(front_desk, course, clerk):
    request = pend(
        authorization=asked(course, clerk), by=clerk, items=["Plan"], due_on=date(2026, 10, 16)
    )
    arranged(request, clerk)
    page = detail(front_desk, request)
    assert page.context["asked"]["due"] == date(2026, 10, 16)
    assert page.context["countdown"]
    assert "information" in queues_of(course)
    item = page.context["asked"]["items"][0]
    send_information(
        authorization=request, by=clerk, items=[item.pk], channel="fax",
        sent_at=moment(request, 15, 12),
    )  # fmt: skip
    request.refresh_from_db()
    assert request.status == "peer_to_peer"
    assert "information" not in queues_of(course)


def test_a_call_outside_the_window_or_by_another_is_refused(cut, clerk, person):
    with pytest.raises(Refused, match="ask for an earlier time"):
        arranged(cut, clerk, due_on=date(2026, 10, 15))
    with pytest.raises(Refused, match="is past"):
        arranged(cut, clerk, scheduled_at=moment(cut, 14))
    with pytest.raises(Refused, match="for the front desk"):
        arranged(cut, person("therapist"))
    with pytest.raises(Refused, match="No call is arranged"):
        record_outcome(authorization=cut, by=clerk, outcome="stands")


def test_a_call_arranged_by_mistake_is_undone(cut, clerk, course):
    arranged(cut, clerk)
    undo(authorization=cut, by=clerk, event=latest_move(cut).pk)
    cut.refresh_from_db()
    assert cut.status == "partially_approved"
    assert running_call(cut) is None
    assert "peer-to-peer" not in queues_of(course)


def test_a_follow_up_that_a_person_set_stays_through_a_call_and_its_outcome(cut, clerk):
    set_follow_up(authorization=cut, on=date(2026, 11, 3), by=clerk)
    arranged(cut, clerk)
    record_outcome(authorization=cut, by=clerk, outcome="stands")
    cut.refresh_from_db()
    assert (cut.next_touch_on, cut.next_touch_set_by) == (date(2026, 11, 3), clerk)
