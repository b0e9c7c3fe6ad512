"""Every list as a file: the same rows, in scope, safe to open, written down."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import AccessEvent
from accounts.past.middleware import KEY
from authorizations.dashboards import FIGURES
from authorizations.exchange.sheets import csv_pieces, safe
from tests import factories as make

pytestmark = pytest.mark.django_db
LISTS = (
    ("manager", "course_list", "course"),
    ("manager", "authorization_list", "request"),
    ("coder", "charge_list", "charge"),
    ("coder", "batch_list", "batch"),
    ("physician", "image_review_list", "session"),
)


@pytest.fixture
def case(facility, plan):
    """One of everything, under a name a spreadsheet would run."""
    patient = make.PatientFactory(last_name='=HYPERLINK("x")', first_name="-Ann")
    course = make.CourseFactory(facility=facility, patient=patient)
    make.PriorAuthorizationFactory(course=course, plan=plan, facility=facility)
    session = make.GuidanceSessionFactory(course=course, facility=facility, modalities=["cbct"])
    make.BatchFactory(facility=facility)
    return make.ChargeFactory(session=session, plan=plan, status="held", amount=Decimal("34.50"))


def rows_of(response) -> list[dict[str, str]]:
    text = b"".join(response.streaming_content).decode()
    return list(csv.DictReader(io.StringIO(text)))


def sheet_of(response) -> list[tuple]:
    content = b"".join(response.streaming_content)
    return list(load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))


@pytest.mark.parametrize(("role", "name", "key"), LISTS)
def test_every_list_comes_as_csv_and_as_a_workbook(client_of, case, role, name, key):
    client = client_of(role)
    lines = rows_of(client.get(reverse(name), {"export": "csv"}))
    heading, *found = sheet_of(client.get(reverse(name), {"export": "xlsx"}))
    assert len(lines) == len(found) == 1
    assert list(lines[0]) == list(heading)
    assert key in heading
    exported = AccessEvent.objects.filter(by=client.user, action="export", page=name)
    assert [event.rows for event in exported] == [1, 1]
    assert not AccessEvent.objects.filter(by=client.user, action="view").exists()


def test_numbers_stay_numbers_and_no_cell_is_a_formula(coder, case):
    url = reverse("charge_list")
    line = rows_of(coder.get(url, {"export": "csv"}))[0]
    assert line["last name"] == '\'=HYPERLINK("x")'
    assert line["first name"] == "'-Ann"
    assert line["amount"] == "34.50"
    assert line["status"] == "Held"
    heading, values = sheet_of(coder.get(url, {"export": "xlsx"}))
    cell = dict(zip(heading, values, strict=True))
    assert cell["last name"] == '\'=HYPERLINK("x")'
    assert cell["amount"] == 34.5
    assert cell["units"] == 1
    assert cell["date of service"].date() == case.date_of_service


def test_a_workbook_keeps_its_headings_in_sight_and_filters_its_rows(coder, case):
    response = coder.get(reverse("charge_list"), {"export": "xlsx"})
    sheet = load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    assert sheet.freeze_panes == "A2"
    heading, first, *_ = sheet.iter_rows()
    assert sheet.auto_filter.ref == f"A1:{heading[-1].column_letter}{sheet.max_row}"
    cells = dict(zip((cell.value for cell in heading), first, strict=True))
    assert cells["date of service"].is_date
    assert cells["amount"].data_type == "n"
    assert cells["code"].data_type == "s"


def test_the_file_has_the_filters_and_the_order_of_the_page(coder, case, plan):
    session = make.GuidanceSessionFactory(
        course=case.session.course, fraction=2, date_of_service=date(2026, 10, 20)
    )
    make.ChargeFactory(
        session=session,
        plan=plan,
        status="released",
        released_at=timezone.now(),
        released_by=coder.user,
    )
    url = reverse("charge_list")
    assert len(rows_of(coder.get(url, {"export": "csv"}))) == 1  # the page itself shows open ones
    assert len(rows_of(coder.get(url, {"export": "csv", "status": "released"}))) == 1
    both = rows_of(coder.get(url, {"export": "csv", "status": "any", "sort": "-code"}))
    assert len(both) == 2
    newest = {"export": "csv", "status": "any", "sort": "-date_of_service", "page": "7"}
    assert rows_of(coder.get(url, newest))[0]["date of service"] == "2026-10-20"
    assert coder.get(url, {"export": "exe"})["Content-Type"].startswith("text/html")


def test_nothing_of_another_facility_leaves(manager, case, elsewhere):
    make.CourseFactory(facility=elsewhere)
    assert len(rows_of(manager.get(reverse("course_list"), {"export": "csv"}))) == 1


def test_a_download_of_the_past_holds_the_past(manager, case):
    moment = timezone.now()
    session = manager.session
    session[KEY] = moment.isoformat()
    session.save()
    make.CourseFactory(facility=case.facility, registered_by=manager.user)
    response = manager.get(reverse("course_list"), {"export": "csv"})
    assert f"-{timezone.localdate(moment, case.facility.tz)}.csv" in response["Content-Disposition"]
    page = manager.get(reverse("course_list")).context["table"]
    assert len(rows_of(response)) == len(page.rows)
    assert AccessEvent.objects.filter(by=manager.user, action="export").count() == 1


def test_the_page_offers_the_files(coder, case):
    page = coder.get(reverse("charge_list"), {"status": "held"}).content.decode()
    link = re.search(r'href="([^"]*export=csv[^"]*)"', page).group(1)
    assert "status=held" in link


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@x", "'@x"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("plain", "plain"),
        (-5, -5),
        (Decimal("-5.25"), "-5.25"),
        (None, None),
        (datetime(2026, 11, 20, 10), "2026-11-20 10:00:00"),
    ],
)
def test_a_cell_is_made_safe(cell, wanted):
    assert safe(cell) == wanted


def test_a_long_file_comes_in_pieces():
    pieces = list(csv_pieces(["n"], ([n] for n in range(5000))))
    assert len(pieces) == 4
    assert "".join(pieces).count("\r\n") == 5001


@pytest.mark.parametrize("figure", [figure.key for figure in FIGURES])
def test_every_figure_of_the_dashboard_comes_as_a_file(manager, case, figure):
    url = reverse("payer_dashboard_rows", args=[figure])
    page = manager.get(url).context["table"]
    lines = rows_of(manager.get(url, {"export": "csv"}))
    assert len(lines) == len(page.rows)
