"""What is in force is decided by the lines: contests, replacements, forecasts, mended letters."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from authorizations.courses.units_ahead import outlook, unit_bars
from authorizations.invariants import INVARIANTS, broken
from authorizations.models import (
    AuthorizedService,
    Charge,
    GuidanceSession,
)
from authorizations.prior_authorizations.actions import make_authorization_move
from authorizations.verdicts.facts import CourseData
from authorizations.verdicts.judge_course import judge_course
from authorizations.verdicts.status import authorizations_on
from authorizations.worklists import querysets as queues
from tests.support.payer_letters import TODAY, afternoon, asked, clerk, cut, words, write

__all__ = ["afternoon", "clerk", "cut"]

pytestmark = pytest.mark.django_db


def in_force(course):
    """All that must not change while a contest runs."""
    found = outlook(course, TODAY)
    row = queues.courses(None, timezone.now()).get(pk=course.pk)
    return (
        [(line.code, line.units_used) for line in AuthorizedService.objects.in_force(TODAY)],
        found.guidance.first_short,
        [(bar.label, bar.approved, bar.used, bar.short) for bar in unit_bars(found)],
        authorizations_on([course], TODAY)[course.pk].label,
        row.units_left,
        list(queues.unauthorized(None, timezone.now())),
        list(queues.courses_short_of_units(None, timezone.now())),
        list(Charge.objects.order_by("pk").values_list("status", "disposition", "leading_rule")),
        list(GuidanceSession.objects.order_by("pk").values_list("authorized_service", flat=True)),
        [line.decision for line in CourseData(course).lines],
    )


@pytest.mark.parametrize("verb", ["schedule_peer_to_peer", "appeal"])
def test_a_contest_of_a_cut_leaves_what_was_approved_in_force(
    course, cut, treat, clerk, front_desk, verb
):
    treat(course, 5)
    before, said = in_force(course), words(front_desk, course)
    make_authorization_move(
        authorization=cut, verb=verb, by=clerk, reason="The comparison is attached"
    )
    judge_course(course, by=clerk)
    assert in_force(course) == before
    assert words(front_desk, course) == said
    page = front_desk.get(reverse("authorization_detail", args=[cut.pk]))
    assert [ledger.approved for ledger in page.context["ledgers"]] == [20]
    assert [key.key for key in INVARIANTS if broken(key)] == []


@pytest.mark.parametrize("verb", ["schedule_peer_to_peer", "appeal"])
def test_a_lost_contest_of_a_cut_leaves_the_cut(course, cut, clerk, front_desk, verb):
    first = cut.decided_on
    make_authorization_move(authorization=cut, verb=verb, by=clerk, reason="Compared")
    page = front_desk.get(reverse("authorization_detail", args=[cut.pk]))
    verbs = {row.verb for row in page.context["moves"]}
    assert "uphold_cut" in verbs
    assert not verbs & {"uphold", "uphold_after_peer_to_peer"}
    url = reverse("authorization_move", args=[cut.pk, "uphold_cut"])
    front_desk.post(url, {"reason": "They stay with 20"})
    cut.refresh_from_db()
    assert (cut.status, cut.decided_on, cut.first_answered_on) == (
        "partially_approved", first, first,
    )  # fmt: skip
    event = cut.events.last()
    assert event.details.items() >= {"contest": verb, "gained": False}.items()
    assert cut not in queues.denied_requests(None, timezone.now())
    page = front_desk.get(reverse("authorization_detail", args=[cut.pk]))
    assert {"appeal", "cancel", "supersede"} <= {row.verb for row in page.context["moves"]}


@pytest.mark.parametrize(
    ("verb", "lost", "status"),
    [
        ("appeal", "uphold", "upheld"),
        ("schedule_peer_to_peer", "uphold_after_peer_to_peer", "denied"),
    ],
)
def test_a_lost_contest_of_a_denial_leaves_the_denial(
    course, clerk, front_desk, verb, lost, status
):
    request = write(asked(course, clerk), clerk, None, None, number="")
    make_authorization_move(authorization=request, verb=verb, by=clerk, reason="Compared")
    page = front_desk.get(reverse("authorization_detail", args=[request.pk]))
    verbs = {row.verb for row in page.context["moves"]}
    assert lost in verbs
    assert not verbs & {"uphold_cut", "cancel", "supersede"}
    front_desk.post(reverse("authorization_move", args=[request.pk, lost]), {"reason": "No"})
    request.refresh_from_db()
    assert (request.status, request.events.last().details["gained"]) == (status, False)


def test_an_appeal_that_denies_all_by_letter_upholds(course, clerk):
    request = write(asked(course, clerk), clerk, None, None, number="")
    make_authorization_move(authorization=request, verb="appeal", by=clerk, reason="Compared")
    write(request, clerk, None, None, number="")
    request.refresh_from_db()
    assert request.status == "upheld"


def test_a_cut_under_contest_shows_its_deadlines_and_stays_on_the_list(
    course, cut, clerk, front_desk
):
    make_authorization_move(
        authorization=cut, verb="schedule_peer_to_peer", by=clerk, reason="Compared"
    )
    page = front_desk.get(reverse("authorization_detail", args=[cut.pk]))
    assert page.context["windows"]
    assert cut in queues.denied_requests(None, timezone.now())


def test_the_first_decision_date_stays_when_a_contest_is_answered(course, cut, clerk, front_desk):
    first = cut.decided_on
    make_authorization_move(
        authorization=cut, verb="schedule_peer_to_peer", by=clerk, reason="Compared"
    )
    write(cut, clerk, 28, 28, on=date(2026, 10, 20))
    page = front_desk.get(reverse("authorization_detail", args=[cut.pk]))
    listed = front_desk.get(reverse("authorization_list")).content.decode()
    assert page.context["first_decided_on"] == first
    assert "answered again Tue 20 Oct 2026" in page.content.decode()
    assert "Thu 15 Oct 2026" in listed


def test_cancelling_an_approval_takes_it_out_of_force_at_once(course, cut, treat, front_desk):
    treat(course, 3)
    url = reverse("authorization_move", args=[cut.pk, "cancel"])
    front_desk.post(url, {"reason": "Not given here"})
    assert set(GuidanceSession.objects.values_list("authorized_service", flat=True)) == {None}
    assert [key.key for key in INVARIANTS if broken(key)] == []
