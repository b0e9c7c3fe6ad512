"""A mapping per sender: where its messages say what is asked for, made from a sample."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from authorizations.exceptions import Refused
from authorizations.imports.actions import read_and_import
from authorizations.imports.sender_mappings import save_sender_mapping
from authorizations.models import GuidanceSession, ImportedRow, SenderMapping

PLACES = {
    "record_id": "FT1-3",
    "machine": "PV1-3.4",
    "date": "FT1-4",
    "start_time": "OBX BEAM ON",
    "mrn": "PID-3",
    "course": "ZRT-1",
    "fraction": "ZRT-2",
    "delivered": "OBX STATE",
    "delivery_code": "FT1-7",
    "image_modality": "=cbct",
    "shift_lr_mm": "OBX VRT",
}
WORDS = "delivered: Complete = yes\ndelivered: Aborted = no"


def charge(course, *, record="T1", fraction="1", code="77407", state="Complete") -> str:
    return (
        "MSH|^~\\&|CHARGES|WEST|REVCYCLE|HOME|20261005120000||DFT^P03|C1|P|2.3\r"
        f"PID|1||{course.patient.mrn}\r"
        f"PV1|1|O|WARD^^^{course.facility.machines[0]}\r"
        f"ZRT|{course.code}|{fraction}\r"
        f"FT1|1||{record}|20261005|20261005|CG|{code}^^CPT||D|1\r"
        "OBX|1|TM|BEAM ON||090500||||||F\r"
        f"OBX|2|ST|STATE||{state}||||||F\r"
        "OBX|3|NM|VRT||0.37|cm|||||F\r"
    )


@pytest.fixture
def save(course, therapist):
    def run(sample="", places=PLACES, **writing):
        return save_sender_mapping(
            facility=course.facility,
            sample=sample or charge(course),
            places=places,
            by=therapist.user,
            **{"words": WORDS, "shift_unit": "cm"} | writing,
        )

    return run


@pytest.mark.django_db
def test_messages_of_a_sender_are_read_by_its_mapping(course, approved, therapist, save):
    save()
    plan = read_and_import([charge(course).encode()], by=therapist.user, on=date(2026, 10, 6))
    assert [(row.outcome, row.sentence) for row in plan.rows] == [("recorded", "")]
    session = GuidanceSession.objects.get()
    assert (session.source_record, session.fraction, session.modalities) == ("T1", 1, ["cbct"])
    assert str(session.shift_lr_mm) == "3.7"
    assert session.started_at.astimezone(course.facility.tz).strftime("%H:%M") == "09:05"


@pytest.mark.django_db
@pytest.mark.parametrize(("sent", "kept"), [("0.083", "0.8"), ("-0.375", "-3.8"), ("1", "10.0")])
def test_centimetres_are_kept_to_a_tenth_of_a_millimetre(
    course, approved, therapist, save, sent, kept
):
    save()
    text = charge(course).replace("||0.37|cm", f"||{sent}|cm")
    read_and_import([text.encode()], by=therapist.user, on=date(2026, 10, 6))
    assert str(GuidanceSession.objects.get().shift_lr_mm) == kept


@pytest.mark.django_db
def test_the_guidance_beside_the_delivery_is_passed_over(course, approved, therapist, save):
    save()
    both = charge(course) + "FT1|2||T2|20261005|20261005|CG|77387^^CPT||D|1\r"
    plan = read_and_import([both.encode()], by=therapist.user, on=date(2026, 10, 6))
    assert [row.outcome for row in plan.rows] == ["recorded", "passed"]
    assert ImportedRow.objects.filter(outcome="passed").get().sentence.startswith("Passed over")


@pytest.mark.django_db
def test_a_word_that_is_not_in_the_mapping_is_refused(course, approved, therapist, save):
    save()
    sent = charge(course, state="Half").encode()
    plan = read_and_import([sent], by=therapist.user, on=date(2026, 10, 6))
    assert [row.kind for row in plan.refused] == ["bad_delivered"]


@pytest.mark.django_db
def test_a_sample_that_lacks_things_is_refused_with_all_of_them(course, save):
    sample = charge(course, record="", fraction="", state="")
    with pytest.raises(Refused) as refused:
        save(sample=sample)
    for place in ("FT1-3", "ZRT-2", "OBX STATE"):
        assert place in str(refused.value)
    assert not SenderMapping.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"sample": "PID|1"}, "does not begin with MSH"),
        ({"places": PLACES | {"course": "somewhere"}}, "write the place as"),
        ({"words": "Complete"}, "no pair of words"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(save, change, said):
    with pytest.raises(Refused, match=said):
        save(**change)


@pytest.mark.django_db
def test_two_facilities_of_one_sender_are_told_apart(course, save, therapist, elsewhere):
    row = save()
    SenderMapping.objects.create(
        facility=elsewhere,
        application=row.application,
        sending_facility=row.sending_facility,
        places=PLACES,
        saved_by=therapist.user,
    )
    sent = charge(course).encode()
    plan = read_and_import([sent], by=therapist.user, on=date(2026, 10, 6))
    assert [each.kind for each in plan.refused] == ["two_mappings"]
    plan = read_and_import(
        [sent + b"\n"], by=therapist.user, on=date(2026, 10, 6), facility=course.facility.code
    )
    assert [each.kind for each in plan.refused] != ["two_mappings"]


@pytest.mark.django_db
def test_the_page_shows_the_places_of_a_sample_and_saves(course, therapist):
    page = reverse("sender_mapping")
    given = {f"column_{column}": place for column, place in PLACES.items()}
    given |= {"facility": course.facility.pk, "shift_unit": "cm", "words": WORDS}
    shown = therapist.post(page, given | {"sample": charge(course), "look": "1"})
    assert "OBX BEAM ON" in shown.content.decode()
    assert "PV1-3.4" in shown.content.decode()
    lacks = therapist.post(page, given | {"sample": charge(course, record=""), "save": "1"})
    assert "Record id is empty" in lacks.content.decode()
    assert therapist.post(page, given | {"sample": charge(course), "save": "1"}).status_code == 302
    row = SenderMapping.objects.get()
    assert (row.application, row.sending_facility, row.saved_by) == (
        "CHARGES",
        "WEST",
        therapist.user,
    )
