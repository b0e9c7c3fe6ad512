"""Every table of every page comes as CSV and as a workbook; a new one without files fails here."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import AccessEvent
from accounts.past.middleware import KEY
from tests import factories as make
from tests.support.tables import TABLES

pytestmark = pytest.mark.django_db
TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
OFFERED = re.compile(r'components/downloads\.html" with table="([\w-]+)"')
NAMED = re.compile(r'(?:_policy_rows|_units_cut)\.html" with [^%]*?\bname="([\w-]+)"')

# role, page, its arguments, query, the table of the page
# Pages whose tables are whole only in a case this file does not build: empty here, but they answer.
MAY_BE_EMPTY = {
    "clocks",
    "breaches",
    "sites",
    "techniques",
    "reasons",
    "parts",
    "corrections",
    "weeks",
    "editions",
}
# Lists that the tests of downloads and of the admin's files walk offer their files themselves.
LISTS = {
    "django_tables2/ledger.html",
    "authorizations/charges/_queue_table.html",
    "admin/book_history.html",
}
NO_ROWS_OF_THEIR_OWN = {
    "admin/payers/policy_publish.html": "a question: what would change if this were published",
    "authorizations/charges/_charge_body.html": "a sum of one line, each part a link to its list",
    "authorizations/day_list/_day_list.html": "a form over the worklists, whose lists offer files",
    "authorizations/imports/_planned_rows.html": "a look before an upload; then it is a list",
    "authorizations/prior_authorizations/authorization_decide.html": "a form",
    "authorizations/imports/authorization_import_preview.html": "a look before an upload",
    "authorizations/prior_authorizations/_request_lines.html": "a form",
    "authorizations/prior_authorizations/authorization_packet.html": "a packet to print",
    "authorizations/prior_authorizations/authorization_recode.html": "a proposal for one request",
    "authorizations/charges/charge_many.html": "a question before many are moved",
    "authorizations/charges/charge_release_many.html": "a question before many are released",
    "authorizations/imports/column_mapping.html": "the first line of an upload",
    "authorizations/imports/sender_mapping.html": "what stands in a sample message",
    "authorizations/treatments/day_sheet.html": "a form; the reconciliation lists its rows",
    "authorizations/treatments/day_sheet_paper.html": "an empty form to print",
    "authorizations/treatments/paper_entry.html": "a form",
    "authorizations/worklists/_found_patients.html": "as search.html",
    "authorizations/worklists/search.html": "what was searched for never stands in an address",
    "coding/_rule_rows.html": "its pages offer it: the rulebook, a code",
    "payers/_may_we_bill_reasons.html": "an answer: its address is sent, or it is printed",
    "payers/may_we_bill.html": "a sum of one line",
    "components/bar_chart.html": "its pages offer it as “parts”",
    "components/data_table.html": "its pages offer it as “weeks”",
}


@pytest.fixture
def numbers(course, facility, plan, approved, treat, coder, elsewhere):
    """One row at least for each table, and a stranger's rows at another facility."""
    session = treat(course)[0]
    session.refresh_from_db()
    charge = session.charges.get()
    for each, where in ((session, facility), (stranger(elsewhere, plan), elsewhere)):
        other = each.charges.first() or make.ChargeFactory(
            session=each, facility=where, plan=plan, status="held", **returned(each)
        )
        make.ChangedVerdictFactory(charge=other)
        event, alone = {"charge": other, "new_status": "held"}, {"alone": ["confirm-own-override"]}
        make.ChargeEventFactory(verb="dispute", **event)
        make.ChargeEventFactory(verb="confirm_override", details=alone, **event)
        make.TreatmentRecordFactory(facility=where, session=each, course=each.course)
        make.ColumnMappingFactory(facility=where)
        make.SheetMatchFactory(facility=where)
    run = make.ImportRunFactory()
    make.ImportedRowFactory(run=run, session=session, outcome="recorded")
    make.ImportedRowFactory(run=run, outcome="refused", sentence="=no such course", session=None)
    make.RejudgeRunFactory(finished_at=timezone.now())
    code = make.ProcedureCodeFactory(code="77387", kind="guidance")
    make.CodeEditionFactory(code=code)
    make.ModifierFactory()
    make.PairEditFactory()
    make.DutySettingFactory()
    make.KnownPayerErrorFactory(payer=plan.payer)
    make.DirectoryEntryFactory(payer=plan.payer)
    make.ProposedChangeFactory(took_effect_alone=True, facility=facility)
    make.PublishedMetricFactory(payer=plan.payer)
    batch = make.BatchFactory(facility=facility, payer=plan.payer)
    released = {"released_at": timezone.now(), "released_by": coder.user, "status": "released"}
    charge_of(course, plan, 9, batch=batch, **released)
    charge_of(course, plan, 8, **released)
    charge_of(course, plan, 10, status="held", **returned(session))
    return {
        "payer": plan.payer.key, "run": run, "batch": batch.pk, "course": course.pk,
        "patient": course.patient_id,
        "request": approved.pk, "line": session.authorized_service_id, "charge": charge.pk,
    }  # fmt: skip


def charge_of(course, plan, fraction, **given):
    facility = course.facility
    session = make.GuidanceSessionFactory(course=course, facility=facility, fraction=fraction)
    return make.ChargeFactory(session=session, facility=facility, plan=plan, **given)


def returned(session) -> dict[str, object]:
    return {
        "returned_to": "therapist", "returned_at": session.started_at,
        "returned_by": session.recorded_by, "return_reason": "Shifts",
    }  # fmt: skip


def stranger(where, plan):
    patient = make.PatientFactory(last_name="Stranger")
    course = make.CourseFactory(facility=where, patient=patient)
    make.PriorAuthorizationFactory(course=course, plan=plan, facility=where)
    return make.GuidanceSessionFactory(course=course, facility=where, modalities=["cbct"])


@pytest.fixture
def page_of(client_of, numbers):
    """A person's page with that table: client and address."""

    def find(role: str, name: str, keys: tuple[str, ...]):
        client = client_of(role)
        run = numbers["run"]
        run.started_by = client.user
        run.save()
        found = [run.pk if key == "run" else numbers.get(key, key) for key in keys]
        return client, reverse(name, args=found)

    return find


def csv_of(response) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode()
    return list(csv.reader(io.StringIO(text, newline="")))


def sheet_of(response) -> list[tuple]:
    content = b"".join(response.streaming_content)
    return list(load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))


@pytest.mark.parametrize(
    ("role", "name", "keys", "query", "table"), TABLES, ids=[f"{t[1]}:{t[4]}" for t in TABLES]
)
def test_a_table_comes_as_csv_and_as_a_workbook(page_of, role, name, keys, query, table):
    client, url = page_of(role, name, keys)
    lines = csv_of(client.get(url, {**query, "export": "csv", "table": table}))
    sheet = sheet_of(client.get(url, {**query, "export": "xlsx", "table": table}))
    assert lines[0] == list(sheet[0])
    assert len(lines) == len(sheet)
    assert len(lines) > 1 or table in MAY_BE_EMPTY
    assert "Stranger" not in str(lines)
    assert not any(cell.startswith(("=", "+", "@")) for line in lines for cell in line)
    taken = AccessEvent.objects.filter(by=client.user, page=name)
    assert [(e.action, e.rows) for e in taken] == [("export", len(lines) - 1)] * 2
    page = client.get(url, query).content.decode()
    link = f"export=csv&amp;table={table}" in page or f"table={table}&amp;export=csv" in page
    assert link or table in MAY_BE_EMPTY
    assert client.get(url, {**query, "export": "csv", "table": "nonsense"}).status_code == 404


def test_the_page_and_its_file_hold_the_same_rows(page_of):
    for role, name in (("coder", "code_list"), ("coder", "changed_list"), ("coder", "payer_list")):
        client, url = page_of(role, name, ())
        shown = client.get(url).content.decode().count("<tr data-row>")
        assert len(csv_of(client.get(url, {"export": "csv"}))) - 1 == shown, name


def test_the_filter_of_the_page_is_the_filter_of_the_file(page_of):
    client, url = page_of("coder", "rulebook", ())
    query = {"on": "2026-10-05", "text": "R43"}
    page = client.get(url, query).content.decode()
    assert "text=R43" in re.search(r'href="([^"]*export=csv[^"]*)"', page).group(1)
    found = csv_of(client.get(url, {**query, "export": "csv"}))
    assert [line[0] for line in found] == ["rule", "R43"]


def test_more_conflicts_than_the_page_shows_are_all_in_the_file(page_of, facility, monkeypatch):
    monkeypatch.setattr("authorizations.imports.run_views.MOST_CONFLICTS", 2)
    for _ in range(4):
        make.TreatmentRecordFactory(facility=facility)
    client, url = page_of("coder", "conflict_list", ())
    assert client.get(url).content.decode().count("data-row") == 2
    assert len(csv_of(client.get(url, {"export": "csv"}))) == 6


def test_tables_of_the_past_hold_the_past(page_of, facility):
    client, url = page_of("coder", "conflict_list", ())
    session = client.session
    session[KEY] = timezone.now().isoformat()
    session.save()
    make.TreatmentRecordFactory(facility=facility)
    page = client.get(url).content.decode()
    assert len(csv_of(client.get(url, {"export": "csv"}))) - 1 == page.count("data-row")


def templates() -> dict[str, str]:
    return {
        str(path.relative_to(TEMPLATES)): path.read_text() for path in TEMPLATES.rglob("*.html")
    }


def test_no_table_stands_on_a_page_without_its_files():
    bare = {
        name
        for name, text in templates().items()
        if re.search(r"<table\b", text) and "components/downloads.html" not in text
    }
    assert bare - LISTS == set(NO_ROWS_OF_THEIR_OWN)


def test_every_table_offered_is_tried_here():
    offered = {table for text in templates().values() for table in OFFERED.findall(text)}
    given = {table for text in templates().values() for table in NAMED.findall(text)}
    assert given
    assert offered | given == {table for *_, table in TABLES}
