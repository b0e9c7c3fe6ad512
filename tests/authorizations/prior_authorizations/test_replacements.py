"""A request that follows another: replaced from a day on, or added; and what the page says."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from authorizations.courses.units_ahead import outlook, unit_bars
from authorizations.invariants import INVARIANTS, broken
from authorizations.models import (
    AuthorizedService,
    GuidanceSession,
    Task,
)
from authorizations.prior_authorizations.actions import make_authorization_move
from authorizations.prior_authorizations.coverage_changes import change_coverage
from authorizations.prior_authorizations.decisions import correct_answer
from authorizations.verdicts.status import authorizations_on
from authorizations.worklists import querysets as queues
from authorizations.worklists.sync_tasks import sync_tasks
from tests import factories as make
from tests.support.payer_letters import (
    TODAY,
    VALID,
    afternoon,
    answers,
    asked,
    clerk,
    cut,
    follow,
    words,
    write,
)

__all__ = ["afternoon", "clerk", "cut"]

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("request_type", ["revision", "renewal"])
def test_a_revision_replaces_what_it_follows_from_its_first_day(
    course, cut, treat, clerk, request_type
):
    sessions = treat(course, 6)
    start = sessions[3].date_of_service
    new = follow(course, clerk, cut, request_type, 25, number="B2", start=start)
    cut.refresh_from_db()
    assert (cut.status, cut.superseded_from) == ("superseded", start)
    numbers = [
        GuidanceSession.objects.get(pk=s.pk).authorized_service.authorization.number
        for s in sessions
    ]
    assert numbers == ["A1000001"] * 3 + ["B2"] * 3
    found = outlook(course, TODAY)
    assert found.guidance.units_unused == 0
    (bar,) = (bar for bar in unit_bars(found) if bar.label.startswith("77387"))
    assert [segment.approved for segment in bar.segments] == [3, 25]
    assert bar.short == 0
    assert [key.key for key in INVARIANTS if broken(key)] == []
    assert new.status == "approved"


def test_a_replacement_to_come_leaves_the_old_one_in_force_until_then(course, cut, treat, clerk):
    treat(course, 3)
    start = TODAY + timedelta(days=10)
    follow(course, clerk, cut, "revision", 25, number="B2", start=start)
    assert authorizations_on([course], TODAY)[course.pk].label == "Approved"
    numbers = {line.authorization.number for line in AuthorizedService.objects.in_force(TODAY)}
    assert numbers == {"A1000001"}
    numbers = {line.authorization.number for line in AuthorizedService.objects.in_force(start)}
    assert numbers == {"B2"}
    assert not queues.courses_short_of_units(None, timezone.now()).exists()


def test_both_stay_where_the_payer_left_both(course, cut, clerk):
    follow(course, clerk, cut, "revision", 8, number="B2", start=VALID[0], keeps_both=True)
    cut.refresh_from_db()
    assert cut.status == "partially_approved"


def test_an_extension_adds(course, cut, treat, clerk, front_desk):
    course.fractions_planned = 28
    course.save()
    treat(course, 4)
    sync_tasks()
    assert Task.objects.open().filter(queue="short").exists()
    lines = [{"code": "77387", "modifier": "26", "units_requested": 8}]
    new = asked(
        course, clerk, lines, supersedes=cut, request_type="extension", is_second_on_purpose=True
    )
    line = new.lines.get()
    response = front_desk.post(
        reverse("authorization_decide", args=[new.pk]),
        {
            "number": "EXT-1", "decided_on": "2026-10-15", "evidence": "letter",
            f"line-{line.pk}-decision": "approved", f"line-{line.pk}-units_approved": "8",
            f"line-{line.pk}-valid_from": "2026-10-01",
            f"line-{line.pk}-valid_through": "2026-12-31",
        },
    )  # fmt: skip
    assert response.status_code == 302, response.context["form"].errors
    cut.refresh_from_db()
    assert cut.status == "partially_approved"
    found = outlook(course, TODAY)
    bars = {bar.label: bar for bar in unit_bars(found)}
    assert (bars["77387-26"].approved, bars["77387-26"].used, bars["77387-26"].short) == (28, 4, 0)
    assert [s.approved for s in bars["77387-26"].segments] == [20, 8]
    assert "last to the end" in words(front_desk, course)
    page = front_desk.get(reverse("course_detail", args=[course.pk])).content.decode()
    now, _, before = page.partition("Closed tasks, and why")
    assert "short:" not in now
    assert "short of" not in now
    assert "EXT-1: approved by" in before
    assert not Task.objects.open().filter(queue="short").exists()


def test_a_revision_mended_to_denied_gives_back_what_it_replaced(course, cut, clerk):
    new = follow(course, clerk, cut, "revision", 25, number="B2", start=TODAY)
    facts = {"decided_on": TODAY, "evidence": "letter", "reason": "No", "number": ""}
    correct_answer(
        authorization=new, by=clerk, why="A slip", answers=answers(new, None, None), **facts
    )
    cut.refresh_from_db()
    assert (cut.status, cut.superseded_from) == ("partially_approved", None)


def test_the_form_says_what_an_approval_replaces(course, cut, clerk, front_desk):
    revised = asked(
        course, clerk, supersedes=cut, request_type="revision", is_second_on_purpose=True
    )
    page = front_desk.get(reverse("authorization_decide", args=[revised.pk])).content.decode()
    assert "A1000001 is replaced from the first day of this approval on" in page
    assert "The payer left A1000001 in force as well: keep both" in page
    other = front_desk.get(reverse("authorization_decide", args=[cut.pk])).content.decode()
    assert "keep both" not in other


def test_another_plan_takes_over_from_its_day_only(course, cut, treat, clerk):
    treat(course, 3)
    make_authorization_move(authorization=cut, verb="appeal", by=clerk, reason="Compared")
    plan = make.PlanFactory(code="NEW-1", payer=make.PayerFactory(key="newco"))
    start = TODAY + timedelta(days=10)
    change_coverage(
        patient=course.patient,
        plan=plan,
        member_id="N1",
        starts_on=start,
        reason="New employer",
        by=clerk,
    )
    cut.refresh_from_db()
    assert (cut.status, cut.superseded_from) == ("superseded", start)
    held = GuidanceSession.objects.exclude(authorized_service=None).count()
    assert held == 3


def test_nothing_asked_is_said_so_with_the_day_by_which_the_payer_must_answer(course, front_desk):
    said = words(front_desk, course)
    assert said.startswith("No authorization has been requested.")
    assert "if asked today" in said
    assert "short" not in said


def test_a_payer_of_whom_nothing_is_known_is_to_be_called(course, plan, front_desk):
    plan.payer.authorizationpolicy_rows.all().delete()
    assert "to ask whether it is required" in words(front_desk, course)


def test_a_denial_says_by_when_to_act(course, clerk, front_desk):
    write(asked(course, clerk), clerk, None, None, number="")
    said = words(front_desk, course)
    assert said.startswith("Denied.")
    assert "short" not in said


def test_a_request_under_way_is_no_shortage(course, clerk, front_desk):
    asked(course, clerk)
    assert words(front_desk, course).startswith("Requested, not decided.")


def test_one_code_of_two_is_not_the_whole_course(course, clerk, front_desk):
    lines = [{"code": "77387", "modifier": "26", "units_requested": 40}]
    write(asked(course, clerk, lines), clerk, 40)
    context = front_desk.get(reverse("course_detail", args=[course.pk])).context
    assert context["sentence_tone"] == "warn"
    assert "77407: No authorization has been requested." in context["sentence"]


def test_too_late_is_explained_and_expedited_is_the_physicians_word(course, cut, treat, front_desk):
    treat(course, 10)
    AuthorizedService.objects.filter(code="77387").update(units_approved=11)
    said = words(front_desk, course)
    assert "has until" in said
    assert "only if the physician attests" in said


def test_an_extension_is_asked_with_what_is_missing_filled_in(
    course, books, cut, treat, front_desk, clerk
):
    treat(course, 4)
    page = front_desk.get(reverse("course_detail", args=[course.pk])).content.decode()
    url = f"{reverse('authorization_new', args=[course.pk])}?extend={cut.pk}"
    assert url in page
    page = front_desk.get(url)
    short = outlook(course, TODAY).guidance.units_short
    lines = [form.initial for form in page.context["lines"] if form.initial]
    assert lines == [{"code": "77387", "modifier": "26", "units_requested": short}]
    assert page.context["form"]["request_type"].value() == "extension"
    assert page.context["form"].initial["supersedes"] == cut
    unknown = url.replace(f"extend={cut.pk}", f"extend={'9' * 30}")
    assert front_desk.get(unknown).status_code == 400


def test_a_shortage_for_which_more_was_asked_says_so(course, cut, treat, clerk, front_desk):
    treat(course, 4)
    lines = [{"code": "77387", "modifier": "26", "units_requested": 8}]
    asked(course, clerk, lines, supersedes=cut, request_type="extension", is_second_on_purpose=True)
    said = words(front_desk, course)
    assert "8 short. More is requested." in said, said
    assert "Ask" not in said


def test_what_another_plan_approved_before_is_no_approval_of_the_one_that_pays_now(
    course, cut, treat, clerk, front_desk
):
    treat(course, 3)
    plan = make.PlanFactory(code="NEW-1", payer=make.PayerFactory(key="newco"))
    make.AuthorizationPolicyFactory(plan=plan, payer=plan.payer)
    change_coverage(
        patient=course.patient,
        plan=plan,
        member_id="N1",
        starts_on=TODAY,
        reason="New employer",
        by=clerk,
    )
    assert words(front_desk, course).startswith("No authorization has been requested.")
