"""What pages say in words: who acts, how much, what contradicts what."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from authorizations.templatetags.lookup import dollars, who_acts
from payers.models import AuthorizationPolicy, Plan
from tests import factories as make

pytestmark = pytest.mark.django_db


def page_of(client, name: str, *keys) -> str:
    return client.get(reverse(name, args=keys)).content.decode()


def test_money_has_its_thousands_and_a_dash_where_it_is_not_known():
    assert dollars(Decimal("1510.03")) == "1,510.03"
    assert dollars(Decimal("0")) == "0.00"
    assert dollars(None) == "–"


def test_a_batch_tells_its_amount_with_its_thousands(coder, facility):
    batch = make.BatchFactory(facility=facility, amount=Decimal("1510.03"))
    assert "$1,510.03" in page_of(coder, "batch_detail", batch.pk)
    assert "1,510.03" in page_of(coder, "batch_list")


def test_who_acts_next_is_said_in_words(coder, approved):
    page = page_of(coder, "authorization_detail", approved.pk)
    assert "<dt>Who acts next</dt><dd>Nobody" in page
    assert who_acts("payer") == "The payer"


def test_nobody_is_told_to_ask_for_what_is_approved(coder, course, authorize):
    AuthorizationPolicy.objects.all().delete()
    assert "ask before treating" in page_of(coder, "course_detail", course.pk)
    authorize(course)
    page = page_of(coder, "course_detail", course.pk)
    assert "ask before treating" not in page


def test_published_figures_are_entered_where_they_are_published(manager, plan):
    assert "Enter published figures" in page_of(manager, "payer_detail", plan.payer.key)
    Plan.objects.filter(payer=plan.payer).update(line_of_business="medicare_ffs")
    assert "Enter published figures" not in page_of(manager, "payer_detail", plan.payer.key)


def test_a_request_without_number_is_called_request_in_the_way_up(front_desk, course, plan):
    row = make.PriorAuthorizationFactory(course=course, plan=plan)
    page = page_of(front_desk, "authorization_submit", row.pk)
    assert f">Request {row.pk}</a>" in page
