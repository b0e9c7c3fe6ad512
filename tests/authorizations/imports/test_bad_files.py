"""Files as they should not be: each is refused with its line, its reason and its remedy."""

from __future__ import annotations

import time

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from authorizations.exchange.row_reader import FileRefused
from authorizations.exchange.sheet_tables import read_sheet_table
from authorizations.exchange.treatments_csv import parse_treatments
from authorizations.exchange.treatments_hl7 import parse_messages
from authorizations.imports.file_reader import FileReader
from authorizations.imports.uploads import set_aside
from authorizations.models import GuidanceSession, ImportRun
from tests.support.hl7_messages import message
from tests.support.treatment_pages import HEADING
from tests.support.treatment_rows import ROW


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ((HEADING + ROW).encode("latin-1"), "Line 2 is not in UTF-8 (byte 0xeb"),
        ((HEADING + ROW).encode("utf-16"), "Line 1 begins a file in UTF-16"),
        ((HEADING + ROW).encode("utf-16-le"), "UTF-16 without its mark"),
        ((HEADING + ROW).encode("utf-16-be"), "UTF-16 without its mark"),
        (HEADING.encode() + b"R1,\0\n", "Line 2 holds a zero byte"),
    ],
    ids=["latin-1", "utf-16", "utf-16-le", "utf-16-be", "zero-byte"],
)
def test_another_encoding_is_named_with_its_line_and_remedy(content, said):
    with pytest.raises(FileRefused) as refusal:
        list(parse_treatments(content))
    assert said in str(refusal.value)
    assert "CSV UTF-8 and try again" in str(refusal.value)


def test_utf_8_with_its_mark_is_read():
    assert next(parse_treatments((HEADING + ROW).encode("utf-8-sig"))).therapist == "Zoë Ray"


@pytest.mark.parametrize("written", ["03/04/2026", "3.4.2026", "04-03-2026", "20261005"])
def test_a_date_that_is_not_ours_is_refused_never_guessed(written):
    row = next(parse_treatments((HEADING + ROW.replace("2026-10-05", written)).encode()))
    assert (row.kind, row.line, row.record) == ("bad_date", 2, "R1")
    assert "Write it as 2026-11-20" in row.sentence


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("0.37", "bad_shift"),
        ("9999", "huge_shift"),
        ("1e1", "bad_shift"),
        ("1_0", "bad_shift"),
        ("٣", "bad_shift"),
        ("1e999999", "bad_shift"),
        ("NaN", "bad_shift"),
    ],
)
def test_shifts_that_are_no_millimetres_are_refused(written, kind):
    row = next(parse_treatments((HEADING + ROW.replace("1.0", written)).encode()))
    assert row.kind == kind
    assert row.sentence.endswith(".")


def test_centimetres_in_millimetres_are_met_with_the_mapping():
    row = next(parse_treatments((HEADING + ROW.replace("1.0", "0.37")).encode()))
    assert "If the file is in cm, say so in the facility's column mapping" in row.sentence


@pytest.mark.parametrize(("column", "kind"), [("action", "bad_action"), ("changed_at", "bad_time")])
def test_what_an_extra_column_may_say(column, kind):
    text = HEADING.strip() + f",{column}\n" + ROW.strip() + ",yesterday\n"
    assert next(parse_treatments(text.encode())).kind == kind


def test_a_message_without_a_real_time_is_refused_with_its_line():
    text = message().replace("EVN|P03|20261005090000", "EVN|P03|20261305")
    row = next(parse_messages(text.encode()))
    assert (row.kind, row.line) == ("bad_date", 5)


@pytest.mark.django_db
def test_a_file_of_two_hundred_megabytes_is_refused_by_its_size_alone(facility, tmp_path):
    path = tmp_path / "years.csv"
    with path.open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    with pytest.raises(CommandError, match="has 200 MB; at most 40 MB"):
        call_command("import_treatments", path)
    call_command("watch_treatments", tmp_path, "--once")
    assert "Export fewer days" in (tmp_path / "refused" / "years.txt").read_text()
    assert not ImportRun.objects.exists()


@pytest.mark.django_db
def test_a_message_cut_off_in_the_middle_writes_nothing_of_it(course, approved, tmp_path, capsys):
    path = tmp_path / "day.hl7"
    path.write_text((message(course) + message(course, record="R2"))[:-40], newline="")
    call_command("import_treatments", path)
    assert "cut off" in capsys.readouterr().err
    assert [s.source_record for s in GuidanceSession.objects.all()] == ["R1"]
    assert "MSA|AR|C1" in path.with_name("day.hl7.ack").read_text()


LARGE = 3_000_000  # characters; uploads may have three times as many


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("record_id," * (LARGE // 10), "Line 1 has 300001 cells; at most 500"),
        ("," * LARGE, "Line 1 has 3000001 cells"),
        (HEADING + "," * LARGE, "Line 2 has 3000001 cells"),
        (HEADING + "a,\n" * (LARGE // 3), "The file has 1000001 lines; at most 250000"),
        ("\n" * LARGE, "The file has 3000000 lines"),
        ('"a\n",' * 100_000, "cells; at most 500"),
        ("MSH|^~\\&|a\r" + "PID|\r" * (LARGE // 5), "more than 500000 segments"),
    ],
    ids=["wide heading", "commas", "wide line", "short lines", "empty lines", "quoted", "segments"],
)
def test_no_shape_of_a_text_holds_up_the_server(content, said):
    """A heading of a million names made a page that took minutes; each door asks the shape."""
    begun = time.monotonic()
    with pytest.raises(FileRefused, match=said):
        FileReader(allowed=()).read(content.encode())
    if not content.startswith("MSH"):
        with pytest.raises(FileRefused, match=said):
            read_sheet_table(content.encode(), "sheet.csv")
    assert time.monotonic() - begun < 5


@pytest.mark.django_db
def test_a_heading_too_wide_is_refused_on_the_page_of_columns(manager, facility):
    """A file set aside is read again there, with whatever delimiter the form names."""
    ticket = set_aside([("a.csv", b"when;" * 600)], manager.user)
    form = {"ticket": ticket, "delimiter": "semicolon", "facility": facility.pk}
    answer = manager.post(reverse("column_mapping"), form)
    assert answer.status_code == 200
    assert "Line 1 has 601 cells" in answer.content.decode()
