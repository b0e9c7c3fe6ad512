"""A payer's scorecard: each count opens its rows, each breach its evidence."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.urls import reverse

from accounts.models import AccessEvent
from authorizations.models import PriorAuthorization
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(course, authorize, plan):
    """An approval in time, one that came late, and a request overdue now."""
    authorize(course)
    zone = course.facility.tz
    for status, answered in (("approved", date(2026, 10, 14)), ("submitted", None)):
        other = make.CourseFactory(facility=course.facility)
        row = make.PriorAuthorizationFactory(
            course=other,
            plan=plan,
            status=status,
            number="A2" if answered else "",
            reference="CASE7",
            channel="portal",
            received_on=datetime(2026, 9, 28, 9, tzinfo=zone),
            due_at=datetime(2026, 10, 13, 23, 59, 59, tzinfo=zone),
            clock_rule="erisa-pre-service",
            decided_on=answered,
        )
        make.AuthorizedServiceFactory(
            authorization=row,
            decision="reduced" if answered else "requested",
            units_approved=21 if answered else None,
            valid_from=date(2026, 10, 1) if answered else None,
            valid_through=date(2026, 12, 31) if answered else None,
        )
    return plan.payer


def page(client, payer):
    return client.get(reverse("payer_scorecard", args=[payer.key]), {"days": "365"})


def opened(client, href: str) -> int:
    return client.get(href).context["table"].paginator.count


def test_each_clock_says_how_it_was_kept_and_opens_its_rows(manager, record):
    (clock,) = page(manager, record).context["clocks"]
    assert "29 CFR 2560.503-1" in clock["row"].words
    assert (clock["row"].answered, clock["row"].late) == (2, 1)
    assert opened(manager, clock["answered_href"]) == 2
    assert opened(manager, clock["late_href"]) == 1


def test_a_breach_is_a_late_answer_or_one_that_is_overdue(manager, record):
    open_one, late = page(manager, record).context["breaches"]
    assert open_one.answered_on is None
    assert open_one.days > late.days
    assert (late.answered_on, late.days) == (date(2026, 10, 14), 1)


def test_the_packet_of_a_breach_holds_its_clock_and_is_recorded(manager, record):
    late = page(manager, record).context["breaches"][1].request
    text = manager.get(reverse("authorization_packet", args=[late.pk])).content.decode()
    for proof in ("29 CFR 2560.503-1", "1 day late", "CASE7", f"Request {late.pk}", "28 Sep 2026"):
        assert proof in text, proof
    assert AccessEvent.objects.filter(action="export", patient_number=late.course.patient_id)


def test_an_appeal_later_does_not_mend_the_clock_in_the_packet(manager, record):
    late = page(manager, record).context["breaches"][1].request
    rows = PriorAuthorization.objects.filter(pk=late.pk)
    rows.update(status="partially_approved") if late.status != "approved" else None
    rows.update(decided_on=date(2026, 11, 20))
    text = manager.get(reverse("authorization_packet", args=[late.pk])).content.decode()
    assert "1 day late" in text


def test_units_cut_are_told_by_site_and_technique(manager, record):
    context = page(manager, record).context
    (site,), (technique,) = context["sites"], context["techniques"]
    assert (site["requested"], site["approved"], site["cut"]) == (56, 49, 7)
    assert technique["label"] == "IMRT"
    assert opened(manager, site["href"]) == site["count"] == 2


def test_what_the_payer_publishes_stands_beside_ours_of_the_same_kind(manager, record, plan):
    make.PublishedMetricFactory(payer=record, line_of_business=plan.line_of_business)
    make.PublishedMetricFactory(payer=record, line_of_business="medicare_advantage")
    ours = [row["ours"] for row in page(manager, record).context["published"]]
    assert ours == ["100 %", ""] or ours == ["", "100 %"]


def test_a_gold_card_counts_only_what_it_judges(manager, facility):
    payer = make.PayerFactory(key="unitedhealthcare")
    plan = make.PlanFactory(code="UHC-TX", payer=payer, line_of_business="exchange", state="TX")
    away = make.PlanFactory(code="UHC-MA", payer=payer, line_of_business="medicare_advantage")
    for number, which in enumerate((plan, plan, away)):
        make.PriorAuthorizationFactory(
            course__facility=facility,
            plan=which,
            status="approved" if number else "denied",
            number=f"A{number}" if number else "",
            decided_on=date(2026, 10, 14),
        )
    cards = {card["programme"].key: card for card in page(manager, payer).context["cards"]}
    years = [(y["year"].approved, y["year"].asked) for y in cards["uhc-national"]["years"]]
    assert years == [(2, 3), (0, 0)]
    (texas,) = cards["texas"]["years"]
    assert (texas["year"].approved, texas["year"].asked) == (1, 2)
    assert opened(manager, texas["asked_href"]) == 2
    assert opened(manager, texas["approved_href"]) == 1
    assert not cards["texas"]["is_ready"]


def test_the_packet_says_what_it_lacks_and_what_was_done_in_words(manager, course, authorize):
    request = authorize(course)
    request.documents.all().delete()
    url = reverse("authorization_packet", args=[request.pk])
    text = manager.get(url).content.decode()
    assert "rests on a letter that is not attached" in text
    assert "submit: draft" not in text
    assert "<td>Submitted</td>" in text
    make.DocumentFactory(authorization=request, kind="approval_letter")
    assert "not attached" not in manager.get(url).content.decode()


def test_ours_beside_what_is_published_opens_its_rows(manager, record, plan):
    make.PublishedMetricFactory(payer=record, line_of_business=plan.line_of_business)
    row = page(manager, record).context["published"][0]
    assert opened(manager, row["out_of_href"]) == row["out_of"] == 2
    assert opened(manager, row["href"]) == 2


def test_an_answered_request_in_appeal_is_no_breach(manager, record, plan, facility):
    """The scorecard says what the packet says: the first answer kept the clock."""
    before = [row.request.pk for row in page(manager, record).context["breaches"]]
    row = make.PriorAuthorizationFactory(
        course=make.CourseFactory(facility=facility),
        plan=plan,
        facility=facility,
        status="denied",
        received_on=datetime(2026, 9, 28, 9, tzinfo=facility.tz),
        due_at=datetime(2026, 10, 13, 23, 59, 59, tzinfo=facility.tz),
        decided_on=date(2026, 10, 7),
    )
    PriorAuthorization.objects.filter(pk=row.pk).update(status="appealed")
    assert [row.request.pk for row in page(manager, record).context["breaches"]] == before
    packet = manager.get(reverse("authorization_packet", args=[row.pk])).content.decode()
    assert "<strong>in time</strong>" in packet
