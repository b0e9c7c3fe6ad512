"""No silent widening: whatever a filter does not know, it says so and shows nothing, everywhere."""

from __future__ import annotations

import pytest
from django.urls import reverse

from authorizations.dashboards.views import DashboardFilter
from authorizations.models import Charge, ChargeStatus, RememberedView
from tests import factories as make
from tests.support.lists import LISTS

pytestmark = pytest.mark.django_db
NONSENSE = ("999999", "bogus", "²", "R99", "-1", "9" * 5000, "2026-99-99")
HARMLESS = {"sort", "group"}  # the order and the grouping show no row more or less
NAMES = [(page, name) for page, kind in LISTS.items() for name in kind.base_filters]
# Every other parameter of an address that narrows what a page shows.
OTHERS = [
    *(("payer_dashboard", {}, name) for name in DashboardFilter.base_fields),
    *(("payer_scorecard", {"key": "aetna"}, name) for name in DashboardFilter.base_fields),
    *(("payer_dashboard_rows", {"figure": "open"}, name) for name in DashboardFilter.base_fields),
    *(
        ("payer_dashboard_rows", {"figure": "open"}, name)
        for name in ("payer", "lob", "by", "of", "part")
    ),
    *(("day_sheet", {}, name) for name in ("facility", "date", "machine")),
    *(("reconciliation", {}, name) for name in ("facility", "date")),
    *(("charge_many", {}, name) for name in ("course", "rule")),
    ("column_mapping", {}, "facility"),
    ("code_list", {}, "on"),
    ("rulebook", {}, "on"),
    ("code_detail", {"code": "77387"}, "on"),
    ("code_detail", {"code": "77387"}, "beside"),
    ("payer_detail", {"key": "aetna"}, "on"),
]


@pytest.fixture
def full(course, approved, treat):
    """A department of which every list shows something."""
    make.ProcedureCodeFactory(code="77387")
    return treat(course, 3)


def says_so(response, shown: int) -> bool:
    return shown == 0 and "is not known here" in response.content.decode()


@pytest.mark.parametrize(("page", "name"), NAMES)
def test_no_filter_of_a_list_widens_it(manager, full, page, name):
    address = reverse(page)
    rows = len(manager.get(address).context["table"].data)
    assert rows
    for text in NONSENSE:
        response = manager.get(address, {name: text})
        table = response.context["table"]
        if name in HARMLESS:
            assert len(table.data) == rows
            continue
        assert len(table.data) == 0, f"{name}={text[:20]}"
        assert "not known here" in response.content.decode() or table.data.data.query.is_empty()
        assert manager.get(address, {name: text, "export": "csv"}).status_code == 400


@pytest.mark.parametrize(("page", "path", "name"), OTHERS)
def test_no_other_address_means_something_else_than_it_says(manager, full, page, path, name):
    address = reverse(page, kwargs=path)
    assert manager.get(address).status_code == 200
    for text in NONSENSE:
        response = manager.get(address, {name: text})
        words = response.content.decode()
        is_refused = response.status_code == 400 or "figures_not_known" in str(
            [template.name for template in response.templates]
        )
        assert is_refused, f"{name}={text[:20]}"
        assert shown(text) in words or "calendar" in words, f"{name}={text[:20]}"
        files = manager.get(address, {name: text, "export": "csv"})
        assert files.status_code == 400, f"{name}={text[:20]}"


def shown(text: str) -> str:
    return text if len(text) <= 40 else text[:40] + "…"


@pytest.mark.parametrize("query", ["payer=999999", "queue=bogus", "rule=R99", "since=2026-99-99"])
def test_nothing_is_done_with_a_view_that_is_not_known(manager, full, query):
    Charge.objects.update(status=ChargeStatus.READY)
    asked = {"scope": "view", "query": query}
    response = manager.post(reverse("charge_release_many"), asked)
    assert response.status_code == 400
    assert "Nothing is shown and nothing was done" in response.content.decode()
    assert set(Charge.objects.values_list("status", flat=True)) == {ChargeStatus.READY}


def test_a_view_that_is_not_known_is_not_remembered(manager, full):
    manager.get(reverse("charge_list"), {"status": "ready"})
    manager.get(reverse("charge_list"), {"payer": "999999"})
    assert RememberedView.objects.get().query == "status=ready"


@pytest.mark.parametrize("per_page", ["-1", "0", "1", "100000"])
def test_nobody_else_says_how_long_a_page_is(manager, full, per_page):
    for page in ("course_list", "authorization_list", "batch_list"):
        table = manager.get(reverse(page), {"per_page": per_page}).context["table"]
        assert table.paginator.per_page == 50
    rows = reverse("payer_dashboard_rows", args=["open"])
    assert manager.get(rows, {"per_page": per_page}).context["table"].paginator.per_page == 50


def test_the_worklist_begins_with_who_is_under_treatment_longest(manager, facility, plan):
    from datetime import timedelta

    from django.utils import timezone

    today = timezone.localdate()
    for days in (10, -8, -17):
        course = make.CourseFactory(
            facility=facility, first_fraction_on=today + timedelta(days=days)
        )
        make.CoverageFactory(patient=course.patient, plan=plan)
    asked = {"queue": "unauthorized"}
    page = manager.get(reverse("course_list"), asked)
    starts = [row.record.first_fraction_on - today for row in page.context["table"].page]
    assert [start.days for start in starts] == [-17, -8, 10]
    file = manager.get(reverse("course_list"), {**asked, "export": "csv"})
    lines = b"".join(file.streaming_content).decode().splitlines()[1:]
    codes = [row.record.code for row in page.context["table"].page]
    assert [next(c for c in codes if c in line) for line in lines] == codes
