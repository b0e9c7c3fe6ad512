"""Later words of the record-and-verify system: corrections, deletions, and what stays."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.urls import reverse

from authorizations.exchange.row_reader import NOT_FOUND_HERE
from authorizations.imports.actions import NotWhole, import_treatments
from authorizations.models import (
    Charge,
    GuidanceSession,
    ImportedRow,
    SessionCorrection,
    TreatmentRecord,
)
from authorizations.treatments.actions import record_session, void_session
from authorizations.treatments.corrections import correct_session
from authorizations.treatments.reviews import review_images
from tests import factories as make
from tests.support.record_versions import TODAY, Word, as_files, typed

pytestmark = pytest.mark.django_db
FIRST = Word(1, 0)
TAKEN_BACK = replace(FIRST, minute=9, shift=None)


@pytest.fixture
def take(course, approved, coder):
    """Import words as one sending; answer what became of them."""

    def run(*words: Word, **options):
        files = as_files(list(words), course)
        return import_treatments(files, by=coder.user, on=TODAY, **options)

    return run


def live() -> GuidanceSession:
    return GuidanceSession.objects.live().get()


def test_a_later_word_corrects_and_keeps_the_old_value(take):
    take(FIRST)
    plan = take(replace(FIRST, minute=5, shift="2.5"))
    assert plan.corrected == 1
    assert plan.rows[0].sentence == "left–right: 1.2 → 2.5."
    correction = SessionCorrection.objects.get()
    assert correction.changes == [["shift_lr_mm", "1.2", "2.5"]]
    assert correction.said_at is not None
    assert Charge.objects.live().count() == 1


def test_an_earlier_word_that_comes_later_changes_nothing(take):
    take(replace(FIRST, minute=5, shift="2.5"))
    plan = take(FIRST)
    assert [row.outcome for row in plan.rows] == ["repeated"]
    assert "later state" in plan.rows[0].sentence
    assert str(live().shift_lr_mm) == "2.5"


def test_another_fraction_is_recorded_anew(take):
    take(FIRST)
    plan = take(replace(FIRST, minute=5, fraction=2))
    assert "fraction 1 on 5 Oct 2026 → 2 on 5 Oct 2026" in plan.rows[0].sentence
    assert (live().fraction, live().source_record) == (2, "R1")
    assert Charge.objects.live().get().session == live()


def test_a_deleted_record_is_taken_back_with_its_charge_and_unit(take, approved):
    take(FIRST)
    assert take(TAKEN_BACK).taken_back == 1
    session = GuidanceSession.objects.get()
    assert session.void_reason == "Taken back by the record-and-verify system"
    assert not Charge.objects.live().exists()
    assert approved.lines.get(code="77387").units_used == 0
    assert take(replace(FIRST, minute=3, shift="3.0")).repeated == 1
    assert take(replace(FIRST, minute=12)).recorded == 1


def test_a_row_of_a_file_deletes_as_a_message_does(take):
    take(replace(FIRST, as_csv=True))
    assert take(replace(TAKEN_BACK, as_csv=True)).taken_back == 1
    assert not GuidanceSession.objects.live().exists()


def test_a_place_that_becomes_free_is_taken_by_the_record_that_waited(take):
    take(FIRST)
    second = replace(FIRST, record=2, hour=10)
    assert take(second).refused[0].kind == "duplicate_fraction"
    plan = take(TAKEN_BACK)
    assert plan.moved == [("R2", "Its place became free: it is recorded now.")]
    assert live().source_record == "R2"


def test_an_earlier_treatment_of_the_fraction_takes_its_place(take):
    take(replace(FIRST, record=2, hour=10))
    plan = take(FIRST)
    assert plan.moved[0][0] == "R2"
    assert live().source_record == "R1"


@pytest.fixture
def released(take, coder, manager):
    take(FIRST)
    charge = Charge.objects.get()
    Charge.objects.filter(pk=charge.pk).update(status="ready")
    Charge.objects.filter(pk=charge.pk).update(
        status="released",
        released_at="2026-11-01T12:00Z",
        released_by=coder.user,
        override_proposed_at="2026-11-01T10:00Z",
        override_proposed_by=manager.user,
        overridden_at="2026-11-01T11:00Z",
        overridden_by=coder.user,
        override_reason="A test",
    )
    return charge


@pytest.mark.parametrize("word", [TAKEN_BACK, replace(FIRST, minute=5, shift="2.5")])
def test_a_released_charge_is_never_changed_silently(take, released, word):
    plan = take(word)
    assert [row.kind for row in plan.conflicts] == ["charge_released"]
    assert "coder voids the charge" in plan.conflicts[0].sentence
    assert str(live().shift_lr_mm) == "1.2"
    assert TreatmentRecord.objects.conflicts().count() == 1
    assert ImportedRow.objects.filter(outcome="conflict").count() == 1


def test_images_approved_here_are_left_until_a_person_decides(
    take, physician, oncologist, therapist
):
    take(FIRST)
    review_images(sessions=[live()], by=physician.user)
    assert take(replace(FIRST, minute=5, shift="2.5")).conflicts[0].kind == "images_approved"
    page = therapist.get(reverse("conflict_list")).content.decode()
    assert "approved these images" in page
    assert "2.5" in page
    record = TreatmentRecord.objects.conflicts().get()
    url = reverse("conflict_resolve", args=[record.pk])
    therapist.post(url, {"decision": "take", "reason": ""})
    assert TreatmentRecord.objects.conflicts().exists()
    therapist.post(url, {"decision": "take", "reason": "the console was right"})
    assert str(live().shift_lr_mm) == "2.5"
    assert not live().reviews.exists()
    record.refresh_from_db()
    assert (record.standing, record.resolved_by) == ("stands", therapist.user)


def test_what_is_kept_here_is_not_asked_again(take, physician, oncologist, therapist):
    take(FIRST)
    review_images(sessions=[live()], by=physician.user)
    take(TAKEN_BACK)
    record = TreatmentRecord.objects.conflicts().get()
    url = reverse("conflict_resolve", args=[record.pk])
    therapist.post(url, {"decision": "keep", "reason": "treated, seen by two of us"})
    assert live().source_record == "R1"
    assert take(replace(TAKEN_BACK, as_csv=True)).conflicts == []
    assert not TreatmentRecord.objects.conflicts().exists()


def test_an_approval_that_came_with_the_record_follows_its_record(take):
    take(replace(FIRST, reviewed=True))
    plan = take(replace(FIRST, minute=5, shift="2.5", reviewed=True))
    assert plan.corrected == 1
    assert (str(live().shift_lr_mm), live().reviews.count()) == ("2.5", 1)
    take(replace(FIRST, minute=6, shift="2.5"))
    assert live().reviews.count() == 0


def test_an_approval_that_comes_later_is_added(take):
    take(FIRST)
    take(replace(FIRST, minute=5, reviewed=True))
    assert live().reviews.get().reviewed_by.name == "Ada Ray"


def test_a_persons_correction_outlasts_what_was_said_before_it(take, coder):
    take(FIRST)
    correct_session(session=live(), by=coder.user, reason="console error", machine="TB9")
    take(replace(FIRST, minute=5, shift="2.5"))
    assert (live().machine, str(live().shift_lr_mm)) == ("TB9", "2.5")


def test_a_session_taken_back_here_asks_a_person_before_it_returns(take, coder):
    take(FIRST)
    void_session(session=live(), by=coder.user, reason="wrong patient")
    assert take(replace(FIRST, as_csv=True)).repeated == 1
    assert take(replace(FIRST, minute=5, shift="2.5")).conflicts[0].kind == "taken_back_here"
    assert not GuidanceSession.objects.live().exists()


def test_a_session_typed_here_is_not_deleted_silently(take, course, coder):
    record_session(course=course, by=coder.user, **typed(course, FIRST))
    plan = take(FIRST)
    assert plan.rows[0].sentence.startswith("Typed by hand, now as the machine recorded it: ")
    assert take(TAKEN_BACK).conflicts[0].kind == "typed_here"
    assert live().source_record == "R1"


def test_a_record_number_of_another_facility_is_not_this_one(take, course, elsewhere, plan):
    take(FIRST)
    elsewhere.machines = course.facility.machines
    elsewhere.save()
    other = make.CourseFactory(facility=elsewhere)
    make.CoverageFactory(patient=other.patient, plan=plan)
    files = as_files([replace(FIRST, minute=5)], other)
    found = import_treatments(files, by=course.physician.user or make.UserFactory(), on=TODAY)
    assert found.refused[0].sentence == NOT_FOUND_HERE
    assert found.refused[0].kind == "unknown_mrn"


def test_a_clock_that_runs_ahead_is_refused(take):
    assert take(replace(FIRST, minute=60 * 24 * 60)).refused[0].kind == "future"


def test_all_rows_or_none(take):
    bad = replace(FIRST, record=2, fraction=27, shift="99")
    with pytest.raises(NotWhole, match="Nothing was written"):
        take(FIRST, bad, is_whole=True)
    assert not GuidanceSession.objects.exists()
    assert take(FIRST, bad).recorded == 1
