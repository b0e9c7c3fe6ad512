"""A facility's own headings: matched once, remembered, and nothing guessed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from authorizations.exchange.column_mapping import (
    Mapping,
    guess_delimiter,
    match_headings,
    read_mapped,
    wrong_mapping,
)
from authorizations.exchange.row_reader import FileRefused
from authorizations.exchange.treatments_csv import RefusedRow, parse_lines
from authorizations.models import ColumnMapping, GuidanceSession
from tests import factories as make

HEADING = (
    "Tx ID;Linac;Treatment Date;Start;Patient ID;Course ID;Fx;Treated;CPT;Modality;Image Time;"
    "Vrt (cm);Lng (cm);Lat (cm);Performed By"
)
ROW = (
    "R1;TB1;10/05/2026;9:00 AM;{mrn};{course};1;Completed;77407;CBCT;8:56 AM;0,37;-0,20;0,10;M. G."
)
OURS = {
    "record_id": "Tx ID",
    "machine": "Linac",
    "date": "Treatment Date",
    "start_time": "Start",
    "mrn": "Patient ID",
    "course": "Course ID",
    "fraction": "Fx",
    "delivered": "Treated",
    "delivery_code": "CPT",
    "image_modality": "Modality",
    "image_time": "Image Time",
    "shift_ap_mm": "Vrt (cm)",
    "shift_si_mm": "Lng (cm)",
    "shift_lr_mm": "Lat (cm)",
    "therapist": "Performed By",
}
WRITING = {
    "date_format": "mdy",
    "decimal_mark": "comma",
    "delimiter": "semicolon",
    "shift_unit": "cm",
    "yes_words": "Completed, yes",
    "no_words": "Aborted",
}
MAPPING = Mapping("MAIN", OURS, "mdy", "comma", "semicolon", "cm", ("completed",), ("aborted",))


def read(row: str, mapping: Mapping = MAPPING) -> list:
    text = f"{HEADING}\n{row.format(mrn='M1', course='K1')}\n"
    return list(parse_lines(read_mapped(text.encode(), mapping)))


def test_headings_are_recognised_and_proposed():
    assert guess_delimiter(HEADING) == "semicolon"
    assert match_headings(HEADING.split(";")) == OURS


def test_a_line_is_read_as_the_mapping_says():
    (row,) = read(ROW)
    assert (row.date_of_service, row.facility) == (date(2026, 10, 5), "MAIN")
    assert [str(shift) for shift in row.shifts] == ["1", "-2", "3.7"]
    assert (row.starts.isoformat(), row.is_delivered) == ("09:00:00", True)
    assert row.modalities == ("cbct",)


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        (("10/05/2026", "2026-10-05"), "bad_date"),
        (("10/05/2026", "13/05/2026"), "bad_date"),
        (("Completed", "perhaps"), "bad_delivered"),
        (("0,37", "0.37"), "bad_shift"),
        (("0,37", "37,0"), "huge_shift"),
        (("9:00 AM", "14:00 AM"), "bad_time"),
        (("R1;", ";"), "blank_record"),
        (("R1;", "R1;;"), "bad_columns"),
    ],
)
def test_what_is_written_otherwise_is_refused_with_its_line(changes, kind):
    (row,) = read(ROW.replace(*changes))
    assert isinstance(row, RefusedRow)
    assert (row.kind, row.line) == (kind, 2)
    assert row.sentence.endswith((".", "?"))


@pytest.mark.parametrize(
    ("written", "format"),
    [
        ("05/10/2026", "dmy"),
        ("5.10.2026", "dotted"),
        ("20261005", "compact"),
        ("2026-10-05", "iso"),
    ],
)
def test_each_way_to_write_a_date_is_read_where_the_mapping_names_it(written, format):
    (row,) = read(ROW.replace("10/05/2026", written), replace(MAPPING, date_format=format))
    assert row.date_of_service == date(2026, 10, 5)


def test_a_mapping_that_contradicts_the_headings_is_refused():
    assert "says cm" in wrong_mapping(replace(MAPPING, shift_unit="mm"))[0]
    without = {ours: theirs for ours, theirs in OURS.items() if ours != "mrn"}
    assert wrong_mapping(replace(MAPPING, columns=without)) == ["Choose a column for: mrn."]
    assert wrong_mapping(replace(MAPPING, no_words=("completed",)))
    assert not wrong_mapping(MAPPING)


def test_another_heading_is_refused_with_the_remedy():
    with pytest.raises(FileRefused, match="Match the columns again"):
        list(read_mapped(b"a;b\n1;2\n", MAPPING))


@pytest.fixture
def own_file(course, approved, settings, tmp_path):
    settings.DOCUMENT_ROOT = tmp_path
    row = ROW.format(mrn=course.patient.mrn, course=course.code)
    return f"{HEADING}\n{row}\n".encode()


def choose(client, content: bytes):
    return client.post(
        reverse("treatment_import"), {"files": SimpleUploadedFile("own.csv", content)}
    )


@pytest.mark.django_db
def test_headings_are_matched_once_and_then_read_without_asking(therapist, course, own_file):
    asked = choose(therapist, own_file)
    assert "Match columns" in asked.content.decode()
    form, ticket = asked.context["form"], asked.context["ticket"]
    chosen = {f"column_{ours}": theirs for ours, theirs in OURS.items()}
    assert {name: form[name].initial for name in chosen} == chosen
    answer = chosen | WRITING | {"facility": course.facility.pk, "ticket": ticket, "save": "1"}
    looked = therapist.post(reverse("column_mapping"), answer).content.decode()
    assert "0.37 cm is 3.7 mm" in looked
    again = choose(therapist, own_file)
    therapist.post(reverse("treatment_import_apply"), {"ticket": again.context["ticket"]})
    assert str(GuidanceSession.objects.get().shift_ap_mm) == "3.7"
    assert ColumnMapping.objects.get().saved_by == therapist.user


@pytest.mark.django_db
def test_a_wrong_mapping_is_not_remembered_and_keeps_what_was_chosen(therapist, course, own_file):
    ticket = choose(therapist, own_file).context["ticket"]
    chosen = {f"column_{ours}": theirs for ours, theirs in OURS.items()}
    answer = chosen | WRITING | {"facility": course.facility.pk, "ticket": ticket, "save": "1"}
    page = therapist.post(reverse("column_mapping"), answer | {"shift_unit": "mm"})
    assert "says cm: choose that unit" in page.content.decode()
    assert page.context["form"]["column_mrn"].value() == "Patient ID"
    assert not ColumnMapping.objects.exists()


@pytest.mark.django_db
def test_the_mapping_of_another_facility_is_not_used(therapist, own_file, elsewhere):
    make.ColumnMappingFactory(facility=elsewhere, columns=OURS, **WRITING)
    assert "Match columns" in choose(therapist, own_file).content.decode()


@pytest.mark.django_db
def test_two_mappings_that_fit_ask_which_one(course, own_file, elsewhere, tmp_path):
    for facility in (course.facility, elsewhere):
        make.ColumnMappingFactory(facility=facility, columns=OURS, **WRITING)
    path = tmp_path / "own.csv"
    path.write_bytes(own_file)
    with pytest.raises(CommandError, match="Choose the facility"):
        call_command("import_treatments", path)
    call_command("import_treatments", path, facility=course.facility.code, as_of=date(2026, 11, 23))
    assert GuidanceSession.objects.get().facility == course.facility
