"""Treatments as HL7 v2 messages: the same sessions as from CSV, every refusal with its line."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from authorizations.exchange.hl7 import FileRefused, read_messages
from authorizations.exchange.treatments_hl7 import parse_messages
from authorizations.imports.actions import read_and_import
from authorizations.models import GuidanceSession, ImportedRow
from tests import factories as make
from tests.support.hl7_messages import message

MONDAY = date(2026, 10, 5)


def read(text: str) -> list:
    return list(parse_messages(text.encode()))


@pytest.fixture
def take(course, approved, coder):
    """Import messages as a file; answer what became of it."""

    def run(*texts: str):
        content = "".join(texts).encode()
        return read_and_import([content], by=coder.user, on=MONDAY + timedelta(days=30))

    return run


@pytest.mark.django_db
def test_a_message_becomes_a_session_with_its_charge(course, take):
    assert take(message(course)).recorded == 1
    session = GuidanceSession.objects.get()
    assert session.course == course
    assert session.started_at.astimezone(course.facility.tz).strftime("%H:%M") == "09:00"
    assert [str(session.shift_lr_mm), session.modalities] == ["1.2", ["cbct"]]
    assert session.charges.count() == 1
    assert ImportedRow.objects.get().kept == "ZRV|1|kept as it came"


@pytest.mark.django_db
def test_the_same_record_by_csv_by_hand_and_by_message_is_one_session(course, take, treat):
    by_hand = treat(course, reviewed=False)[0]
    take(message(course))
    take(message(course, control="C2"))
    session = GuidanceSession.objects.get()
    assert (session.pk, session.source_record) == (by_hand.pk, "R1")


@pytest.mark.django_db
def test_an_offset_that_is_not_the_facilitys_is_refused(course, take):
    plan = take(message(course, moment="20261005090000+0900"))
    assert [row.kind for row in plan.refused] == ["bad_zone"]


@pytest.mark.django_db
def test_nobody_lies_on_two_machines_at_once(course, take):
    course.facility.machines = ["TB1", "TB2"]
    course.facility.save()
    other = make.CourseFactory(
        patient=course.patient, facility=course.facility, first_fraction_on=MONDAY
    )
    there = f"{course.facility.code}^TB2"
    plan = take(message(course), message(other, record="R2", control="C2", place=there))
    assert [(row.record, row.kind) for row in plan.refused] == [("R2", "two_machines")]
    later = message(other, record="R3", place=there, moment="20261005091500", IMAGE_TIME="09:10")
    assert take(later).recorded == 1


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"kind": "ADT^A08^ADT_A01"}, "other_message"),
        ({"charge": "AJ"}, "other_transaction"),
        ({"moment": "05/10/2026 09:00"}, "bad_date"),
        ({"moment": "20261305090000"}, "bad_date"),
        ({"unit": "cm"}, "bad_unit"),
        ({"SHIFT_LR": "1,2"}, "bad_shift"),
        ({"SHIFT_LR": "120"}, "huge_shift"),
        ({"IMAGE_MODALITY": "telepathy"}, "bad_modality"),
        ({"FRACTION": ""}, "fraction_out_of_range"),
        ({"record": ""}, "blank_record"),
    ],
)
def test_what_cannot_be_taken_is_refused_alone_with_its_line(changes, kind):
    wrong, good = read(message(**changes) + message(record="R2", control="C2"))
    assert (wrong.kind, good.record) == (kind, "R2")
    assert wrong.line in (1, 5)
    assert wrong.sentence.endswith(".")


def test_a_message_without_its_charge_says_that_it_is_cut_off():
    cut = message().split("FT1|")[0]
    assert [row.kind for row in read(cut + message(record="R2"))[:1]] == ["cut_off"]


@pytest.mark.parametrize("cut", [1, 40, 120, 300])
def test_a_file_cut_off_within_a_segment_is_refused_whole(cut):
    with pytest.raises(FileRefused, match="cut off"):
        read((message() + message(record="R2"))[:-cut].rstrip("\r"))


def test_a_batch_with_fewer_messages_than_its_trailer_says_is_refused():
    batch = f"BHS|^~\\&|RV\r{message()}BTS|2\r"
    with pytest.raises(FileRefused, match="holds 1"):
        read(batch)


def test_another_character_set_is_read_as_the_header_names_it():
    text = message(THERAPIST="Zoë Ray").replace("|P|2.5.1", "|P|2.5.1||||||8859/1", 1)
    assert next(parse_messages(text.encode("iso-8859-1"))).therapist == "Zoë Ray"
    with pytest.raises(FileRefused, match="Line 15"):
        list(parse_messages(message(THERAPIST="Zoë Ray").encode("iso-8859-1")))


def test_escapes_and_own_delimiters_are_read():
    text = message(THERAPIST="Ray\\T\\Gant")
    assert read(text)[0].therapist == "Ray&Gant"
    assert read(text.replace("|", "#").replace("^", "!"))[0].therapist == "Ray&Gant"


@given(st.binary(max_size=300))
def test_whatever_comes_is_read_or_refused(noise):
    content = b"MSH|^~\\&|" + noise
    with suppress(FileRefused):
        assert read_messages(content)[0].header.name == "MSH"


@pytest.mark.django_db
def test_each_message_is_answered_beside_the_file(course, approved, tmp_path: Path):
    path = tmp_path / "day.hl7"
    bad = message(course, record="R2", control="C2", unit="cm", FRACTION="2")
    path.write_text(message(course) + bad, newline="")
    call_command("import_treatments", path, "--as-of", "2026-11-23")
    answered = read_messages((tmp_path / "day.hl7.ack").read_bytes())
    assert [(m.text("MSA", 1), m.text("MSA", 2)) for m in answered] == [("AA", "C1"), ("AE", "C2")]
    assert "Send millimetres" in answered[1].text("ERR", 8)
    assert answered[0].text("MSH", 5) == "RV"


@pytest.mark.django_db
def test_a_watched_folder_is_emptied_into_done_and_refused(course, approved, tmp_path: Path):
    (tmp_path / "day.hl7").write_text(message(course), newline="")
    (tmp_path / "cut.hl7").write_text(message(course)[:-9], newline="")
    (tmp_path / "notes.txt").write_text("not for us")
    call_command("watch_treatments", tmp_path, "--once")
    left = sorted(str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*") if p.is_file())
    assert left == [
        "done/day.hl7",
        "done/day.hl7.ack",
        "notes.txt",
        "refused/cut.hl7",
        "refused/cut.txt",
    ]
    assert GuidanceSession.objects.count() == 1
