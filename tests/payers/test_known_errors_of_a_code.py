"""The page of a code names the errors of payers that are known for it on that day."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from django.utils.html import escape

from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(coder):
    make.ProcedureCodeFactory(code="77387")
    url = reverse("code_detail", args=["77387"])
    return lambda on: coder.get(url, {"on": on}).content.decode()


def test_an_error_is_named_with_its_line_days_place_and_source(page):
    error = make.KnownPayerErrorFactory(
        payer__name="Harbor Health", states=["TX"], places_of_service=["22"], denial="CO-97",
        effective_from=date(2026, 3, 1), effective_through=date(2026, 6, 30),
        source="Letter of the plan",
    )  # fmt: skip
    shown = page("2026-06-30")
    for words in (
        "Harbor Health", "77387-26", escape(error.statement), "CO-97", "TX", "22", "1 Mar 2026",
        "Letter of the plan",
    ):  # fmt: skip
        assert words in shown, words


def test_where_none_is_known_that_day_the_page_says_so(page):
    make.KnownPayerErrorFactory(effective_through=date(2026, 6, 30))
    make.KnownPayerErrorFactory(code="77014", statement="pays twice")
    shown = page("2026-07-01")
    assert "None in our books that day" in shown
    assert "pays twice" not in shown
