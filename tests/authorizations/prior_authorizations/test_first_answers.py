"""What a payer said first, what was gained later, and mending what was typed in wrongly."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from authorizations.charges.actions import release
from authorizations.dashboards import BY_KEY, PARTS_BY_KEY, totals
from authorizations.dashboards.breakdown import all_parts
from authorizations.exceptions import Refused
from authorizations.models import AuthorizationEvent, AuthorizedService, PriorAuthorization
from authorizations.prior_authorizations.actions import make_authorization_move
from authorizations.prior_authorizations.decisions import correct_answer
from authorizations.workflow import IllegalMove
from authorizations.worklists import querysets as queues
from tests.support.figure_cases import NOW, cell, overturn
from tests.support.figure_cases import denied as denied
from tests.support.figure_cases import period as period
from tests.support.first_answers import clerk as clerk
from tests.support.first_answers import contest, letter
from tests.support.past import look_back_to, moment_between

__all__ = ["denied", "period"]
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("verb", ["appeal", "schedule_peer_to_peer"])
def test_what_is_contested_after_an_answer_is_not_overdue(denied, clerk, period, front_desk, verb):
    PriorAuthorization.objects.filter(pk=denied.pk).update(due_at=NOW - timedelta(days=10))
    make_authorization_move(authorization=denied, verb=verb, by=clerk, reason="Compared")
    assert cell(period, "overdue").counted == 0
    assert not queues.overdue(None, NOW).exists()
    page = front_desk.get(reverse("authorization_detail", args=[denied.pk]))
    assert page.context["countdown"] is None


@pytest.mark.parametrize(
    ("verb", "key"), [("appeal", "overturned"), ("schedule_peer_to_peer", "peer_overturned")]
)
@pytest.mark.parametrize(
    ("why", "units", "is_won"),
    [
        ("all of it", (28, 28), True),
        ("one line of two", (28, None), True),
        ("fewer units", (None, 10), True),
    ],
)
def test_a_denial_is_overturned_by_what_is_gained(
    denied, clerk, period, verb, key, why, units, is_won
):
    contest(denied, verb, clerk, *units)
    found = cell(period, key)
    assert (found.counted, found.out_of) == (is_won, 1), why
    other = {"overturned": "peer_overturned", "peer_overturned": "overturned"}[key]
    assert cell(period, other).out_of == 0


@pytest.mark.parametrize(
    ("why", "again", "is_won"),
    [
        ("the same lines again", (28, None), False),
        ("fewer than before", (20, None), False),
        ("the denied line too", (28, 5), True),
    ],
)
def test_an_appeal_that_changes_nothing_overturns_nothing(
    denied, clerk, period, why, again, is_won
):
    contest(denied, "appeal", clerk, 28, None, on=date(2026, 8, 1))  # before the period
    contest(denied, "appeal", clerk, *again)
    assert (cell(period, "overturned").counted, cell(period, "overturned").out_of) == (is_won, 1)


def test_an_appeal_counts_by_the_date_of_the_letter_not_by_the_day_it_was_typed(
    denied, clerk, period
):
    contest(denied, "appeal", clerk, 28, 28, on=date(2026, 8, 20))
    assert cell(period, "overturned").out_of == 0


def test_a_peer_to_peer_before_the_first_answer_overturns_nothing(course, authorize, clerk, period):
    request = authorize(course)
    PriorAuthorization.objects.filter(pk=request.pk).update(first_answer="", status="approved")
    AuthorizationEvent.objects.create(
        authorization=request, verb="schedule_peer_to_peer", old_status="pended",
        new_status="peer_to_peer", by=clerk,
    )  # fmt: skip
    assert cell(period, "peer_overturned").out_of == 0


def test_units_stay_those_of_the_first_answer(denied, person, period):
    before = cell(period, "units")
    overturn(denied, person)
    assert cell(period, "units") == before
    assert (before.part, before.whole) == (0, 28)
    (reason,) = all_parts(PARTS_BY_KEY["reason"], period)
    assert (reason.label, reason.count) == ("No comparison", 1)


def test_the_first_answer_of_a_line_cannot_be_written_over(denied):
    AuthorizedService.objects.filter(authorization=denied).update(
        first_decision="approved", first_units=28
    )
    assert set(denied.lines.values_list("first_decision", "first_units")) == {("denied", None)}


def test_a_line_has_no_first_answer_before_its_request(course, clerk):
    from authorizations.prior_authorizations.actions import open_request
    from tests.conftest import asked_lines

    plan = course.patient.coverages.get().plan
    request = open_request(
        course=course, by=clerk, lines=asked_lines(course, 28), plan=plan, facility=course.facility
    )
    assert set(request.lines.values_list("first_decision", flat=True)) == {""}


def test_a_course_is_delayed_until_it_was_first_allowed(course, authorize, clerk, period):
    """The appeal of a cut changes the date of the decision, never the days that were lost."""
    request = authorize(course)
    course.first_fraction_on = date(2026, 9, 25)
    course.save()
    rows = PriorAuthorization.objects.filter(pk=request.pk)
    assert cell(period, "delay_days").value == 5
    rows.update(decided_on=date(2026, 11, 20))
    assert cell(period, "delay_days").value == 5


@pytest.mark.django_db(transaction=True)
def test_a_mistyped_answer_is_mended_and_its_figures_follow(
    course, authorize, clerk, period, front_desk
):
    request = authorize(course, units=28)
    moment = moment_between()
    mended = letter(request, 28, 20, on=date(2026, 10, 2), number="A1000002")
    why = "The letter says 20 and 2 October"
    correct_answer(authorization=request, by=clerk, why=why, **mended)
    request.refresh_from_db()
    assert (request.first_answer, request.first_answered_on, request.number) == (
        "partially_approved", date(2026, 10, 2), "A1000002",
    )  # fmt: skip
    assert (cell(period, "units").part, cell(period, "units").whole) == (20, 28)
    assert request.events.last().reason == why
    url = reverse("authorization_detail", args=[request.pk])
    assert "20" in front_desk.get(url).content.decode()
    look_back_to(front_desk, moment)
    assert "A1000001" in front_desk.get(url).content.decode()


def test_mending_to_fewer_units_than_are_used_takes_them_from_the_latest_sessions(
    course, authorize, treat, clerk
):
    request = authorize(course, units=28)
    sessions = treat(course, 4)
    correct_answer(authorization=request, by=clerk, why="2, not 28", **letter(request, 28, 2))
    line = request.lines.get(code="77387")
    assert (line.units_approved, line.units_used, line.first_units) == (2, 2, 2)
    held = [session.refresh_from_db() or session.authorized_service_id for session in sessions]
    assert held == [line.pk, line.pk, None, None]


def test_units_of_released_charges_are_not_mended_away(
    course, authorize, treat, clerk, coder, front_desk
):
    request = authorize(course, units=28)
    for session in treat(course, 3):
        charge = session.charges.get()
        release(charge=charge, by=coder.user, reason="Clean")
    url = reverse("authorization_correct", args=[request.pk])
    page = front_desk.get(url)
    data = {
        name: page.context["form"][name].value() or ""
        for name in ("decided_on", "number", "evidence", "reason")
    }
    for form in page.context["lines"]:
        data |= {form.add_prefix(name): form[name].value() or "" for name in form.fields}
    guidance = page.context["lines"][1].add_prefix("units_approved")
    response = front_desk.post(url, {**data, guidance: "2", "why": "2, not 28"})
    assert "3 units are held by released charges" in response.content.decode()
    assert request.lines.get(code="77387").units_approved == 28


def test_a_contested_answer_is_not_mended(denied, clerk):
    make_authorization_move(authorization=denied, verb="appeal", by=clerk, reason="Compared")
    with pytest.raises(Refused, match="appealed"):
        correct_answer(authorization=denied, by=clerk, why="No", **letter(denied, None, None))


def test_mending_needs_a_reason(denied, clerk):
    with pytest.raises(IllegalMove, match="reason"):
        correct_answer(authorization=denied, by=clerk, why=" ", **letter(denied, None, None))


def test_the_form_of_mending_begins_with_what_was_typed(denied, front_desk):
    url = reverse("authorization_correct", args=[denied.pk])
    page = front_desk.get(url)
    assert page.context["form"]["decided_on"].value() == date(2026, 10, 7)
    data = {
        name: page.context["form"][name].value() or ""
        for name in ("decided_on", "number", "evidence", "reason")
    }
    for form in page.context["lines"]:
        data |= {form.add_prefix(name): form[name].value() or "" for name in form.fields}
    refused = front_desk.post(url, data)
    assert refused.status_code == 200
    assert "why" in refused.context["form"].errors
    front_desk.post(url, {**data, "decided_on": "2026-10-06", "why": "The 6th, not the 7th"})
    denied.refresh_from_db()
    assert denied.first_answered_on == date(2026, 10, 6)
    assert (
        "Correct decision…"
        in front_desk.get(reverse("authorization_detail", args=[denied.pk])).content.decode()
    )


def ends(course, days: int) -> None:
    AuthorizedService.objects.filter(authorization__course=course).update(
        valid_from=date(2026, 1, 1), valid_through=NOW.date() + timedelta(days=days)
    )


@pytest.mark.parametrize(
    ("days", "key"), [(-1, "ended"), (0, "expiring"), (14, "expiring"), (15, None), (-91, None)]
)
def test_an_approval_is_chased_before_and_after_its_last_day(
    course, approved, treat, period, days, key
):
    treat(course, 3)
    ends(course, days)
    found = totals([BY_KEY["expiring"], BY_KEY["ended"]], period)
    assert {name for name, one in found.items() if one.counted} == ({key} if key else set())
    assert set(queues.ended_requests(None, NOW)) == ({course} if key == "ended" else set())


def test_nobody_chases_what_is_finished_renewed_or_not_asked_for(course, approved, treat, plan):
    ends(course, -1)
    assert queues.ended_requests(None, NOW).exists()
    plan.payer.authorizationpolicy_rows.update(requirement="not_required")
    assert not queues.ended_requests(None, NOW).exists()
    plan.payer.authorizationpolicy_rows.update(requirement="required")
    course.fractions_planned = 3
    course.save()
    treat(course, 3)
    assert not queues.ended_requests(None, NOW).exists()


@pytest.mark.parametrize(("hour", "is_there"), [(17, True), (19, True), (24, False)])
def test_the_day_is_the_readers_until_midnight(course, approved, treat, hour, is_there):
    treat(course, 3)
    AuthorizedService.objects.update(valid_through=date(2026, 11, 25))
    day = datetime(2026, 11, 25, tzinfo=course.facility.tz)
    evening = day + timedelta(hours=hour)
    with timezone.override(course.facility.tz):
        assert queues.expiring(None, evening).exists() == is_there
        assert queues.ended_requests(None, evening).exists() != is_there
