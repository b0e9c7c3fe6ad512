"""The code page, the rulebook and trying the rules."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from coding.rules import all_rules

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_books")]
BOUNDARY = (
    "77387",
    "77014",
    "G6001",
    "G6002",
    "G6017",
    "77385",
    "77386",
    "77402",
    "77407",
    "77412",
)


@pytest.mark.parametrize("code", BOUNDARY)
def test_a_code_is_shown_on_both_sides_of_the_new_year(coder, code):
    url = reverse("code_detail", args=[code])
    response = coder.get(url, {"on": "2025-12-31", "beside": "2026-01-01"})
    different = [row for row in response.context["differences"] if row.is_different]
    assert different, "something changed on 2026-01-01"
    assert response.status_code == 200


def test_77387_says_who_bills_what_and_who_says_so(coder):
    page = coder.get(reverse("code_detail", args=["77387"]), {"on": "2026-11-23"}).content.decode()
    assert "$36.41" in page
    assert "status B, bundled" in page
    assert "CMS relative value file" in page
    assert "Payers, question by question" in page
    assert "On-campus" in page


def test_a_year_that_is_not_loaded_is_said_and_not_replaced(coder):
    page = coder.get(reverse("code_detail", args=["77387"]), {"on": "2027-02-01"}).content.decode()
    assert "No relative values for 1 Feb 2027 are loaded" in page
    assert "$36.41 =" not in page


def test_an_unknown_code_is_not_found(coder):
    assert coder.get(reverse("code_detail", args=["00000"])).status_code == 404


def test_the_rulebook_of_a_day_shows_the_rules_of_that_day(coder):
    shown = coder.get(reverse("rulebook"), {"on": "2026-11-23"}).context["count"]
    assert shown == sum(rule.is_in_force(date(2026, 11, 23)) for rule in all_rules())
    found = coder.get(reverse("rulebook"), {"text": "CO-197"}).content.decode()
    assert "R48" in found


def test_each_rule_has_a_page(coder):
    for number in {rule.number for rule in all_rules()}:
        assert coder.get(reverse("rule_detail", args=[number])).status_code == 200
    assert coder.get(reverse("rule_detail", args=["R99"])).status_code == 404


def situation(**changes):
    return {
        "date_of_service": "2026-11-23",
        "plan": "STD-MCR-FFS",
        "code": "77387",
        "modifiers": "26",
        "units": "1",
        "place_of_service": "22",
        "modality": "cbct",
        "delivery_code": "77407",
        "is_delivered": "yes",
        "has_shifts": "yes",
        "is_reviewed": "yes",
        "is_authorized": "yes",
        **changes,
    }


def test_a_situation_is_judged_with_reasons(coder):
    response = coder.post(reverse("try_rules"), situation())
    assert response.context["verdict"].disposition in ("pass", "WARN")
    unreviewed = coder.post(reverse("try_rules"), situation(is_reviewed="no"))
    assert unreviewed.context["verdict"].disposition == "STOP"
    assert "R42" in unreviewed.content.decode()


def test_the_same_situation_on_two_days_shows_what_made_the_difference(coder):
    response = coder.post(reverse("try_rules"), situation(other_date="2025-12-31"))
    assert response.context["other"].disposition == "STOP"
    assert "R02" in response.context["difference"]


def test_a_wrong_date_is_said_and_the_rest_kept(coder):
    response = coder.post(reverse("try_rules"), situation(date_of_service="soon"))
    assert "Enter a valid date" in response.content.decode()
    assert "verdict" not in response.context


def test_the_examples_of_a_rule_are_told_in_words(coder):
    page = coder.get(reverse("rule_detail", args=["R48"])).content.decode()
    assert "by telephone only" in page
    assert "shown by the portal" in page
    assert "authorization required: nobody knows" in page
    assert "is required none" not in page


def test_a_rule_names_its_subject_as_the_rulebook_does(coder):
    book = coder.get(reverse("rulebook"), {"on": "2026-11-23"}).content.decode()
    rule = coder.get(reverse("rule_detail", args=["R01"])).content.decode()
    assert "<h2>Codes by date</h2>" in book
    assert "<dt>Subject</dt><dd>Codes by date</dd>" in rule
