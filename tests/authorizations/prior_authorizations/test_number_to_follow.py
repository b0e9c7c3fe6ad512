"""Approved by telephone, the number to follow: a status with a task; no claim rests on it."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from authorizations.exceptions import Refused
from authorizations.models import PriorAuthorization, Task
from authorizations.prior_authorizations.decisions import decide
from authorizations.prior_authorizations.documents import attach_document, enter_number
from tests import factories as make
from tests.support.payer_letters import TODAY, afternoon, answers, asked, clerk, write

__all__ = ["afternoon", "clerk"]
pytestmark = pytest.mark.django_db
PORTAL_PAGE = b"\xff\xd8\xff\xe0" + b"0" * 200 + b"\xff\xd9"


@pytest.fixture
def heard(course, clerk):
    """Approved by telephone; they give the number later."""
    request = asked(course, clerk)
    return decide(
        authorization=request, by=clerk, decided_on=TODAY, evidence="phone",
        number_to_follow=True, answers=answers(request, 28, 28),
    )  # fmt: skip


def queues_of(course):
    return set(Task.objects.open().filter(course=course).values_list("queue", flat=True))


def test_it_is_approved_with_a_task_until_the_number_is_entered(
    front_desk, course, heard, treat, clerk
):
    assert (heard.status, heard.number) == ("approved", "")
    assert "number" in queues_of(course)
    charge = treat(course)[0].charges.get()
    assert (charge.status, charge.leading_rule) == ("held", "R48")
    url = reverse("authorization_number", args=[heard.pk])
    page = front_desk.get(reverse("authorization_detail", args=[heard.pk])).content.decode()
    assert "Number to follow" in page
    assert url in page
    assert front_desk.post(url, {"number": "A77"}).status_code == 302
    heard.refresh_from_db()
    assert (heard.number, heard.number_to_follow) == ("A77", False)
    assert "number" not in queues_of(course)
    assert "telephone" in queues_of(course)
    charge.refresh_from_db()
    assert charge.status == "held"
    make.DocumentFactory(authorization=heard)


def test_a_letter_without_the_number_proves_nothing_until_it_is_entered(
    course, heard, treat, clerk
):
    charge = treat(course)[0].charges.get()
    make.DocumentFactory(authorization=heard, kind="approval_letter")
    attach_document(authorization=heard, content=PORTAL_PAGE, kind="portal_proof", by=clerk)
    heard.refresh_from_db()
    assert heard.evidence == "phone"
    enter_number(authorization=heard, number=" A77 ", by=clerk)
    heard.refresh_from_db()
    charge.refresh_from_db()
    assert (heard.number, heard.evidence, charge.status) == ("A77", "letter", "ready")


def test_the_database_lets_no_number_to_follow_be_proven(heard):
    rows = PriorAuthorization.objects.filter(pk=heard.pk)
    for values in ({"evidence": "letter"}, {"number": "A1"}, {"number_to_follow": False}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**values)


def test_the_form_asks_for_the_number_or_that_it_follows(front_desk, course, clerk):
    request = asked(course, clerk)
    url = reverse("authorization_decide", args=[request.pk])
    data = {"decided_on": TODAY, "evidence": "phone", "number": ""}
    for line in request.lines.all():
        data |= {
            f"line-{line.pk}-{name}": value
            for name, value in {
                "decision": "approved", "units_approved": 28,
                "valid_from": "2026-10-01", "valid_through": "2026-12-31",
            }.items()
        }  # fmt: skip
    refused = front_desk.post(url, data)
    assert "or say that it follows" in refused.content.decode()
    wrong = front_desk.post(url, {**data, "number_to_follow": "on", "evidence": "letter"})
    assert "evidence" in wrong.context["form"].errors
    double = front_desk.post(url, {**data, "number_to_follow": "on", "number": "A1"})
    assert "number" in double.context["form"].errors
    assert front_desk.post(url, {**data, "number_to_follow": "on"}).status_code == 302
    request.refresh_from_db()
    assert request.number_to_follow


def test_a_number_that_is_taken_or_not_awaited_is_refused(course, heard, clerk):
    approved = write(asked(course, clerk, is_second_on_purpose=True), clerk, 28, 28, number="B1")
    with pytest.raises(Refused, match="Another request"):
        enter_number(authorization=heard, number=approved.number, by=clerk)
    with pytest.raises(Refused, match="Type the payer"):
        enter_number(authorization=heard, number=" ", by=clerk)
    with pytest.raises(Refused, match="No number is awaited"):
        enter_number(authorization=approved, number="A2", by=clerk)


def test_the_number_is_for_who_logs_authorizations_there(heard, person):
    with pytest.raises(Refused, match="Only who logs"):
        enter_number(authorization=heard, number="A77", by=person("therapist"))
    heard.refresh_from_db()
    assert heard.number_to_follow
