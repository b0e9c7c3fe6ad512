"""A front desk's own workbook: sheet, headings, dates, words; mended in place, sent again."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, time

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from authorizations.exchange.sheet_tables import read_sheet_table
from authorizations.models import PriorAuthorization, SheetMatch
from tests import factories as make
from tests.support.spreadsheets import HEADING as FULL_HEADING
from tests.support.spreadsheets import apply, as_csv, preview
from tests.support.spreadsheets import rows as rows

pytestmark = pytest.mark.django_db
HEADING = ("Pt Name", "MR #", "Ins", "CPT", "Auth #", "Visits", "Eff Date", "Exp Date", "Status",
           "Approved on", "Notes")  # fmt: skip


@pytest.fixture(autouse=True)
def _kept(settings, tmp_path):
    settings.DOCUMENT_ROOT = tmp_path


@pytest.fixture
def own_row(course):
    return ["Ada Invent", course.patient.mrn, "", "77387-26", "BC 555", "28", "10/13/2026",
            "12/31/2026", "Auth", "09/30/2026", ""]  # fmt: skip


def workbook(rows, title="2026", above=()) -> Workbook:
    book = Workbook()
    book.active.title = title
    for row in [*above, HEADING, *rows]:
        book.active.append(list(row))
    return book


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sentences(response):
    return [(r.line, r.sentence) for r in response.context["report"].refused]


def again(client, response, **typed):
    return apply(client, response, look="1", **typed)


def test_the_sheet_of_the_desk_is_read_by_mrn_and_coverage(front_desk, own_row, course, plan):
    response = preview(front_desk, as_csv([own_row], HEADING))
    assert sentences(response) == []
    apply(front_desk, response)
    request = PriorAuthorization.objects.get()
    line = request.lines.get()
    assert (request.course, request.plan, request.number) == (course, plan, "BC 555")
    assert (line.code, line.modifier, line.units_approved) == ("77387", "26", 28)
    assert (line.valid_from, line.valid_through) == (date(2026, 10, 13), date(2026, 12, 31))


def test_title_and_blank_rows_keep_the_numbers_people_see(front_desk, own_row):
    bad = [*own_row[:1], "NOBODY", *own_row[2:]]
    book = workbook([own_row, [], [], bad], above=[["Prior authorizations 2026"], []])
    response = preview(front_desk, saved(book), "own.xlsx")
    assert response.context["heading_row"] == 3
    [(number, sentence)] = sentences(response)
    assert number == 7
    assert sentence.startswith("No course here goes on for this MRN")
    assert response.context["without_course"] == 1


def test_the_visible_sheet_is_read_named_and_another_chosen(front_desk, own_row):
    book = workbook([own_row], "Old")
    book["Old"].sheet_state = "hidden"
    for name, count in (("Now", 2), ("Next year", 0)):
        sheet = book.create_sheet(name)
        sheet.append(list(HEADING))
        for number in range(count):
            sheet.append([*own_row[:4], f"N{number}", *own_row[5:]])
    book.active = book["Now"]
    response = preview(front_desk, saved(book), "own.xlsx")
    assert (response.context["sheet"], response.context["sheets"]) == ("Now", ("Now", "Next year"))
    assert response.context["rows"] == 2
    other = again(front_desk, response, sheet="Next year")
    assert (other.context["sheet"], other.context["rows"]) == ("Next year", 0)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("#N/A", "shows the error #N/A"),
        (1234567890123456789, "more than 15 digits"),
        ("=A1&B1", "a formula without a result"),
    ],
)
def test_a_cell_without_a_value_costs_its_row_only(front_desk, own_row, value, said):
    book = workbook([own_row, own_row])
    book.active.cell(row=3, column=5).value = value
    response = preview(front_desk, saved(book), "own.xlsx")
    [(number, sentence)] = sentences(response)
    assert (number, said in sentence) == (3, True), sentence
    assert response.context["added"] == 1


def test_merged_and_hidden_rows_are_said(front_desk, own_row):
    book = workbook([own_row, own_row])
    book.active.merge_cells("B2:B3")
    book.active.row_dimensions[2].hidden = True
    response = preview(front_desk, saved(book), "own.xlsx")
    assert [n for n, said in sentences(response) if "merged with others" in said] == [3]
    assert "1 hidden row is read, too" in response.content.decode()


def test_refused_cells_are_mended_in_place(front_desk, own_row):
    own_row[3] = "7738726"
    response = preview(front_desk, as_csv([own_row], HEADING))
    assert [number for number, _ in sentences(response)] == [2]
    place = HEADING.index("CPT")
    mended = again(front_desk, response, **{f"cell-2-{place}": "77387-26"})
    assert sentences(mended) == []
    apply(front_desk, mended)
    assert PriorAuthorization.objects.get().lines.get().code == "77387"


def test_refused_rows_come_back_with_their_reasons_and_are_sent_again(front_desk, own_row):
    good = [*own_row[:4], "G1", *own_row[5:]]
    own_row[1] = "NOBODY"
    response = preview(front_desk, as_csv([own_row, good], HEADING))
    answer = apply(front_desk, response, look="", refused="1")
    heading, row = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert heading[-1] == "Reason refused"
    assert row[:-1] == own_row
    assert row[-1].startswith("No course here")
    row[1] = good[1]
    sent = preview(front_desk, as_csv([[*row[:-1], "mended"]], heading))
    assert sentences(sent) == []


def test_dates_that_nothing_decides_are_asked_about(front_desk, own_row):
    own_row[6], own_row[7], own_row[9] = "10/09/2026", "12/10/2026", "09/08/2026"
    response = preview(front_desk, as_csv([own_row], HEADING))
    assert "read in two ways" in response.content.decode()
    assert len(sentences(response)) == 1
    chosen = again(front_desk, response, order="mdy")
    assert sentences(chosen) == []


def test_headings_dates_and_words_are_matched_once(front_desk, own_row, facility):
    heading = ["Whatever" if name == "CPT" else name for name in HEADING]
    own_row[8] = "OK'd"
    response = preview(front_desk, as_csv([own_row], heading))
    assert "No column is chosen for: code" in response.content.decode()
    looked = again(front_desk, response, **{"column-code": "3", "word:status:ok d": "approved"})
    assert sentences(looked) == []
    told = {"column-code": "3", "word:status:ok d": "approved", "remember": facility.code}
    apply(front_desk, looked, **told)
    match = SheetMatch.objects.get()
    assert match.columns["code"] == "Whatever"
    assert match.words == {"status": {"ok d": "approved"}}
    next_week = preview(front_desk, as_csv([own_row], heading))
    assert next_week.context["unchanged"] == 1


def test_a_match_of_another_facility_is_neither_used_nor_replaced(front_desk, own_row, elsewhere):
    make.SheetMatchFactory(facility=elsewhere, columns={"mrn": "Pt Name"})
    response = preview(front_desk, as_csv([own_row], HEADING))
    apply(front_desk, response, remember="OTHER")
    assert SheetMatch.objects.get().columns == {"mrn": "Pt Name"}
    assert PriorAuthorization.objects.exists()


def test_a_submission_keeps_its_time_of_day(front_desk, rows, course):
    book = Workbook()
    book.active.append(list(FULL_HEADING))
    book.active.append([*rows[1][:6], datetime(2026, 9, 28, 16, 35), *rows[1][7:]])
    apply(front_desk, preview(front_desk, saved(book), "own.xlsx"))
    received = PriorAuthorization.objects.get().received_on.astimezone(course.facility.tz)
    assert received.time() == time(16, 35)
    assert received.astimezone(UTC).date() == date(2026, 9, 28)


def test_semicolons_part_the_columns(front_desk, own_row):
    text = "\n".join(";".join(row) for row in (HEADING, own_row))
    assert sentences(preview(front_desk, text.encode())) == []


def as_excel_saves(exported: bytes, writing: str) -> tuple[bytes, str]:
    """Our own file opened in Excel and saved: typed cells, or a CSV with American dates."""
    heading, *lines = csv.reader(io.StringIO(exported.decode("utf-8-sig")))
    typed = [[excel_value(cell) for cell in line] for line in lines]
    if writing == "xlsx":
        book = Workbook()
        for row in (heading, *typed):
            book.active.append(row)
        return saved(book), "back.xlsx"
    separator = {"csv": ",", "semicolons": ";"}[writing]
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator)
    american = [[f"{c:%m/%d/%Y}" if isinstance(c, datetime) else c for c in row] for row in typed]
    writer.writerows([heading, *american])
    return b"\xef\xbb\xbf" + out.getvalue().encode(), "back.csv"


def excel_value(cell: str) -> object:
    if len(cell) == 10 and cell[4] == cell[7] == "-":
        return datetime.fromisoformat(cell)
    return int(cell) if cell.isdigit() and not cell.startswith("0") else cell


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    writing=st.sampled_from(["xlsx", "csv", "semicolons"]),
    note=st.text(st.characters(codec="utf-8", categories=["L", "N", "P"]), max_size=20),
)
def test_the_way_to_excel_and_back_changes_nothing(front_desk, approved, writing, note):
    approved.lines.update(reason=note)
    exported = front_desk.get(reverse("authorization_export")).content
    response = preview(front_desk, *as_excel_saves(exported, writing))
    assert sentences(response) == []
    assert (response.context["unchanged"], response.context["updated"]) == (2, 0)


def test_a_file_of_another_kind_is_named(front_desk):
    files = {
        b"%PDF-1.7\n": "This is a PDF. It is a document: attach it",
        b"ISA*00*          *00*  ~GS*HP*A~ST*835*0001~": "This is X12 835, a remittance",
        b"ISA*00*          *00*  ~GS*HI*A~ST*278*0001~": "This is X12 278, an authorization",
        b'{"resourceType": "ClaimResponse"}': "This is a FHIR resource (ClaimResponse)",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600: "the format before 2007",
        b"<html><table>": "This is a web page",
    }
    for content, said in files.items():
        form = preview(front_desk, content).context["form"]
        assert said in form.errors["file"][0], form.errors


def test_the_last_sheet_row_that_repeats_the_headings_is_passed_over():
    table = read_sheet_table(b"MRN,CPT,Status\n1,2,a\nMRN,CPT,Status\n3,4,b\n", "a.csv")
    assert [line.number for line in table.below(1)] == [2, 4]


@pytest.mark.parametrize("name", ["changes.json", "../changes.json", ""])
def test_the_name_of_a_file_is_only_a_name(front_desk, own_row, name):
    response = preview(front_desk, as_csv([own_row], HEADING), name or "x")
    assert response.context["rows"] == 1
    assert sentences(again(front_desk, response)) == []


@pytest.mark.parametrize(
    "typed",
    [
        {"heading": "10000"},
        {"heading": "0"},
        {"heading": "²"},
        {"sheet": "nowhere"},
        {"order": "ymd-x"},
        {"column-mrn": "9" * 40},
        {"word:status:auth": "nonsense"},
        {"word::": "approved"},
        {"cell-999999-9999": "x"},
        {"cell-2-0": "\x00" * 3},
        {"remember": "NOWHERE"},
        {"remember": "9" * 5000},
    ],
)
@pytest.mark.parametrize("verb", ["look", "write", "refused"])
def test_nonsense_beside_a_sheet_is_answered_in_words(front_desk, own_row, typed, verb):
    response = preview(front_desk, as_csv([own_row], HEADING))
    answer = front_desk.post(
        reverse("authorization_import_apply"),
        {"ticket": response.context["ticket"], "read_sheet": response.context["sheet"],
         "read_heading": str(response.context["heading_row"]), verb: "1", **typed},
    )  # fmt: skip
    assert answer.status_code in (200, 302, 400, 422)
