"""The manager's dashboard: each number opens exactly its rows."""

from __future__ import annotations

import pytest
from django.urls import reverse

from authorizations.dashboards import FIGURES
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def busy(course, authorize, treat, plan):
    """A course short of units with sessions beyond them, and a pended request elsewhere."""
    authorize(course, units=2)
    treat(course, 4)
    other = make.CourseFactory(facility=course.facility)
    make.CoverageFactory(patient=other.patient, plan=plan)
    make.PriorAuthorizationFactory(
        course=other, plan=plan, facility=course.facility, status="pended", who_acts="us"
    )
    return course


def figures(response) -> dict[str, str]:
    return {stat["label"]: stat["figure"] for stat in response.context["stats"]}


def test_each_figure_is_the_number_of_rows_it_opens(manager, busy):
    response = manager.get(reverse("payer_dashboard"))
    shown = figures(response)
    assert shown["Open"] == "1"
    assert shown["Units short"] == "1"
    assert shown["Sessions uncovered"] == "2"
    for figure in FIGURES:
        if figure.is_money:
            continue
        rows = manager.get(reverse("payer_dashboard_rows", args=[figure.key])).context["table"]
        assert str(len(rows.rows)) == shown[figure.label], figure.key


def test_dollars_at_risk_are_the_sum_of_the_rows(manager, busy):
    shown = figures(manager.get(reverse("payer_dashboard")))["Dollars at risk"]
    table = manager.get(reverse("payer_dashboard_rows", args=["risk"])).context["table"]
    total = sum(row.record.amount for row in table.rows)
    assert shown == f"${total:,.0f}"


def test_a_figure_of_one_payer_opens_only_its_rows(manager, busy, plan):
    url = reverse("payer_dashboard_rows", args=["held"])
    mine = manager.get(url, {"payer": plan.payer.pk, "lob": plan.line_of_business})
    assert len(mine.context["table"].rows) == 2
    nobody = manager.get(url, {"payer": "999999"})
    assert len(nobody.context["table"].rows) == 0


def test_every_figure_says_what_it_counts(manager, busy):
    page = manager.get(reverse("payer_dashboard")).content.decode()
    for figure in FIGURES:
        assert figure.definition in page


def test_an_unknown_figure_is_not_found(manager, facility):
    assert manager.get(reverse("payer_dashboard_rows", args=["nope"])).status_code == 404


def test_a_filter_narrows_by_facility_and_line_of_business(manager, busy, facility):
    url = reverse("payer_dashboard")
    assert figures(manager.get(url, {"line_of_business": "fep"}))["Open"] == "0"
    assert figures(manager.get(url, {"facility": facility.pk}))["Open"] == "1"


def test_home_counts_what_its_lists_show(manager, busy):
    queues = manager.get(reverse("home")).context["queues"]
    assert {queue.label: queue.count for queue in queues}["Running short of units"] == 1
    for queue in queues:
        response = manager.get(queue.url)
        if response.status_code == 200:
            assert response.context["table"].paginator.count == queue.count, queue.label


def test_search_finds_by_name_mrn_and_number_within_scope(manager, busy, elsewhere):
    hidden = make.CourseFactory(facility=elsewhere)
    hidden.patient.last_name = busy.patient.last_name
    hidden.patient.save()
    url = reverse("search")
    for text in (busy.patient.mrn, busy.code):
        assert manager.post(url, {"text": text})["Location"].endswith(f"/courses/{busy.pk}/")
    found = manager.post(url, {"text": "A1000001"}).content.decode()
    assert "A1000001" in found
    slip = busy.patient.last_name[:-1] + "x"
    response = manager.post(url, {"text": slip})
    assert response.status_code == 302 or busy.patient.mrn in response.content.decode()
    assert hidden.patient.mrn not in manager.post(
        url, {"text": hidden.patient.mrn}
    ).content.decode().replace(f'value="{hidden.patient.mrn}"', "")


@pytest.mark.parametrize("text", ["%", "\0", "o'brien; --", "a" * 5000, "\u202e", "<script>"])
def test_whatever_is_typed_into_the_search_is_answered(manager, facility, text):
    response = manager.post(reverse("search"), {"text": text})
    assert response.status_code == 200
    assert "<script>" not in response.content.decode().split("<main")[1].split("</main>")[0]


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("course_list", {"queue": "short", "sort": "-nothing", "page": "9999"}),
        ("course_list", {"facility": "abc", "payer": "99999999999999999999"}),
        ("authorization_list", {"status": "x", "queue": "\0"}),
        ("charge_list", {"payer": "-1", "since": "2026-99-99"}),
        ("payer_dashboard", {"days": "abc", "facility": "x"}),
        ("code_list", {"text": "\0", "on": "never"}),
        ("rulebook", {"text": "\0", "on": "9999-12-31"}),
        ("day_sheet", {"date": "2026-13-01", "machine": "Q"}),
    ],
)
def test_nonsense_in_an_address_is_no_failure(manager, facility, name, query):
    assert manager.get(reverse(name), query).status_code == 200
