"""Treatments as HL7 v2 messages: the same sessions as from CSV, every refusal with its line."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from authorizations.exchange.hl7_framing import FileRefused, read_messages
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
    assert ImportedRow.objects.get().kept.endswith("ZRV|1|kept as it came")


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
    assert wrong.line in (1, 5)  # a message by its first line, a charge by its own
    assert wrong.sentence.endswith(".")


@pytest.mark.parametrize(
    ("start", "image", "kind"),
    [
        ("20261005090000-0500", "202610050856-0500", ""),
        ("20261005090000", "202610050856-0500", ""),
        ("20261005090000-0500", "202610050856", ""),
        ("20261005090000", "202610051356+0000", "bad_zone"),
        ("20261005090000-0500", "202610051356+0000", "bad_zone"),
    ],
)
def test_an_image_time_at_another_offset_is_not_taken_for_local(course, take, start, image, kind):
    plan = take(message(course, moment=start, IMAGE_TIME=image))
    assert [row.kind for row in plan.refused] == ([kind] if kind else [])
    if not kind:
        taken = GuidanceSession.objects.get().image_at
        assert taken.astimezone(course.facility.tz).strftime("%H:%M") == "08:56"


def test_a_message_without_its_charge_says_that_it_is_cut_off():
    cut = message().split("FT1|")[0]
    assert [row.kind for row in read(cut + message(record="R2"))[:1]] == ["cut_off"]


@pytest.mark.parametrize("cut", [2, 40, 70])
def test_a_message_cut_off_within_a_segment_is_refused_alone(cut):
    whole = message(record="R2").split("ZRV|")[0]
    good, short = read(message() + whole[:-cut].rstrip("\r"))
    assert (good.record, short.kind) == ("R1", "cut_off")


def test_a_last_segment_without_a_line_end_is_taken():
    assert [row.record for row in read(message(record="R2").rstrip("\r"))] == ["R2"]


def test_a_batch_with_fewer_messages_than_its_trailer_says_is_refused_alone():
    first = f"BHS|^~\\&|RV\r{message()}BTS|2\r"
    second = f"BHS|^~\\&|RV\r{message(record='R2', control='C2')}BTS|0001|\r"
    wrong, good = read(f"FHS|^~\\&|RV\r{first}{second}FTS|02\r")
    assert (wrong.kind, good.record) == ("batch_incomplete", "R2")
    with pytest.raises(FileRefused, match="holds 1"):
        read(f"FHS|^~\\&|RV\r{second}FTS|2\r")


def named(charset: str, text: str) -> str:
    return text.replace("|P|2.5.1", f"|P|2.5.1||||||{charset}", 1)


@pytest.mark.parametrize(
    ("said", "encoding"),
    [
        ("8859/1", "iso-8859-1"),
        ("ISO-8859-1", "iso-8859-1"),
        ("28591", "iso-8859-1"),
        ("8859/15", "iso-8859-15"),
        ("windows-1252", "cp1252"),
        ("1252", "cp1252"),
        ("UTF-8", "utf-8"),
        ("unicode utf-8", "utf-8"),
        ("65001", "utf-8"),
        ("ASCII~8859/1", "iso-8859-1"),
    ],
)
def test_a_character_set_is_known_by_name_and_by_number(said, encoding):
    text = named(said, message(THERAPIST="Zoë Ray"))
    assert next(parse_messages(text.encode(encoding))).therapist == "Zoë Ray"
    batch = f"FHS|^~\\&|RV\rBHS|^~\\&|RV\r{text}BTS|1\rFTS|1\r"
    assert next(parse_messages(batch.encode(encoding))).therapist == "Zoë Ray"


def test_one_message_in_another_character_set_costs_only_itself():
    wrong = message(record="R2", control="C2", THERAPIST="Zoë Ray").encode("iso-8859-1")
    good, bad, also = parse_messages(message().encode() + wrong + message(record="R3").encode())
    assert (good.record, bad.kind, also.record) == ("R1", "character_set", "R3")
    assert bad.sentence.startswith("Line 30 is not in UTF-8")
    unknown = next(parse_messages(named("KLINGON", message()).encode()))
    assert "KLINGON" in unknown.sentence


def test_frames_of_a_socket_are_read_from_a_file():
    frame = f"\x0b{message()}\x1c\r\x0b{message(record='R2').rstrip()}\x1c\r"
    assert [row.record for row in read(frame)] == ["R1", "R2"]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (r"Jos\XC3A9\ N", "José N"),
        (r"Jos\XC3\\XA9\ N", "José N"),
        (r"Jos\XE9\ N", r"Jos\XE9\ N"),
        (r"A\.br\B", "A B"),
        (r"A\Q9\B", r"A\Q9\B"),
        (r"A\E\R\E\B", r"A\R\B"),
        (r"\H\Ray\N\ Gant", "Ray Gant"),
        ('""', ""),
    ],
)
def test_escapes_are_written_out_and_unknown_ones_stay(said, meant):
    assert read(message(THERAPIST=said))[0].therapist == meant


def test_a_null_deletes_a_value():
    row = read(message(SHIFT_LR='""', IMAGE_TIME='""'))[0]
    assert (row.shifts[0], row.imaged) == (None, None)


@pytest.mark.parametrize(
    ("patient", "mrn"),
    [
        ("PID|1||E9^^^ENT^PI~M1^^^HOME^MR||", "M1"),
        ("PID|1||M1~E9^^^ENT^PI||", "M1"),
        ("PID|1|M1|||", "M1"),
        ('PID|1|M1|""||', "M1"),
        ("PID|1||M1^^^A^MR~M1^^^B^MR||", "M1"),
    ],
)
def test_the_mrn_is_the_identifier_of_that_type(patient, mrn):
    assert read(message().replace("PID|1||M1^^^HOME^MR", patient))[0].mrn == mrn


def test_two_numbers_that_may_be_the_mrn_are_not_guessed():
    text = message().replace("PID|1||M1^^^HOME^MR", "PID|1||M1^^^A^MR~M2^^^B^MR")
    assert read(text)[0].kind == "several_mrns"


@pytest.mark.parametrize("version", ["2.3", "2.3.1", "2.4", "2.5", "2.6", "2.7.1", "2.8"])
def test_versions_are_read(version):
    text = message().replace("|P|2.5.1", f"|P|{version}^USA", 1)
    assert read(text)[0].record == "R1"
    assert read(text.replace("^~\\&|", "^~\\&#|", 1))[0].record == "R1"


def test_what_the_charge_says_beyond_is_kept_and_compared():
    text = message().replace("|77387^^C4|||1", "|G6002^^C4|||2")
    row = read(text.replace("ZRV|", "OBX|99|NM|DOSE||1.8|Gy|||||F\rZRV|"))[0]
    assert "G6002" in row.notice
    assert "a quantity of 2" in row.notice
    assert "G6002^^C4|||2" in row.kept
    assert "OBX|99|NM|DOSE||1.8|Gy" in row.kept
    assert "SHIFT_LR" not in row.kept
    assert read(message())[0].notice == ""


def test_a_charge_beside_the_session_is_passed_over():
    text = message().replace("ZRV|", "FT1|2|R9||20261005090000||CG|77407^^C4|||1\rZRV|")
    session, beside = read(text)
    assert session.record == "R1"
    assert "77407" in beside.sentence
    assert beside.sentence.startswith("Passed over")


def test_all_that_a_plain_charge_lacks_is_said_at_once():
    head = message().split("FT1|")[0]
    lacks = read(f"{head}FT1|1|||20261005|20261005|CG|77387^^CPT||D|1\r")[0]
    assert lacks.kind == "message_lacks"
    for place in ("FT1-2", "OBX FRACTION", "OBX DELIVERED", "OBX DELIVERY_CODE", "FT1-4"):
        assert place in lacks.sentence


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
    assert answered[1].first("ERR").raw.startswith("ERR||FT1^1|207^")
    assert answered[0].text("MSH", 5) == "RV"


@pytest.mark.django_db
def test_a_watched_folder_is_emptied_into_done_and_refused(course, approved, tmp_path: Path):
    (tmp_path / "day.hl7").write_text(message(course), newline="")
    (tmp_path / "cut.hl7").write_text(f"FHS|^~\\&|RV\r{message(course)}FTS|2\r", newline="")
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
