"""The lists of the admin as files, and who read a patient's row there."""

from __future__ import annotations

import csv
import io

import pytest
from django.contrib import admin
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import AccessEvent, Role
from payers.models import CodingPolicy
from tests import factories as make
from tests.support.books import CASES, pages

pytestmark = pytest.mark.django_db


def lines(response) -> list[list[str]]:
    text = b"".join(
        piece.encode() if isinstance(piece, str) else piece for piece in response.streaming_content
    ).decode()
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.fixture
def keeper(client_of, facility):
    """An administrator who also reads the cases of one facility."""
    client = client_of(Role.ADMINISTRATOR)
    make.MembershipFactory(user=client.user, role=Role.AUDITOR, facility=facility)
    return client


@pytest.mark.parametrize("model", list(admin.site._registry), ids=lambda m: m._meta.model_name)
def test_every_list_of_the_admin_comes_as_files(keeper, model):
    address = reverse(f"{pages(model)}_changelist")
    table = lines(keeper.get(address, {"export": "csv"}))
    sheet = keeper.get(address, {"export": "xlsx"})
    book = load_workbook(io.BytesIO(b"".join(sheet.streaming_content)))
    assert table[0] == [cell.value for cell in book.active[1]]
    assert len(table) - 1 == AccessEvent.objects.filter(action="export").first().rows


def test_the_file_holds_the_rows_of_the_filters_on_all_pages_in_words(administrator, monkeypatch):
    book = admin.site.get_model_admin(CodingPolicy)
    monkeypatch.setattr(type(book), "list_per_page", 2)
    for topic, value in (
        ("surface_guidance", "billable"),
        ("proton_guidance", "not_billable"),
        ("diagnosis_order", "z510_first"),
        ("timely_filing", "90 days"),
    ):
        make.CodingPolicyFactory(topic=topic, value=value)
    make.CodingPolicyFactory(topic="modifier_26", value="either")
    address, asked = reverse("admin:payers_codingpolicy_changelist"), {"topic": "modifier_26"}
    page = administrator.get(address, asked).content.decode()
    assert "topic=modifier_26&amp;export=csv" in page
    assert len(lines(administrator.get(address, {"export": "csv"}))) == 6
    (_, found) = lines(administrator.get(address, {**asked, "export": "csv"}))
    assert found[1:4] == ["Modifier 26 on 77387", "with or without", "yes"]


def test_a_file_is_refused_where_the_list_is(client_of, coder, course):
    courses = reverse("admin:authorizations_course_changelist")
    assert client_of(Role.ADMINISTRATOR).get(courses, {"export": "csv"}).status_code == 403
    assert coder.get(courses, {"export": "csv"}).status_code == 302
    assert not AccessEvent.objects.filter(action="export").exists()


def test_a_filter_that_is_none_gives_no_file(administrator):
    address = reverse("admin:payers_plan_changelist")
    assert administrator.get(address, {"export": "csv", "nonsense": "1"}).status_code == 404


def test_a_window_exports_its_facilities_only_and_the_taking_is_kept_once(keeper, course):
    make.CourseFactory()
    courses = reverse("admin:authorizations_course_changelist")
    table = lines(keeper.get(courses, {"export": "csv"}))
    assert [line[0] for line in table[1:]] == [course.code]
    taken = AccessEvent.objects.filter(by=keeper.user)
    assert [(event.action, event.rows) for event in taken] == [("export", 1)]


@pytest.mark.parametrize("page", ["change", "history"])
def test_who_opens_a_patients_row_in_the_admin_is_remembered(keeper, course, approved, treat, page):
    session = treat(course)[0]
    rows = dict(zip(CASES, (course, approved, session, session.charges.get()), strict=True))
    for name, row in rows.items():
        assert keeper.get(reverse(f"{pages(row)}_{page}", args=[row.pk])).status_code == 200, name
    read = AccessEvent.objects.filter(by=keeper.user, patient_number=course.patient_id)
    assert [event.page.rsplit("_", 2)[1] for event in read.order_by("pk")] == list(CASES)


def test_the_history_of_a_row_comes_as_a_file(administrator):
    policy = make.CodingPolicyFactory()
    policy.note = "seen again"
    policy.save()
    address = reverse("admin:payers_codingpolicy_history", args=[policy.pk])
    table = lines(administrator.get(address, {"export": "csv"}))
    assert [line[2] for line in table] == ["what", "note: empty → seen again", "Added"]
    assert "export=csv" in administrator.get(address).content.decode()


def test_a_list_shows_how_well_a_row_is_known_in_short_and_its_file_in_full(administrator):
    make.CodingPolicyFactory(confidence="B")
    address = reverse("admin:payers_codingpolicy_changelist")
    assert '<td class="field-level">B</td>' in administrator.get(address).content.decode()
    heading, row = lines(administrator.get(address, {"export": "csv"}))
    assert dict(zip(heading, row, strict=True))["confidence"].startswith("B – specialty society")
