"""One person registered twice: two people merge the registrations, and two can separate them."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import Role
from authorizations.courses.known_patients import patient_of_mrn
from authorizations.exceptions import Refused
from authorizations.imports.reference_data import read_reference_data
from authorizations.models import Patient, PatientMerge, RecordCorrection
from authorizations.patients.merges import (
    confirm_merge,
    confirm_separation,
    decline_merge,
    decline_separation,
    propose_merge,
    propose_separation,
)
from authorizations.patients.timeline import patient_events
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerks(person, facility):
    return person(Role.FRONT_DESK, facility), person(Role.MANAGER, facility)


@pytest.fixture
def twice(course):
    """A patient with a course, and the same person registered again with another."""
    again = make.CourseFactory(facility=course.facility, physician=course.physician)
    make.CoverageFactory(patient=again.patient, rank="secondary")
    make.PatientContactFactory(patient=again.patient, is_called_first=True)
    return course.patient, again.patient


@pytest.fixture
def merge(twice, clerks) -> PatientMerge:
    kept, merged = twice
    proposed = propose_merge(kept=kept, merged=merged, reason="Same card", by=clerks[0])
    return confirm_merge(merge=proposed, by=clerks[1])


def owned(patient: Patient) -> list[int]:
    return [patient.courses.count(), patient.coverages.count(), patient.people.count()]


def test_nothing_moves_until_another_person_confirms(twice, clerks):
    kept, merged = twice
    proposed = propose_merge(kept=kept, merged=merged, reason="Same card", by=clerks[0])
    before = owned(kept), owned(merged)
    with pytest.raises(Refused, match="another person"):
        confirm_merge(merge=proposed, by=clerks[0])
    assert (owned(kept), owned(merged)) == before
    confirm_merge(merge=proposed, by=clerks[1])
    assert owned(merged) == [0, 0, 0]
    assert owned(kept) == [a + b for a, b in zip(*before, strict=True)]


def test_both_mrns_find_the_patient_who_was_kept(merge, clerks, front_desk):
    kept, merged = merge.kept, merge.merged
    assert patient_of_mrn(kept.mrn, clerks[0]) == kept
    assert patient_of_mrn(merged.mrn, clerks[0]) == kept
    page = front_desk.post(reverse("search"), {"text": merged.mrn})
    found = page.context["found"].patients if page.context else []
    assert found == [kept] or page.url == reverse("patient_detail", args=[kept.pk])
    old = front_desk.get(reverse("patient_detail", args=[merged.pk]))
    assert old.url == reverse("patient_detail", args=[kept.pk])
    shown = front_desk.get(old.url).content.decode()
    assert merged.mrn in shown
    assert "was merged into" in shown


def test_treatments_sent_under_the_former_mrn_find_their_course(merge):
    moved = merge.kept.courses.get(pk=merge.moved["courses"][0])
    rows = [make_row(merge.merged.mrn, moved.code), make_row(merge.kept.mrn, moved.code)]
    known = read_reference_data(rows, today=date(2026, 11, 27), allowed=None)
    assert [known.courses[row.mrn, row.course] for row in rows] == [moved, moved]


def make_row(mrn: str, code: str):
    """What is looked at of a treatment to find its course."""
    return SimpleNamespace(mrn=mrn, course=code)


def test_two_people_separate_them_again_and_all_is_as_before(twice, clerks):
    kept, merged = twice
    before = owned(kept), owned(merged)
    proposed = propose_merge(kept=kept, merged=merged, reason="Same card", by=clerks[0])
    done = confirm_merge(merge=proposed, by=clerks[1])
    wrong = propose_separation(merge=done, reason="Twins", by=clerks[1])
    with pytest.raises(Refused, match="another person"):
        confirm_separation(merge=wrong, by=clerks[1])
    confirm_separation(merge=wrong, by=clerks[0])
    assert (owned(kept), owned(merged)) == before
    assert merged.people.get().is_called_first
    merged.refresh_from_db()
    assert merged.merged_into is None
    assert patient_of_mrn(merged.mrn, clerks[0]) == merged


def test_what_was_added_since_stays_with_the_kept_patient(merge, clerks):
    later = make.CourseFactory(patient=merge.kept, facility=merge.kept.courses.first().facility)
    wrong = propose_separation(merge=merge, reason="Twins", by=clerks[1])
    confirm_separation(merge=wrong, by=clerks[0])
    later.refresh_from_db()
    assert later.patient == merge.kept


def test_a_declined_merge_or_separation_changes_nothing(twice, clerks, merge):
    wrong = propose_separation(merge=merge, reason="Twins", by=clerks[1])
    kept = decline_separation(merge=wrong, by=clerks[0])
    assert kept.stands
    assert not kept.is_undo_waiting
    third = make.CourseFactory(facility=merge.kept.courses.first().facility).patient
    proposed = propose_merge(kept=merge.kept, merged=third, reason="Same name", by=clerks[0])
    declined = decline_merge(merge=proposed, by=clerks[1])
    with pytest.raises(Refused, match="decided meanwhile"):
        confirm_merge(merge=declined, by=clerks[1])


def test_who_does_not_register_both_proposes_nothing(twice, person, elsewhere):
    stranger = person(Role.FRONT_DESK, elsewhere)
    with pytest.raises(Refused, match="treat both"):
        propose_merge(kept=twice[0], merged=twice[1], reason="Same card", by=stranger)


def test_what_stands_in_the_way_is_said(twice, clerks):
    kept, merged = twice
    ask = {"kept": kept, "merged": merged, "by": clerks[0]}
    with pytest.raises(Refused, match="how you know"):
        propose_merge(**ask, reason=" ")
    other = make.CoverageFactory(patient=merged, plan=make.PlanFactory(code="OTHER"))
    with pytest.raises(Refused, match="Both have a primary coverage on the same days"):
        propose_merge(**ask, reason="Same card")
    other.delete()
    Patient.objects.filter(pk=merged.pk).update(died_on=date(2026, 11, 1))
    with pytest.raises(Refused, match="died on 2026-11-01"):
        propose_merge(**ask, reason="Same card")
    Patient.objects.filter(pk=merged.pk).update(died_on=None)
    merged.courses.update(code=kept.courses.first().code)
    with pytest.raises(Refused, match="Both have a course"):
        propose_merge(**ask, reason="Same card")


def test_corrections_of_the_former_registration_are_shown_with_the_kept_one(merge, clerks):
    RecordCorrection.objects.create(
        record="patient", row=merge.merged.pk, patient=merge.merged, by=clerks[0],
        changes=[["last name", "Barly", "Barley"]], reason="From the wrong card",
    )  # fmt: skip
    told = [moment.reason for moment in patient_events(list(merge.kept.courses.all()))]
    assert "From the wrong card" in told


def test_the_database_lets_nobody_confirm_alone(twice, clerks):
    row = make.PatientMergeFactory(kept=twice[0], merged=twice[1], proposed_by=clerks[0])
    row.confirmed_at, row.confirmed_by = row.proposed_at, clerks[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_a_merge_is_proposed_and_confirmed_on_the_pages(twice, front_desk, client_of):
    kept, merged = twice
    url = reverse("patient_merge", args=[kept.pk])
    assert merged.mrn in front_desk.get(f"{url}?other={merged.pk}").content.decode()
    front_desk.post(url, {"mrn": merged.mrn, "keep": "this", "reason": "Same card"})
    row = PatientMerge.objects.get()
    assert "Take it back" in front_desk.get(reverse("merge_list")).content.decode()
    second = client_of(Role.MANAGER)
    assert "They are one: merge" in second.get(reverse("merge_list")).content.decode()
    second.post(reverse("merge_decide", args=[row.pk, "confirm"]))
    row.refresh_from_db()
    assert row.stands
