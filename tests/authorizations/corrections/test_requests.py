"""A request is put right while the payer has decided none of it: lines, plan, type, urgency."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.models import Role
from authorizations.corrections.requests import FIELDS, correct_request
from authorizations.exceptions import Refused
from authorizations.models import RecordCorrection
from authorizations.prior_authorizations.actions import make_authorization_move, open_request
from tests import factories as make
from tests.conftest import asked_lines
from tests.support.payer_letters import asked, clerk, write

__all__ = ["clerk"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books")]


def draft(course, by, units=28):
    plan = course.patient.coverages.get().plan
    return open_request(
        course=course, by=by, lines=asked_lines(course, units), plan=plan, facility=course.facility
    )


def typed(client, request, **changed):
    """What the page holds, with these values typed into it."""
    page = client.get(reverse("authorization_request_correct", args=[request.pk]))
    form, lines = page.context["form"], page.context["lines"]
    fields = [*form, *lines.management_form, *(field for line in lines for field in line)]
    values = {
        bound.html_name: "" if bound.value() is None else bound.value()
        for bound in fields
        if bound.value() is not False
    }
    return values | changed


def sent(client, request, **changed):
    url = reverse("authorization_request_correct", args=[request.pk])
    return client.post(url, typed(client, request, **changed))


def asked_for(request):
    return sorted(request.lines.values_list("code", "modifier", "units_requested"))


def test_the_lines_of_a_draft_change_without_a_reason(front_desk, course):
    request = draft(course, front_desk.user)
    changed = {"line-1-units_requested": "5", "line-0-code": "", "line-0-units_requested": ""}
    assert sent(front_desk, request, **changed).status_code == 302
    assert asked_for(request) == [("77387", "26", 5)]
    kept = RecordCorrection.objects.get()
    assert kept.changes == [["Lines", "77387-26 × 28, 77407 × 28", "77387-26 × 5"]]


def test_what_was_sent_is_corrected_with_a_reason_and_its_clock_follows(front_desk, course, clerk):
    request = asked(course, clerk)
    before = request.due_at
    refused = sent(front_desk, request, urgency="expedited", urgency_reason="Pain")
    assert "reason" in refused.context["form"].errors
    assert refused.context["form"]["urgency_reason"].value() == "Pain"
    answer = sent(
        front_desk, request, urgency="expedited", urgency_reason="Pain", reason="The order says so"
    )
    assert answer.status_code == 302
    request.refresh_from_db()
    assert request.urgency == "expedited"
    assert request.due_at < before
    page = front_desk.get(reverse("authorization_detail", args=[request.pk])).content.decode()
    assert "Request corrected" in page
    assert "Urgency: Standard → Expedited" in page


def test_a_decided_request_is_not_rewritten(front_desk, course, clerk):
    request = write(asked(course, clerk), clerk, 28, 28)
    url = reverse("authorization_request_correct", args=[request.pk])
    assert "correct the decision" in front_desk.get(url).context["refusal"]
    same = {name: getattr(request, name) for name in FIELDS}
    with pytest.raises(Refused, match="correct the decision"):
        correct_request(
            authorization=request, values=same, lines=asked_lines(course, 5), reason="x", by=clerk
        )
    page = front_desk.get(reverse("authorization_detail", args=[request.pk]))
    assert not page.context["may_change"]


def test_the_action_refuses_what_cannot_be(course, clerk, person):
    request, other = draft(course, clerk), make.CourseFactory(facility=course.facility)
    same = {name: getattr(request, name) for name in FIELDS}
    lines = asked_lines(course, 28)
    for changed, text in (
        (
            {"values": {**same, "plan": make.PlanFactory(code="OTHER-PLAN")}},
            "no coverage of this",
        ),
        ({"values": {**same, "supersedes": request}}, "does not follow itself"),
        ({"values": {**same, "supersedes": draft(coverage_of(other), clerk)}}, "same course"),
        ({"lines": []}, "at least one line"),
        ({"lines": [*lines, lines[0]]}, "stands twice"),
        ({"by": person(Role.THERAPIST)}, "Only who logs"),
        ({"values": {**same, "urgency": "expedited"}}, "why the request is expedited"),
    ):
        given = {"values": same, "lines": lines, "reason": "x", "by": clerk, **changed}
        with pytest.raises(Refused, match=text):
            correct_request(authorization=request, **given)
    done = correct_request(authorization=request, values=same, lines=lines, reason="", by=clerk)
    assert done is None


def coverage_of(course):
    make.CoverageFactory(patient=course.patient)
    return course


def test_a_second_request_for_the_code_is_asked_about(front_desk, course, clerk):
    asked(course, clerk)
    guidance = {"code": "77387", "modifier": "26", "units_requested": 5}
    later = open_request(
        course=course, by=clerk, lines=[guidance], is_second_on_purpose=True,
        plan=course.patient.coverages.get().plan, facility=course.facility,
    )  # fmt: skip
    page = front_desk.get(reverse("authorization_request_correct", args=[later.pk]))
    assert page.context["form"]["is_second_on_purpose"].value() is True
    values = typed(front_desk, later, **{"line-0-units_requested": "6"})
    del values["is_second_on_purpose"]
    refused = front_desk.post(reverse("authorization_request_correct", args=[later.pk]), values)
    assert "say it is on purpose" in refused.content.decode()
    assert sent(front_desk, later, **{"line-0-units_requested": "6"}).status_code == 302


def test_what_another_changed_meanwhile_is_shown_and_the_second_save_goes_through(
    front_desk, course, clerk
):
    request = draft(course, clerk)
    mine = typed(front_desk, request, **{"line-1-units_requested": "6"})
    same = {name: getattr(request, name) for name in FIELDS}
    correct_request(
        authorization=request, values=same, lines=asked_lines(course, 30), reason="", by=clerk
    )
    url = reverse("authorization_request_correct", args=[request.pk])
    answer = front_desk.post(url, mine)
    assert "changed this while you had it open" in answer.content.decode()
    again = mine | {"seen": answer.context["form"]["seen"].value()}
    assert front_desk.post(url, again).status_code == 302
    assert ("77387", "26", 6) in asked_for(request)


def test_a_pended_request_may_still_be_corrected(front_desk, course, clerk):
    request = asked(course, clerk)
    make_authorization_move(authorization=request, verb="pend", by=clerk, pend_reason="The plan")
    changed = {"line-1-units_requested": "20", "reason": "Misread the order"}
    assert sent(front_desk, request, **changed).status_code == 302
    assert ("77387", "26", 20) in asked_for(request)


def test_a_denial_typed_for_an_approval_bills_again_and_marks_what_was_released(
    front_desk, course, clerk, treat, approved
):
    charge = treat(course)[0].charges.get()
    assert charge.status == "ready"
    url = reverse("authorization_correct", args=[approved.pk])
    page = front_desk.get(url)
    bound = [*page.context["form"], *(field for line in page.context["lines"] for field in line)]
    values = {field.html_name: field.value() or "" for field in bound if field.name != "document"}
    lines = [form.prefix for form in page.context["lines"]]
    denied = values | {f"{line}-decision": "denied" for line in lines}
    denied |= {"reason": "None", "why": "Misread"}
    assert front_desk.post(url, denied).status_code == 302
    charge.refresh_from_db()
    assert charge.status == "held"
    assert front_desk.post(url, values | {"why": "It approved"}).status_code == 302
    approved.refresh_from_db()
    charge.refresh_from_db()
    assert (approved.status, approved.appeal_level, charge.status) == ("approved", 0, "ready")
    verbs = [event.verb for event in approved.events.order_by("id")][-2:]
    assert verbs == ["correct_to_denied", "correct_to_approved"]
