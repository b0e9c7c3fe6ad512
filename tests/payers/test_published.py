"""What payers publish: typed in once, corrected with its history, refused when impossible."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError
from django.urls import reverse

from payers.published import PublishedMetric
from tests import factories as make

pytestmark = pytest.mark.django_db
REPORT = {
    "line_of_business": "medicare_advantage",
    "year": "2025",
    "contract": "H1234",
    "source_url": "payer.example.org/metrics",
    "standard_approved": "91.2",
    "standard_denied": "8.8",
    "standard_median": "3",
}


@pytest.fixture
def url(db) -> str:
    return reverse("payer_metrics", args=[make.PayerFactory().key])


def test_a_report_is_kept_figure_by_figure(manager, url):
    response = manager.post(url, REPORT, follow=True)
    assert "3 published figures of 2025 are kept" in response.content.decode()
    row = PublishedMetric.objects.get(metric="standard_denied")
    assert (row.value, row.entered_by) == (Decimal("8.80"), manager.user)
    assert row.source_url == "https://payer.example.org/metrics"


def test_the_same_report_again_doubles_nothing_and_a_correction_keeps_what_stood(manager, url):
    manager.post(url, REPORT)
    manager.post(url, REPORT)
    manager.post(url, {**REPORT, "standard_denied": "7.9"})
    row = PublishedMetric.objects.get(metric="standard_denied")
    assert PublishedMetric.objects.count() == 3
    assert row.value == Decimal("7.90")
    assert Decimal("8.80") in row.history.values_list("value", flat=True)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"standard_approved": "101"}, "less than or equal to 100"),
        ({"standard_denied": "-1"}, "greater than or equal to 0"),
        ({"standard_denied": "12"}, "more than 100 %"),
        ({"year": "2999"}, "has not begun"),
        ({"year": "1999"}, "greater than or equal to 2020"),
        ({"source_url": "javascript:alert(1)"}, "Enter a valid URL"),
        ({"source_url": ""}, "This field is required"),
        ({"contract": "<b>"}, "Letters, digits and hyphens only"),
        (
            {"standard_approved": "", "standard_denied": "", "standard_median": ""},
            "at least one figure",
        ),
    ],
)
def test_what_cannot_be_is_explained_and_nothing_is_lost(manager, url, wrong, words):
    response = manager.post(url, {**REPORT, **wrong})
    assert words in response.content.decode()
    assert not PublishedMetric.objects.exists()
    assert 'value="2025"' in response.content.decode() or "year" in wrong


@pytest.mark.parametrize(
    "wrong", [{"value": 101}, {"year": 1990}, {"source_url": ""}, {"metric": "other"}]
)
def test_the_database_refuses_it_too(wrong):
    with pytest.raises(IntegrityError):
        make.PublishedMetricFactory(**wrong)


def test_the_payers_page_shows_it_to_everybody(front_desk, url):
    row = make.PublishedMetricFactory()
    text = front_desk.get(reverse("payer_detail", args=[row.payer.key])).content.decode()
    assert row.source_url in text
    assert "Enter published figures" not in text
