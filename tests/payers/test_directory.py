"""Whom to call: who decides first, then the narrowest; and what is reported as wrong."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import Role
from accounts.proposals import ChangeRefused
from payers.directory.actions import answer_report, open_reports, report_wrong
from payers.directory.lookup import DirectoryBook
from payers.models import AuthorizationPolicy, DirectoryEntry
from seeds.reference.loader import load_reference
from tests import factories as make

pytestmark = pytest.mark.django_db
DAY = date(2026, 10, 5)


@pytest.fixture
def policy(plan):
    rows = AuthorizationPolicy.objects.filter(plan=plan)
    rows.update(manager="eviCore", phone="555-555-0100")
    return rows.get()


def test_who_decides_comes_first_then_the_narrowest(plan, policy):
    payer = make.DirectoryEntryFactory(payer=plan.payer, phone="555-555-0101", fax="555-555-0109")
    narrow = make.DirectoryEntryFactory(payer=None, plan=plan, phone="555-555-0102")
    manager = make.DirectoryEntryFactory(payer=None, manager="EVICORE", phone="555-555-0103")
    make.DirectoryEntryFactory(payer=None, manager="Carelon", phone="555-555-0104")
    call = DirectoryBook(DAY).whom_to_call(plan, policy)
    assert call.entries == (manager, narrow, payer)
    assert (call.phone, call.first("fax")) == ("555-555-0103", "555-555-0109")
    assert call.hours == "Mon–Fri 07:00–19:00 (Chicago time)"


def test_a_manager_for_one_payer_is_not_called_about_another(plan, policy):
    make.DirectoryEntryFactory(payer=make.PayerFactory(key="far", name="Far"), manager="eviCore")
    call = DirectoryBook(DAY).whom_to_call(plan, policy)
    assert (call.entries, call.phone) == ((), "555-555-0100")
    assert not DirectoryBook(DAY).whom_to_call(None, policy)


def test_no_other_number_stands_in_for_the_physicians_line(plan):
    make.DirectoryEntryFactory(payer=plan.payer)
    assert DirectoryBook(DAY).whom_to_call(plan, None).peer_to_peer_phone == ""


def test_an_ended_entry_is_not_called(plan):
    make.DirectoryEntryFactory(payer=plan.payer, effective_through=date(2026, 10, 4))
    assert not DirectoryBook(DAY).whom_to_call(plan, None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"payer": None},
        {"phone": "", "hours": "", "time_zone": ""},
        {"phone": "call us"},
        {"time_zone": ""},
        {"time_zone": "Nowhere/Town"},
        {"portal_url": "javascript:alert(1)"},
        {"electronic_payer_id": "a b"},
        {"source": ""},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_the_database_refuses_nonsense(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        make.DirectoryEntryFactory(**wrong)


def test_one_entry_is_about_one(plan):
    with pytest.raises(IntegrityError), transaction.atomic():
        make.DirectoryEntryFactory(payer=plan.payer, plan=plan)
    make.DirectoryEntryFactory(payer=plan.payer)
    with pytest.raises(IntegrityError), transaction.atomic():
        make.DirectoryEntryFactory(payer=plan.payer)


def test_a_report_waits_on_the_administrators_home_until_it_is_answered(front_desk, person, plan):
    entry = make.DirectoryEntryFactory(payer=plan.payer)
    page = reverse("directory_report", args=[entry.pk])
    front_desk.post(page, {"words": "Nobody answers"})
    again = front_desk.post(page, {"words": "Nobody answers"})
    assert "it waits for an administrator" in again.content.decode()
    report, keeper = entry.reports.get(), person(Role.ADMINISTRATOR)
    assert [row.url for row in open_reports()] == [reverse("directory_answer", args=[report.pk])]
    answer_report(report=report, answer="A new number is entered", by=keeper)
    assert open_reports() == []
    assert "A new number is entered" in front_desk.get(reverse("payer_directory")).content.decode()
    with pytest.raises(ChangeRefused, match="has answered this"):
        answer_report(report=report, answer="Again", by=keeper)


def test_the_administrator_finds_it_on_home(client_of, plan):
    make.DirectoryReportFactory(entry__payer=plan.payer, what="Rings out")
    home = client_of(Role.ADMINISTRATOR).get(reverse("home")).content.decode()
    assert "Rings out" in home
    assert "Reported as wrong by" in home


def test_who_only_reads_reports_nothing_and_who_keeps_no_books_answers_nothing(person, plan):
    report = make.DirectoryReportFactory(entry__payer=plan.payer)
    with pytest.raises(ChangeRefused, match="only reads"):
        report_wrong(entry=report.entry, what="Wrong", by=person(Role.AUDITOR))
    with pytest.raises(ChangeRefused, match="Only administrators"):
        answer_report(report=report, answer="Right", by=person(Role.FRONT_DESK))


def test_it_stands_beside_the_request_its_list_and_the_course(front_desk, approved, policy):
    make.DirectoryEntryFactory(payer=approved.plan.payer, phone="555-555-0177")
    pages = (
        reverse("authorization_detail", args=[approved.pk]),
        reverse("authorization_list"),
        reverse("course_detail", args=[approved.course_id]),
    )
    for page in pages:
        assert "555-555-0177" in front_desk.get(page).content.decode(), page


def test_the_book_holds_no_made_up_number(db):
    load_reference()
    numbers = set(DirectoryEntry.objects.values_list("phone", flat=True))
    assert numbers == {"888-397-8129", "877-454-8365"}
