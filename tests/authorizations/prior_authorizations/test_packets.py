"""The packet of a request: what it says, what it joins, what it leaves out, who may make it."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from accounts.models import AccessEvent, Role
from authorizations.exceptions import Refused
from authorizations.exchange.pdf_pages import (
    Attached,
    Section,
    in_print,
    joined,
    printed_pages,
)
from authorizations.models import RequestPacket
from authorizations.prior_authorizations.documents import stored_content
from authorizations.prior_authorizations.packets import labels_of, make_packet, missing_facts
from seeds.demo.letters import letter_as_pdf
from tests import factories as make

NOW = datetime(2026, 10, 15, 15, tzinfo=UTC)
PDF = "application/pdf"


def text_of(content: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]


def cover() -> bytes:
    return printed_pages("Request", "Foot", [Section("A", [("b", "c")])], NOW)


def locked() -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    writer.append(PdfReader(io.BytesIO(letter_as_pdf("secret"))))
    writer.encrypt("closed", algorithm="RC4-128")
    writer.write(out)
    return out.getvalue()


def picture(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 60), "white").save(out, kind)
    return out.getvalue()


def test_what_is_attached_follows_in_its_order():
    files = [Attached("1. Plan", letter_as_pdf("the plan"), PDF)]
    files.append(Attached("2. Consult", letter_as_pdf("the consult"), PDF))
    content, left_out = joined(cover(), files, "Foot", NOW)
    assert [page.split("\n")[0] for page in text_of(content)[1:]] == ["the plan", "the consult"]
    assert left_out == []


@pytest.mark.parametrize(
    ("content", "kind", "reason"),
    [
        (locked(), PDF, "locked with a password"),
        (b"%PDF-1.4 nothing", PDF, "cannot be read"),
        (letter_as_pdf("cut")[:200], PDF, "cannot be read"),
        (None, PDF, "missing or was changed"),
        (b"\x89PNG\r\n\x1a\nxx", "image/png", "picture cannot be read"),
    ],
)
def test_what_cannot_be_joined_is_left_out_with_a_page_that_says_so(content, kind, reason):
    after = Attached("2. Consult", letter_as_pdf("the consult"), PDF)
    whole, left_out = joined(cover(), [Attached("1. Plan", content, kind), after], "Foot", NOW)
    pages = text_of(whole)
    assert [(label, reason in why) for label, why in left_out] == [("1. Plan", True)]
    assert len(pages) == 3
    assert "1. Plan is not in this packet" in pages[1]
    assert "the consult" in pages[2]


@pytest.mark.parametrize(("kind", "name"), [("png", "PNG"), ("jpeg", "JPEG"), ("tiff", "TIFF")])
def test_pictures_stand_on_pages_of_their_own(kind, name):
    files = [Attached("1. Imaging", picture(name), f"image/{kind}")]
    whole, left_out = joined(cover(), files, "Foot", NOW)
    assert (len(text_of(whole)), left_out) == (2, [])


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_broken_file_stops_a_packet(data):
    good = letter_as_pdf("a letter")
    at = data.draw(st.integers(0, len(good)))
    noise = data.draw(st.binary(max_size=60))
    broken = data.draw(st.sampled_from([good[:at] + noise + good[at:], good[:at] + noise, noise]))
    kind = data.draw(st.sampled_from([PDF, "image/png", "image/jpeg", "image/tiff"]))
    whole, left_out = joined(cover(), [Attached("1. X", broken, kind)], "Foot", NOW)
    assert len(text_of(whole)) >= 2
    assert len(left_out) <= 1


def test_what_acts_when_it_is_opened_is_not_passed_on():
    writer, out = PdfWriter(), io.BytesIO()
    writer.append(PdfReader(io.BytesIO(letter_as_pdf("a letter"))))
    script = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("alert1")}
    )
    link = DictionaryObject({NameObject("/Subtype"): NameObject("/Link"), NameObject("/A"): script})
    writer.root_object[NameObject("/OpenAction")] = script
    writer.pages[0][NameObject("/AA")] = DictionaryObject({NameObject("/O"): script})
    writer.pages[0][NameObject("/Annots")] = ArrayObject([link])
    writer.write(out)
    whole, _ = joined(cover(), [Attached("1. X", out.getvalue(), PDF)], "Foot", NOW)
    assert b"alert1" in out.getvalue()
    assert b"alert1" not in whole
    assert b"/JavaScript" not in whole


@given(st.text(max_size=200))
def test_any_text_can_be_printed(text):
    assert in_print(text).encode("latin-1").decode("latin-1") == in_print(text)


def test_a_letter_printed_as_another_is_said():
    plain = text_of(printed_pages("T", "F", [Section("Name", words="García – “a”")], NOW))[0]
    other = text_of(printed_pages("T", "F", [Section("Name", words="Nguyễn Łukasz")], NOW))[0]
    assert 'García - "a"' in plain
    assert "written as the nearest one" not in plain
    assert "Nguyen Lukasz" in other
    assert "written as the nearest one" in other


@pytest.mark.django_db
def test_what_the_books_lack_is_named_and_never_guessed(approved):
    facility = approved.facility
    before = missing_facts(approved)
    assert "From: tax id" in before
    facility.tax_id, facility.phone, facility.fax = "12-3456789", "555-555-0101", "555-555-0102"
    facility.address = "1 Example Street"
    facility.save()
    approved.refresh_from_db()
    left = missing_facts(approved)
    assert not {fact for fact in left if fact.startswith("From: ")} - {"From: npi of the physician"}


@pytest.mark.django_db
def test_a_packet_is_made_in_the_chosen_order_kept_and_downloaded(front_desk, approved):
    first = make.DocumentFactory(authorization=approved, kind="consult", content=letter_as_pdf("A"))
    second = make.DocumentFactory(authorization=approved, kind="plan", content=letter_as_pdf("B"))
    unsent = make.DocumentFactory(authorization=approved, kind="other", content=letter_as_pdf("C"))
    page = reverse("request_packet_new", args=[approved.pk])
    assert "Not on file" in front_desk.get(page).content.decode()
    places = {f"place_{first.pk}": 2, f"place_{second.pk}": 1, f"place_{unsent.pk}": ""}
    sent = {"recipient": "eviCore", "words": "Please expedite.", **places}
    assert front_desk.post(page, sent)["Location"].endswith(f"/{approved.pk}/")
    packet = approved.packets.get()
    assert [row["document"] for row in packet.contents] == [second.pk, first.pk]
    got = front_desk.get(reverse("request_packet_download", args=[packet.pk]))
    assert got.content == stored_content(packet.sha256)
    pages = text_of(got.content)
    assert "Please expedite." in pages[0]
    assert approved.course.patient.last_name in pages[0]
    assert [text.strip() for text in pages[-2:]] == ["B", "A"]
    assert AccessEvent.objects.filter(action="export", row_number=packet.pk).exists()


@pytest.mark.django_db
def test_a_packet_never_changes(approved):
    packet = make.RequestPacketFactory(authorization=approved)
    with pytest.raises(DatabaseError), transaction.atomic():
        RequestPacket.objects.filter(pk=packet.pk).update(recipient="Another")
    with pytest.raises(DatabaseError), transaction.atomic():
        packet.delete()


@pytest.mark.django_db
def test_a_document_of_another_request_goes_nowhere(front_desk, approved):
    other = make.DocumentFactory()
    struck = make.DocumentFactory(
        authorization=approved, struck_at=NOW, struck_by=front_desk.user, struck_reason="Another's"
    )
    for document in (other, struck):
        with pytest.raises(Refused, match="no longer with this request"):
            make_packet(
                authorization=approved,
                recipient="eviCore",
                words="",
                documents=[document],
                by=front_desk.user,
            )
    assert not approved.packets.exists()


@pytest.mark.django_db
def test_who_does_not_log_there_makes_none(approved, person, elsewhere):
    for by in (person(Role.AUDITOR), person(Role.FRONT_DESK, elsewhere)):
        with pytest.raises(Refused, match="Only who logs"):
            make_packet(authorization=approved, recipient="X", words="", documents=[], by=by)


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [{"tax_id": "123456789"}, {"fax": "none"}, {"phone": "call"}])
def test_the_database_refuses_a_facility_that_cannot_be_reached(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        make.FacilityFactory(code="NEW", **wrong)


@pytest.mark.django_db
def test_a_document_is_listed_with_the_day_at_the_facility(approved):
    zone = approved.facility.tz
    late = datetime(2026, 10, 5, 23, 30, tzinfo=zone).astimezone(UTC)
    document = make.DocumentFactory.build(authorization=approved, added_at=late)
    assert labels_of(approved, [document])[0].endswith("added 5 Oct 2026")
