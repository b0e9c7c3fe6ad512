"""What a file may hold: each value read strictly, each fault told with its row, nothing raised."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from django.core.management import call_command

from accounts.models import Facility, Provider
from authorizations.exchange.bounds import UNREADABLE
from authorizations.exchange.column_mapping import read_mapped
from authorizations.exchange.column_matching import match_columns
from authorizations.exchange.hl7_acknowledgements import acknowledgements
from authorizations.exchange.hl7_framing import read_messages
from authorizations.exchange.row_reader import FileRefused, Line
from authorizations.exchange.sheet_rows import SheetReading, our_rows
from authorizations.exchange.sheet_tables import read_sheet_table
from authorizations.exchange.treatments_csv import (
    LONGEST,
    LONGEST_RECORD,
    RefusedRow,
    TreatmentRow,
    parse_treatments,
)
from authorizations.exchange.treatments_hl7 import parse_messages
from authorizations.imports import file_reader as reading_files
from authorizations.imports.actions import read_and_import
from authorizations.imports.file_reader import FileReader
from authorizations.imports.plan import plan_import
from authorizations.models import (
    Course,
    GuidanceSession,
    Patient,
    TreatmentRecord,
)
from tests import factories as make
from tests.support.hl7_messages import message
from tests.support.mapped_files import MAPPED
from tests.support.treatment_pages import HEADING, line
from tests.support.treatment_rows import ROW

MACHINE, FACILITY = GuidanceSession._meta.get_field("machine"), Facility._meta.get_field("code")


def read(old: str, new: str) -> TreatmentRow | RefusedRow:
    """The row of a file with one of its cells changed."""
    assert old in ROW
    return next(parse_treatments((HEADING + ROW.replace(old, new, 1)).encode()))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("08:56", "20261125", "Image time “20261125” is not a time"),
        ("08:56", "14:56Z", "is not a time of the facility"),
        ("09:00", "15:00Z", "is not a time of the facility"),
        ("09:00", "09:00-06:00", "is not a time of the facility"),
        ("09:00", "25:99", "is not a time"),
        ("09:00", "٠٩:٠٠", "is not a time"),
        ("1.0,-2.0", "1_0,-2.0", "is not a number of mm"),
        ("1.0,-2.0", "1e1,-2.0", "is not a number of mm"),
        ("77407", "77407-TC", "“77407-TC” is not a code of five characters"),
        ("2026-10-05", "0001-01-01", "not plausible"),
        ("K1,1,1", "K1,1_0,1", "is not a whole number"),
        ("K1,1,1", "K1," + "9" * 5000 + ",1", "is not a whole number"),
        ("K1,1,1", "K1,²,1", "is not a whole number"),
        ("TB1", "T" * 17, "is longer than 16 characters"),
        ("Zoë Ray", "Zoë\x07Ray", "holds a character that cannot be printed"),
        ("Zoë Ray", "1720000011.0", "is not a name"),
        ("Zoë Ray,,", "Zoë Ray,12,", "is not an NPI"),
        ("M1", "M" * 21, "is longer than 20 characters"),
    ],
)
def test_a_value_no_column_can_hold_refuses_its_row(old, new, said):
    found = read(old, new)
    assert isinstance(found, RefusedRow)
    assert said in found.sentence
    assert len(found.sentence) <= 300


@pytest.mark.parametrize(
    ("old", "new", "name", "value"),
    [
        ("K1,1,1", "K1,26.0,1", "fraction", 26),
        ("Zoë Ray", "N/A", "therapist", ""),
        ("Zoë Ray", '""""""', "therapist", ""),
        ("Zoë Ray", "-", "therapist", ""),
        ("Zoë Ray,,", "Zoë Ray,1720000011.0,", "reviewer_npi", "1720000011"),
        ("yes", "YES", "is_delivered", True),
        ("cbct", "CBCT", "modalities", ("cbct",)),
        ("Zoë Ray", '"Zoë" Ray', "therapist", "Zoë Ray"),
    ],
)
def test_what_people_and_spreadsheets_write_is_read(old, new, name, value):
    assert getattr(read(old, new), name) == value


def test_lengths_are_those_of_the_database():
    fields = {
        "facility": FACILITY,
        "machine": MACHINE,
        "mrn": Patient._meta.get_field("mrn"),
        "course": Course._meta.get_field("code"),
        "therapist": Provider._meta.get_field("name"),
        "reviewed_by": Provider._meta.get_field("name"),
    }
    assert {name: field.max_length for name, field in fields.items()} == LONGEST
    for model, name in ((TreatmentRecord, "record"), (GuidanceSession, "source_record")):
        assert model._meta.get_field(name).max_length == LONGEST_RECORD
    assert GuidanceSession._meta.get_field("delivery_code").max_length == 5


def test_a_stray_quotation_mark_costs_no_other_row():
    rows = ROW.replace("Zoë", '"Zo"ë') + ROW.replace("R1", "R2") + 'R3,"MAIN\n'
    found = list(parse_treatments((HEADING + rows + ROW.replace("R1", "R4")).encode()))
    assert [item.record for item in found if isinstance(item, TreatmentRow)] == ["R1", "R2", "R4"]
    assert [(item.line, item.kind) for item in found if isinstance(item, RefusedRow)] == [
        (4, "bad_columns")
    ]


def mapped(image_time: str, start: str = "09:00", on: str = "10/05/2026") -> Line | tuple:
    text = (HEADING + ROW).replace("2026-10-05", on).replace("08:56", image_time)
    return next(read_mapped(text.replace("09:00", start).encode(), MAPPED))


@pytest.mark.parametrize(
    "image_time",
    ["08:56", "8:56 AM", "10/05/2026 8:56", "10/05/2026 13:56Z", "10/05/2026T08:56:00-05:00"],
)
def test_a_time_with_its_day_and_offset_is_put_on_the_facility_s_clock(image_time):
    assert mapped(image_time).cells["image_time"][:5] == "08:56"


@pytest.mark.parametrize(
    ("image_time", "start", "said"),
    [
        ("10/04/2026 8:56", "09:00", "is of another day than the treatment"),
        ("08:56", "10/06/2026 9:00", "is of another day than the treatment"),
        ("13:56Z", "09:00", "is not a time of the facility"),
        ("10/06/2026 02:00Z", "09:00", ""),
    ],
)
def test_another_day_in_a_time_refuses_the_row(image_time, start, said):
    found = mapped(image_time, start)
    if said:
        assert said in found[1].sentence
    else:
        assert found.cells["image_time"][:5] == "21:00"


# --- two messages in one line


def test_two_messages_put_together_are_two_of_two_patients():
    first = message(record="Q1", control="C1").rstrip("\r").removesuffix("ZRV|1|kept as it came")
    second = message(record="Q2", control="C2").replace("||M1^", "||M2^").replace("K1", "K2")
    text = first.rstrip("\r") + second
    rows = list(parse_messages(text.encode()))
    assert [(row.record, row.mrn, row.course) for row in rows] == [
        ("Q1", "M1", "K1"),
        ("Q2", "M2", "K2"),
    ]
    line_of_both = [m.header.line for m in read_messages(text.encode())][1]
    refused = {(line_of_both, "C2"): ("bad_shift", "Not taken.")}
    acks = acknowledgements(text.encode(), refused, datetime(2026, 10, 5, tzinfo=UTC))
    told = [ack for ack in acks.split("\r") if ack.startswith("MSA")]
    assert told == ["MSA|AA|C1", "MSA|AE|C2"]


@pytest.mark.django_db
def test_two_messages_put_together_are_recorded_on_their_own_courses(course, approved, plan):
    other = make.CourseFactory(facility=course.facility)
    make.CoverageFactory(patient=other.patient, plan=plan)
    text = message(course, record="Q1").rstrip("\r") + message(other, record="Q2")
    read_and_import([text.encode()], by=make.UserFactory())
    found = dict(GuidanceSession.objects.values_list("source_record", "course__code"))
    assert found == {"Q1": course.code, "Q2": other.code}


def test_a_hospital_called_msh_in_a_field_begins_no_message():
    text = message().replace("HERE^TB1", "MSH^TB1").replace("kept as it came", "MSH|||||")
    assert len(read_messages(text.encode())) == 1


def test_an_unforeseen_error_is_a_refusal_and_the_log_keeps_the_content_out(monkeypatch, caplog):
    def broken(_content):
        raise TypeError("Specimen, Robin 70000001")

    monkeypatch.setattr(reading_files, "is_hl7", broken)
    reader = FileReader.__new__(FileReader)
    reader.mappings, reader.facility, reader.notes = [], "", []
    with pytest.raises(FileRefused) as refusal:
        reader.read(b"Specimen")
    assert str(refusal.value) == UNREADABLE
    assert "TypeError" in caplog.text
    assert "Specimen" not in caplog.text


@pytest.mark.django_db
def test_the_watcher_goes_on_and_names_what_it_set_aside(course, approved, tmp_path, monkeypatch):
    (tmp_path / "a.csv").write_text(HEADING + line(course, "R1").replace("09:00", "15:00Z"))
    (tmp_path / "b.csv").write_text("MARK" + HEADING)
    (tmp_path / "c.csv").write_text(HEADING + line(course, "R2", "2"))
    whole = reading_files.is_ours

    def broken(text: str) -> bool:
        if text.startswith("MARK"):
            raise RecursionError
        return whole(text)

    monkeypatch.setattr(reading_files, "is_ours", broken)
    said = io.StringIO()
    call_command("watch_treatments", tmp_path, "--once", stderr=said)
    assert "a.csv line 2: bad_time" in said.getvalue()
    assert "b.csv: set aside." in said.getvalue()
    assert (tmp_path / "refused" / "b.txt").exists()
    assert [s.source_record for s in GuidanceSession.objects.all()] == ["R2"]


@pytest.mark.django_db
def test_a_session_long_before_its_course_and_a_false_npi_are_refused(course, approved):
    early = line(course).replace("2026-10-05", "2025-10-05")
    false = line(course, "R2").replace("Mina Gant,,", "Mina Gant,1720000012,")
    plan = plan_import([(HEADING + early + false).encode()])
    assert [row.kind for row in plan.rows] == ["before_course", "bad_npi"]


@pytest.mark.django_db
def test_a_command_limited_to_a_facility_leaves_other_courses_to_theirs(
    course, approved, elsewhere, tmp_path
):
    path = tmp_path / "day.csv"
    path.write_text(HEADING + line(course))
    call_command("import_treatments", path, facility="OTHER")
    assert not GuidanceSession.objects.exists()


def test_columns_chosen_by_hand_may_be_anything():
    table = read_sheet_table(b"MRN,CPT\n1,2\n", "a.csv")
    with pytest.raises(FileRefused, match="No column is chosen"):
        list(our_rows(table, SheetReading(1, match_columns(table.lines[0].cells))))


@pytest.mark.django_db
def test_a_course_is_known_by_its_patient_and_number(course, approved, plan):
    other = make.CourseFactory(facility=course.facility, code=course.code)
    make.CoverageFactory(patient=other.patient, plan=plan)
    text = HEADING + line(course) + line(other, "R2")
    read_and_import([text.encode()], by=make.UserFactory())
    found = dict(GuidanceSession.objects.values_list("source_record", "course"))
    assert found == {"R1": course.pk, "R2": other.pk}
