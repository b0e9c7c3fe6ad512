"""Where a CMS release fits among what is there, and what is not taken for granted of a file."""

from __future__ import annotations

import zipfile
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from coding.code_page import page_of
from coding.models import (
    FeeScheduleRow,
    GeographicIndex,
    HospitalPayment,
    PairEdit,
    ProcedureCode,
    UnitLimit,
)
from tests import factories as make
from tests.support.published_files import mue_book, run

pytestmark = pytest.mark.django_db

HEADING = (
    ",,2026 National Physician Fee Schedule Relative Value File,,,,,,,,,,,,\n"
    "HCPCS,MOD,DESCRIPTION,CODE,PAYMENT,RVU,PE RVU,INDICATOR,PE RVU,INDICATOR,RVU,TOTAL,TOTAL,"
    "IND,DAYS\n"
)
LINE = "77387,26,X,A,,0.68,{pe},,{pe},,0.03,1.09,1.09,1,XXX\n"


@pytest.fixture
def book(db):
    for code in ("77387", "77014", "77301"):
        make.ProcedureCodeFactory(code=code)


@pytest.fixture
def written(tmp_path):
    def write(text: str, name: str = "PPRRVU.csv"):
        path = tmp_path / name
        path.write_text(text)
        return path

    return write


def both(command: str, path, **options) -> str:
    """Preview and then apply: the preview says what is applied, and writes nothing."""
    preview = run(command, path, **options)
    applied = run(command, path, apply=True, **options)
    assert preview.split("Nothing written")[0].split("Applied")[0] == applied.split("Applied")[0]
    return applied


def spans(model, **which):
    rows = model.objects.filter(**which).order_by("effective_from")
    return [(str(row.effective_from), str(row.effective_through)) for row in rows]


def test_an_older_release_ends_the_day_before_the_next_edition_begins(book, written):
    make.FeeScheduleRowFactory(effective_through=date(2026, 12, 31))
    both("import_fee_schedule", written(HEADING + LINE.format(pe="0.40")), on="2025-10-01")
    assert spans(FeeScheduleRow) == [("2025-10-01", "2025-12-31"), ("2026-01-01", "2026-12-31")]


def test_a_release_between_two_ends_where_the_second_begins(book, written):
    make.UnitLimitFactory(code="77387", units=1, effective_from=date(2026, 1, 1))
    UnitLimit.objects.update(effective_through=date(2026, 3, 31))
    make.UnitLimitFactory(code="77387", units=1, effective_from=date(2026, 7, 1))
    path = written("", "mue.xlsx")
    path.write_bytes(mue_book([["77387", 2, "3 Date of Service Edit: Clinical", "Clinical"]]))
    both("import_unit_limits", path, table="practitioner", on="2026-04-01")
    assert spans(UnitLimit) == [
        ("2026-01-01", "2026-03-31"),
        ("2026-04-01", "2026-06-30"),
        ("2026-07-01", "None"),
    ]


def test_a_row_goes_on_after_a_release_that_states_its_last_day(book, written):
    make.FeeScheduleRowFactory(effective_through=date(2026, 12, 31))
    path = written(HEADING + LINE.format(pe="0.40"))
    both("import_fee_schedule", path, on="2026-04-01", effective_through=date(2026, 6, 30))
    found = FeeScheduleRow.objects.order_by("effective_from").values_list("practice_rvu", flat=True)
    assert list(found) == [Decimal("0.38"), Decimal("0.40"), Decimal("0.38")]
    assert spans(FeeScheduleRow)[2] == ("2026-07-01", "2026-12-31")


def test_relative_values_end_with_their_year(book, written):
    make.FeeScheduleRowFactory()
    both("import_fee_schedule", written(HEADING + LINE.format(pe="0.40")))
    assert spans(FeeScheduleRow)[-1] == ("2026-10-01", "2026-12-31")
    assert not FeeScheduleRow.objects.in_force(date(2027, 2, 1)).exists()


def test_an_open_row_that_the_release_repeats_ends_with_the_year_too(book, written):
    make.FeeScheduleRowFactory(confidence="A", component_indicator="1", global_days="XXX")
    both("import_fee_schedule", written(HEADING + LINE.format(pe="0.38")))
    assert spans(FeeScheduleRow) == [("2026-01-01", "2026-12-31")]


def test_a_corrected_edition_replaces_the_values_of_its_day(book, written):
    both("import_fee_schedule", written(HEADING + LINE.format(pe="0.38")))
    both("import_fee_schedule", written(HEADING + LINE.format(pe="0.41")))
    assert FeeScheduleRow.objects.get().practice_rvu == Decimal("0.41")


def test_an_end_before_the_beginning_is_refused(book, written):
    with pytest.raises(CommandError, match="is before"):
        run(
            "import_fee_schedule", written(HEADING + LINE.format(pe="0.4")),
            effective_through=date(2026, 1, 1),
        )  # fmt: skip


def test_what_the_database_refuses_is_said_in_the_preview(book, written):
    path = written(HEADING + LINE.format(pe="999999.00"))
    with pytest.raises(CommandError, match=r"database refuses a row.*Nothing was changed"):
        run("import_fee_schedule", path)


def test_two_different_lines_of_one_code_are_refused(book, written):
    path = written(HEADING + LINE.format(pe="0.38") + LINE.format(pe="0.39"))
    with pytest.raises(CommandError, match="lists 77387 26 twice"):
        run("import_fee_schedule", path)


def test_na_is_kept_and_nothing_is_priced_there(book, written):
    rows = "77387,,X,A,,0.68,0.38,,0.38,NA,0.03,1.09,1.09,1,XXX\n" + LINE.format(pe="0.38")
    both("import_fee_schedule", written(HEADING + rows))
    make.ConversionFactorFactory()
    row = FeeScheduleRow.objects.get(modifier="")
    assert (row.is_priced_in_facility, row.is_priced_outside_facility) == (False, True)
    assert row.facility_practice_rvu is None
    page = page_of(ProcedureCode.objects.get(code="77387"), date(2026, 10, 1))
    shown = page.values()["National Medicare amount", "Global"]
    assert "$36.41" in shown
    assert "not priced in a facility (NA)" in shown


@pytest.mark.parametrize("position", [1, 2, 3, 5, 6, 7, 8, 9, 10, 13, 14])
def test_every_used_heading_is_checked(book, written, position):
    title, heading, _ = HEADING.split("\n")
    cells = heading.split(",")
    cells[position] = "OTHER"
    with pytest.raises(CommandError, match=f"column {position + 1} should be"):
        run("import_fee_schedule", written(f"{title}\n{','.join(cells)}\n{LINE.format(pe=1)}"))


def test_half_a_file_is_asked_about(book, written):
    for number in range(11):
        make.FeeScheduleRowFactory(code=f"770{number:02}")
        make.ProcedureCodeFactory(code=f"770{number:02}")
    make.FeeScheduleRowFactory()
    path = written(HEADING + LINE.format(pe="0.40"))
    for apply in (False, True):
        with pytest.raises(CommandError, match="this file lists 1 of the 12 codes in force"):
            run("import_fee_schedule", path, apply=apply)
    assert not FeeScheduleRow.objects.exclude(effective_through=None).exists()
    said = both("import_fee_schedule", path, confirm_ends=True)
    assert "11 end" in said
    assert said.index("ends 2026-09-30") < said.index("becomes")


def release_zip(path, *names: str):
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            text = HEADING + LINE.format(pe="0.40") if name.endswith(".csv") else "HDR\n" * 900
            archive.writestr(name, text)
    return path


def test_the_zip_of_a_release_is_read_by_the_name_of_its_table(book, tmp_path):
    path = release_zip(
        tmp_path / "rvu26d.zip", "RVU/PPRRVU2026_Oct_nonQPP.csv", "RVU/PPRRVU2026_Oct_QPP.csv",
        "RVU/PPRRVU2026_Oct_nonQPP.txt", "GPCI2026.csv", "OPPSCAP_Oct.csv", "26LOCCO.csv",
        "ANES2026.csv",
    )  # fmt: skip
    assert "Read PPRRVU2026_Oct_nonQPP.csv from rvu26d.zip" in both("import_fee_schedule", path)


def test_a_zip_without_the_table_names_what_it_holds(book, tmp_path):
    path = release_zip(tmp_path / "rvu26d.zip", "GPCI2026.csv", "OPPSCAP_Oct.csv")
    with pytest.raises(CommandError, match=r"holds GPCI2026\.csv, OPPSCAP_Oct\.csv, and not"):
        run("import_fee_schedule", path)


def test_the_fixed_width_form_is_said(book, tmp_path):
    path = release_zip(tmp_path / "rvu26d.zip", "PPRRVU2026_Oct.txt")
    with pytest.raises(CommandError, match="fixed-width form"):
        run("import_fee_schedule", path)


PAIRS = (
    "CPT only copyright\t\t\t\t\t\t\n"
    "Column 1\tColumn 2\t*=in existence\tEffective\tDeletion\tModifier\tPTP Edit Rationale\n"
    "\t\tprior to 1996\tDate\tDate\t0=not allowed\t\n"
)


def pairs(written, *lines: str):
    rows = "".join(f"77301\t77387\t\t{line}\tMisuse\n" for line in lines)
    return written(PAIRS + rows, "ccipra.txt")


def test_a_pair_deleted_in_the_past_ends_on_the_day_the_file_says(book, written):
    make.PairEditFactory(column_one="77301", indicator=0)
    path = pairs(written, "20260101\t20260331\t0")
    said = both("import_pair_edits", path, table="practitioner")
    assert "ends 2026-03-31 (RETROACTIVE)" in said
    assert spans(PairEdit) == [("2026-01-01", "2026-03-31")]


def test_two_spans_of_one_pair_are_kept(book, written):
    make.PairEditFactory(column_one="77301", indicator=0)
    path = pairs(written, "20260101\t20260331\t0", "20260701\t*\t1")
    both("import_pair_edits", path, table="practitioner")
    assert spans(PairEdit) == [("2026-01-01", "2026-03-31"), ("2026-07-01", "None")]
    assert "0 begin, 0 change, 0 end" in run("import_pair_edits", path, table="practitioner")


def test_a_new_indicator_counts_from_the_release_on(book, written):
    make.PairEditFactory(column_one="77301", indicator=0)
    both("import_pair_edits", pairs(written, "20260101\t*\t1"), table="practitioner")
    assert spans(PairEdit) == [("2026-01-01", "2026-09-30"), ("2026-10-01", "None")]
    found = PairEdit.objects.order_by("effective_from").values_list("indicator", flat=True)
    assert list(found) == [0, 1]


def test_a_pair_deleted_as_it_began_was_never_in_force(book, written):
    path = pairs(written, "20260101\t20260101\t0")
    both("import_pair_edits", path, table="practitioner")
    assert not PairEdit.objects.exists()


GPCI = (
    "ADDENDUM E. GEOGRAPHIC PRACTICE COST INDICES,,,,,,\n"
    "Medicare Administrative Contractor (MAC),State,Locality Number,Locality Name,"
    "2026 PW GPCI (without 1.0 Floor),2026 PW GPCI (with 1.0 Floor),2026 PE GPCI,2026 MP GPCI\n"
    "6102,IL,16,CHICAGO*,0.990,1.012,1.044,1.800\n"
    "10112,AL,00,ALABAMA,0.981,1.000,0.869,0.575\n"
)


def test_the_indices_of_localities_are_read_and_end_with_the_year(book, written):
    both("import_geographic_indices", written(GPCI, "GPCI2026.csv"), on="2026-01-01")
    row = GeographicIndex.objects.get(locality="06102-16")
    assert (row.name, row.work, row.practice) == ("CHICAGO", Decimal("1.012"), Decimal("1.044"))
    assert row.effective_through == date(2026, 12, 31)
    assert GeographicIndex.objects.filter(locality="10112-00").exists()


def test_an_index_that_is_no_number_is_refused(book, written):
    path = written(GPCI.replace("1.044", "high"), "GPCI2026.csv")
    with pytest.raises(CommandError, match=r"line 3: practice “high” is no number"):
        run("import_geographic_indices", path)


OPPS = (
    "Addendum B,,,,,\n"
    "HCPCS Code,Short Descriptor,SI,APC,Relative Weight,Payment Rate\n"
    "77387,Somebody's wording,N,,,\n"
    '77301,Somebody\'s wording,S,5614,16.1,"$1,414.11"\n'
)


def test_what_hospitals_are_paid_is_read_and_shown(book, written):
    both("import_opps", written(OPPS, "addendum_b.csv"), on="2026-04-01")
    row = HospitalPayment.objects.get(code="77301")
    assert (row.payment_class, row.payment) == ("5614", Decimal("1414.11"))
    page = page_of(ProcedureCode.objects.get(code="77387"), date(2026, 6, 1))
    shown = page.values()["Hospital outpatient", "Medicare pays the hospital"]
    assert shown == "N packaged, reported with its charge, not paid separately"


def test_a_strange_status_indicator_is_refused(book, written):
    with pytest.raises(CommandError, match="is not a status indicator"):
        run("import_opps", written(OPPS.replace(",N,", ",??,"), "addendum_b.csv"))


def test_the_official_tables_fit_over_the_seeds(written):
    call_command("seed", verbosity=0)
    rows = "77014,26,X,A,,0.85,0.47,,0.47,,0.04,1.36,1.36,1,XXX\n"
    both("import_fee_schedule", written(HEADING + rows), on="2025-10-01", confirm_ends=True)
    both("import_fee_schedule", written(HEADING + rows), on="2025-01-01", confirm_ends=True)
    both("import_pair_edits", pairs(written, "20240101\t*\t0"), table="practitioner")
    both("import_pair_edits", pairs(written, "20150101\t20241231\t1"), table="practitioner")
    whole = FeeScheduleRow.objects.filter(code="77014", modifier="26")
    for on in (date(2025, 6, 1), date(2025, 11, 1)):
        assert whole.in_force(on).get().work_rvu == Decimal("0.85")
