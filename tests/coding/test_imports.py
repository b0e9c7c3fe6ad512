"""The quarterly CMS files: read as published, shown before applied, refused whole when bad."""

from __future__ import annotations

import zipfile
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError

from coding.models import FeeScheduleRow, PairEdit, UnitLimit
from tests import factories as make
from tests.support.published_files import book as book
from tests.support.published_files import mue_book, run

pytestmark = pytest.mark.django_db

PREAMBLE = """2026 National Physician Fee Schedule Relative Value File,,,,,,,,,,,,,,
"Copyright notice of somebody else",,,,,,,,,,,,,,
RELEASED 09/30/2026,,,,,,,,,,,,,,
,,,STATUS,NOT USED,WORK,NON-FAC,NON-FAC,FACILITY,FACILITY,MP,,,PCTC,GLOB
HCPCS,MOD,DESCRIPTION,CODE,PAYMENT,RVU,PE RVU,INDICATOR,PE RVU,INDICATOR,RVU,TOTAL,TOTAL,IND,DAYS
"""
ROWS = """77386,,Somebody's wording,I,,0,0,,0,,0,0,0,0,XXX
77387,,Somebody's wording,A,,0.68,0.40,,0.40,NA,0.03,1.11,1.11,1,XXX
77387,26,Somebody's wording,A,,0.68,0.40,,0.40,,0.03,1.11,1.11,1,XXX
99213,,Not ours,A,,1.30,1.33,,0.55,,0.10,2.73,1.95,0,XXX
"""


@pytest.fixture
def fee_file(tmp_path):
    path = tmp_path / "PPRRVU26_OCT.csv"
    path.write_text(PREAMBLE + ROWS)
    return path


def test_the_difference_is_shown_and_nothing_written_until_told(book, fee_file):
    make.FeeScheduleRowFactory(code="77387", modifier="26")
    said = run("import_fee_schedule", fee_file)
    assert "becomes" in said
    assert "1 begin, 1 change, 0 end, 0 stay" in said
    assert "Nothing written" in said
    assert FeeScheduleRow.objects.count() == 1


def test_the_old_row_closes_the_day_before_and_the_new_one_carries_its_release(book, fee_file):
    old = make.FeeScheduleRowFactory(code="77387", modifier="26")
    run("import_fee_schedule", fee_file, apply=True)
    old.refresh_from_db()
    assert old.effective_through == date(2026, 9, 30)
    new = FeeScheduleRow.objects.in_force(date(2026, 10, 1)).get(code="77387", modifier="26")
    assert new.practice_rvu == Decimal("0.40")
    assert new.release == "October 2026"
    assert new.source == "CMS PFS relative value file, October 2026"
    assert not FeeScheduleRow.objects.filter(code="99213").exists()


def test_the_wording_of_others_is_dropped_on_reading(book, fee_file):
    said = run("import_fee_schedule", fee_file, apply=True)
    assert "Somebody" not in said
    row = FeeScheduleRow.objects.first()
    assert not any("Somebody" in str(value) for value in vars(row).values())


def test_applying_twice_changes_nothing(book, fee_file):
    run("import_fee_schedule", fee_file, apply=True)
    said = run("import_fee_schedule", fee_file, apply=True)
    assert "0 begin, 0 change, 0 end, 2 stay" in said
    assert FeeScheduleRow.objects.count() == 2


def test_the_zip_is_read_as_well(book, fee_file, tmp_path):
    packed = tmp_path / "rvu26d.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(fee_file, "PPRRVU26_OCT.csv")
        archive.writestr("readme.txt", "notes")
    assert "2 begin" in run("import_fee_schedule", packed)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda text: text.replace("0.68,0.40,,0.40,NA", "lots,0.40,,0.40,NA"), "line 7"),
        (lambda text: text.replace("DESCRIPTION", "PICTURE"), "should be “DESCRIPTION”"),
        (lambda text: text.replace("HCPCS", "WHAT"), "no line begins with the heading"),
        (lambda text: "\0" + text, "is not a text file"),
    ],
)
def test_a_malformed_file_is_refused_whole_with_line_and_reason(book, fee_file, spoil, said):
    fee_file.write_text(spoil(fee_file.read_text()))
    with pytest.raises(CommandError, match="Nothing was changed") as refusal:
        run("import_fee_schedule", fee_file, apply=True)
    assert said in str(refusal.value)
    assert FeeScheduleRow.objects.count() == 0


@pytest.fixture
def mue_file(tmp_path):
    path = tmp_path / "MCR_MUE_PractitionerServices.xlsx"
    rows = [["77387", 2, "3 Date of Service Edit: Clinical", "Clinical"], ["99999", 1, "2 x", "y"]]
    path.write_bytes(mue_book(rows))
    return path


def test_a_unit_limit_table_replaces_the_last_quarter(book, mue_file):
    old = make.UnitLimitFactory(code="77387", units=1)
    gone = make.UnitLimitFactory(code="77373", units=1)
    said = run("import_unit_limits", mue_file, table="practitioner", apply=True)
    assert "0 begin, 1 change, 1 end, 0 stay" in said
    for row in (old, gone):
        row.refresh_from_db()
        assert row.effective_through == date(2026, 9, 30)
    assert UnitLimit.objects.in_force(date(2026, 10, 1)).get(code="77387").units == 2


def test_the_hospital_table_is_another_table(book, mue_file):
    with pytest.raises(CommandError, match="no column is called"):
        run("import_unit_limits", mue_file, table="outpatient_hospital")


def test_an_unknown_adjudication_indicator_is_refused(book, mue_file):
    mue_file.write_bytes(mue_book([["77387", 1, "9 something", "x"]]))
    with pytest.raises(CommandError, match="not one of the published values"):
        run("import_unit_limits", mue_file, table="practitioner", apply=True)


PTP = (
    "Column1/Column2 Edits\t\t\t\t\t\n"
    "Column 1\tColumn 2\t*=in existence prior to 1996\tEffective Date\tDeletion Date\tModifier"
    "\tPTP Edit Rationale\n"
    "77373\t77387\t\t20260101\t*\t0\tCPT/CMS instruction\n"
    "77380\t77387\t\t20260101\t20260630\t1\tEnded\n"
    "99213\t99214\t\t20260101\t*\t1\tNot ours\n"
)


@pytest.fixture
def ptp_file(tmp_path):
    path = tmp_path / "ccipra-v324r0-f1.txt"
    path.write_text(PTP)
    return path


def test_a_published_pair_is_no_longer_provisional(book, ptp_file):
    assumed = make.PairEditFactory(column_one="77373", column_two="77387", is_provisional=True)
    wrong = make.PairEditFactory(column_one="77435", column_two="77387", is_provisional=True)
    outside = make.PairEditFactory(column_one="G0339", column_two="77387", is_provisional=True)
    run("import_pair_edits", ptp_file, table="practitioner", apply=True)
    for row in (assumed, wrong, outside):
        row.refresh_from_db()
    assert not assumed.is_provisional
    assert assumed.source == "CMS NCCI PTP edits, October 2026"
    assert wrong.effective_through == date(2026, 9, 30)
    assert outside.effective_through is None
    ended = PairEdit.objects.get(column_one="77380")
    assert ended.effective_through == date(2026, 6, 30)
    assert not PairEdit.objects.filter(column_one="99213").exists()


def test_a_pair_with_a_strange_indicator_is_refused(book, ptp_file):
    ptp_file.write_text(PTP.replace("*\t0\t", "*\t7\t"))
    with pytest.raises(CommandError, match=r"line 3.*indicator “7” is unknown"):
        run("import_pair_edits", ptp_file, table="practitioner", apply=True)
    assert PairEdit.objects.count() == 0


def test_a_file_that_is_not_there_is_said(book, tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        run("import_fee_schedule", tmp_path / "nothing.csv")
