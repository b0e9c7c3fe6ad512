"""More units, a later end, the new plan, an appeal: each in one press, filled in, chain set."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from authorizations.models import AuthorizedService, PriorAuthorization
from tests.support.payer_letters import afternoon, asked, clerk, cut, write

__all__ = ["afternoon", "clerk", "cut"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books")]


def steps_of(client, request):
    return client.get(reverse("authorization_detail", args=[request.pk])).context["steps"]


def filled(page):
    """What the form would send as it opens."""
    form, lines = page.context["form"], page.context["lines"]
    fields = [*form, *lines.management_form, *(field for line in lines for field in line)]
    values = {field.html_name: field.value() for field in fields if field.value()}
    values = {name: getattr(value, "pk", value) for name, value in values.items()}
    return values | {"key": page.context["key"], "urgency": "standard"}


def lines_of(request):
    return sorted(request.lines.values_list("code", "modifier", "units_requested"))


def test_five_more_units_are_asked_for_in_three_actions(front_desk, course, clerk, treat):
    request = write(asked(course, clerk), clerk, 28, 23)
    course.fractions_planned = 28
    course.save()
    treat(course, 4)
    first = steps_of(front_desk, request)[0]
    assert first.label == "Ask for 5 more units"
    assert first.detail == "Extension of A1000001: 5 × 77387-26"
    page = front_desk.get(first.url)
    saved = front_desk.post(first.url, filled(page) | {"submit": "1"})
    later = PriorAuthorization.objects.latest("pk")
    assert saved.url == reverse("authorization_submit", args=[later.pk])
    moment = {"channel": "portal", "received_on": "2026-10-15T09:00"}
    sent = front_desk.post(saved.url, moment)
    assert sent.status_code == 302
    later.refresh_from_db()
    assert (later.status, later.request_type, later.supersedes) == (
        "submitted",
        "extension",
        request,
    )
    assert lines_of(later) == [("77387", "26", 5)]
    labels = [step.label for step in steps_of(front_desk, request)]
    assert labels == ["Revise for the new plan"]


def test_a_later_end_is_asked_for_the_units_that_end_too_early(front_desk, course, clerk, treat):
    request = write(asked(course, clerk), clerk, 28, 28)
    treat(course, 4)
    AuthorizedService.objects.filter(authorization=request).update(valid_through=date(2026, 10, 20))
    first = steps_of(front_desk, request)[0]
    assert first.label == "Ask for a later end date"
    page = front_desk.get(first.url)
    assert "Later end date: the last fraction falls on" in page.context["form"]["note"].value()
    assert page.context["form"]["request_type"].value() == "extension"


def test_a_revision_asks_for_what_is_still_to_be_given_as_it_is_treated_now(
    front_desk, course, clerk, treat
):
    request = write(asked(course, clerk), clerk, 28, 28)
    treat(course, 4)
    revise = steps_of(front_desk, request)[-1]
    page = front_desk.get(revise.url)
    values = filled(page)
    assert (values["request_type"], values["supersedes"]) == ("revision", request.pk)
    front_desk.post(revise.url, values)
    later = PriorAuthorization.objects.latest("pk")
    to_come = course.fractions_planned - 4
    assert lines_of(later) == [("77387", "26", to_come), (course.delivery_code, "", to_come)]
    assert later.replaces_what_it_follows


def test_an_appeal_begins_with_what_was_refused_and_why(front_desk, course, clerk, cut):
    AuthorizedService.objects.filter(authorization=cut, code="77387").update(reason="Not daily")
    page = front_desk.get(reverse("authorization_detail", args=[cut.pk]))
    words = "Asks again for 8 × 77387-26, refused as “Not daily”."
    assert page.context["prefills"]["appeal"] == words
    assert words in page.content.decode()


def test_one_bar_for_each_code_over_all_authorizations_stands_on_the_page(
    front_desk, course, clerk, cut
):
    lines = [{"code": "77387", "modifier": "26", "units_requested": 8}]
    more = asked(course, clerk, lines, supersedes=cut, request_type="extension",
                 is_second_on_purpose=True)  # fmt: skip
    write(more, clerk, 8, number="B2")
    for request in (cut, more):
        bars = front_desk.get(reverse("authorization_detail", args=[request.pk])).context["bars"]
        assert [(bar.label, len(bar.segments)) for bar in bars] == [("77407", 1), ("77387-26", 2)]


def test_nothing_is_offered_to_who_only_reads(coder, course, clerk, cut):
    assert steps_of(coder, cut) == []
