"""What every list page has in common: labels in words, files offered in one way."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from accounts.models import Role
from tests import factories as make
from tests.support.permissions import OPENS

pytestmark = pytest.mark.django_db
LISTS = [name for name in OPENS if name.endswith("_list")]


@pytest.mark.parametrize("name", LISTS)
def test_every_filter_of_a_list_has_a_name(client_of, name):
    readers, _ = OPENS[name]
    role = Role.MANAGER if Role.MANAGER in readers else min(readers)
    page = client_of(role).get(reverse(name))
    assert page.status_code == 200
    assert "invalid name" not in page.content.decode()


def name_of(response) -> str:
    return response["Content-Disposition"].split('"')[1]


def test_a_file_is_named_after_what_it_holds_and_one_day(client_of, approved, treat, course):
    treat(course)
    line = approved.lines.get(code="77387").pk
    held = reverse("authorization_ledger", args=[approved.pk, line, "held"])
    day = {"export": "csv", "table": "gaps", "facility": "MAIN", "date": "2026-10-05"}
    manager = client_of(Role.MANAGER)
    today = localdate(timezone=course.facility.tz)
    asked = {"export": "csv"}
    ledger = f"request-{approved.pk}-held-ledger-{today}.csv"
    assert name_of(manager.get(held, asked)) == ledger
    assert name_of(manager.get(reverse("reconciliation"), day)) == (
        "reconciliation-main-gaps-2026-10-05.csv"
    )
    waiting = {**asked, "table": "waiting"}
    assert name_of(manager.get(reverse("batch_list"), waiting)) == f"batches-waiting-{today}.csv"
    editions = reverse("admin:coding_codeedition_changelist")
    found = name_of(client_of(Role.ADMINISTRATOR).get(editions, asked))
    assert found.startswith("code-editions-20")


def test_an_empty_ledger_offers_no_files(client_of, approved):
    line = approved.lines.get(code="77387").pk
    address = reverse("authorization_ledger", args=[approved.pk, line, "held"])
    assert "export=csv" not in client_of(Role.CODER).get(address).content.decode()


@pytest.mark.parametrize("name", ["course_list", "charge_list", "code_list"])
def test_a_line_of_files_is_not_printed_and_says_aloud_of_what(client_of, approved, treat, name):
    treat(approved.course)
    make.ProcedureCodeFactory()
    page = client_of(Role.CODER).get(reverse(name)).content.decode()
    (line,) = re.findall(r'<p class="(list-downloads[^"]*)">(.*?)</p>', page, re.DOTALL)
    assert "no-print" in line[0]
    assert f'visually-hidden">, {name.split("_")[0]}s</span>' in line[1]
