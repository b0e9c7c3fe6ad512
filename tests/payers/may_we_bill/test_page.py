"""The page answers every address: in one sentence, or in words about what cannot be read."""

from __future__ import annotations

import pytest
from django.urls import reverse

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_books")]
MEDICARE = {
    "code": "77387",
    "modifiers": "26",
    "day": "2026-06-01",
    "delivery": "77407",
    "plan": "STD-MCR-FFS",
    "reviewed": "before",
    "filed": "2026-06-05",
}
UHC = {**MEDICARE, "plan": "STD-UHC-CFI", "place": "11"}


def ask(client, facts, **changes):
    return client.get(reverse("may_we_bill"), {**facts, **changes})


def words(response):
    return [one.answer.word for one in response.context["shown"]]


def test_a_charge_with_nothing_wrong_may_be_billed(coder):
    response = ask(coder, MEDICARE)
    assert words(response) == ["Yes"]
    page = response.content.decode()
    assert "0.68 work + 0.38 practice + 0.03 malpractice = 1.09 RVU × 33.4009" in page
    assert "Program 29.13 − sequestration 0.58" in page
    assert "28.55" in page
    assert "7.28" in page
