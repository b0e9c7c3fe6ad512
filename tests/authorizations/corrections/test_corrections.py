"""What was typed wrongly is put right: with a reason, its history kept, what rests on it judged."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from authorizations.charges.actions import release
from authorizations.charges.who_entered import second_person_refusal
from authorizations.corrections.actions import correct_record
from authorizations.courses.events import course_events
from authorizations.exceptions import Refused
from authorizations.models import ChangedVerdict, Charge, CoverageEvent, RecordCorrection
from authorizations.prior_authorizations.actions import log_contact, open_request, submit
from tests import factories as make

pytestmark = pytest.mark.django_db


def page_of(client, name: str, pk: int, **typed):
    """Open the form, type these values into it, and send it."""
    url = reverse(name, args=[pk])
    form = client.get(url).context["form"]
    values = {
        bound.html_name: "" if bound.value() is None else bound.value()
        for bound in form
        if bound.value() not in (False, None) or bound.name == "reason"
    }
    return client.post(url, values | typed)


def sent(client, name, pk, **typed):
    answer = page_of(client, name, pk, **typed)
    if answer.status_code != 302:
        raise AssertionError(dict(answer.context["form"].errors))
    return answer


def test_a_name_and_a_birth_date_are_put_right_with_a_reason(front_desk, course):
    patient = course.patient
    old = patient.last_name
    sent(front_desk, "patient_correct", patient.pk, last_name="Rightly", reason="From the card")
    patient.refresh_from_db()
    assert patient.last_name == "Rightly"
    kept = RecordCorrection.objects.get()
    assert kept.changes == [["last name", old, "Rightly"]]
    assert (kept.reason, kept.by) == ("From the card", front_desk.user)
    told = course_events(course)[0]
    assert told.what == "Patient corrected: last name"
    assert told.reason == "From the card"
    page = front_desk.get(reverse("patient_correct", args=[patient.pk])).content.decode()
    assert f"last name: {old} → Rightly" in page


def test_without_a_reason_nothing_is_changed_and_nothing_typed_is_lost(front_desk, course):
    answer = page_of(front_desk, "patient_correct", course.patient_id, last_name="X", reason="")
    assert answer.status_code == 200
    assert "reason" in answer.context["form"].errors
    assert 'value="X"' in answer.content.decode()
    assert not RecordCorrection.objects.exists()


def test_a_number_that_is_taken_is_answered_in_words(front_desk, course):
    other = make.PatientFactory(mrn="TAKEN-1")
    answer = page_of(
        front_desk, "patient_correct", course.patient_id, mrn=other.mrn, reason="Misread"
    )
    assert answer.status_code == 200
    assert "already exists" in answer.content.decode()


def test_a_coverage_is_put_right_and_its_charges_are_judged_again(
    front_desk, course, approved, treat, coder
):
    charge = treat(course)[0].charges.get()
    assert charge.status == "ready"
    coverage = course.patient.coverages.get()
    late = course.first_fraction_on + timedelta(days=20)
    sent(front_desk, "coverage_correct", coverage.pk, effective_from=late, reason="Card of March")
    charge.refresh_from_db()
    assert charge.status == "held"
    event = CoverageEvent.objects.get()
    assert (event.verb, event.by) == ("corrected", front_desk.user)
    sent(
        front_desk,
        "coverage_correct",
        coverage.pk,
        effective_from="2026-01-01",
        reason="No",
    )
    charge.refresh_from_db()
    assert charge.status == "ready"
    assert any("Coverage corrected" in moment.what for moment in course_events(course))


def test_who_corrected_the_coverage_leaves_the_release_to_another(person, course, approved, treat):
    charge = treat(course)[0].charges.get()
    manager = person(Role.MANAGER)
    coverage = course.patient.coverages.get()
    correct_record(
        record="coverage", row=coverage, values={"member_id": "M-2"}, reason="Card", by=manager
    )
    assert "coverage" in second_person_refusal(charge, "release", manager)
    assert second_person_refusal(charge, "release", person(Role.CODER)) is None


def test_a_released_charge_is_marked_and_not_changed(front_desk, course, approved, treat, person):
    session = treat(course)[0]
    release(charge=session.charges.get(), by=person(Role.CODER))
    coverage = course.patient.coverages.get()
    late = course.first_fraction_on + timedelta(days=20)
    sent(front_desk, "coverage_correct", coverage.pk, effective_from=late, reason="Card of March")
    charge = Charge.objects.get(session=session)
    assert charge.status == "released"
    assert ChangedVerdict.objects.filter(charge=charge).exists()


def test_the_course_is_put_right(front_desk, course, books, approved, treat):
    charge = treat(course)[0].charges.get()
    sent(
        front_desk,
        "course_correct",
        course.pk,
        diagnosis="C61",
        physician=course.physician_id,
        fractions_planned="33",
        guidance_ordered_on="2026-11-30",
        reason="Order of November",
    )
    course.refresh_from_db()
    assert (course.fractions_planned, course.guidance_ordered_on) == (33, date(2026, 11, 30))
    charge.refresh_from_db()
    assert (charge.status, charge.leading_rule) == ("held", "R41")


def test_the_clock_follows_when_the_payer_really_received_it(front_desk, course, plan, person):
    clerk = person(Role.FRONT_DESK)
    line = {"code": "77387", "modifier": "26", "units_requested": 5}
    request = open_request(
        course=course, by=clerk, plan=plan, facility=course.facility, lines=[line]
    )
    zone = course.facility.tz
    submit(
        authorization=request,
        by=clerk,
        channel="portal",
        received_on=datetime(2026, 9, 28, 12, tzinfo=zone),
    )
    request.refresh_from_db()
    before = request.due_at
    assert before
    correct_record(
        record="submission",
        row=request,
        values={"received_on": datetime(2026, 9, 29, 12, tzinfo=zone)},
        reason="The portal says so",
        by=clerk,
    )
    request.refresh_from_db()
    assert request.due_at > before


def test_a_call_and_a_letter_are_put_right(front_desk, approved, person):
    call = log_contact(
        authorization=approved,
        by=person(Role.FRONT_DESK),
        channel="phone",
        person="Kim",
        reference="REF-1",
        summary="Promised by Friday",
    )
    sent(front_desk, "contact_correct", call.pk, reference="REF-17", reason="Misheard")
    call.refresh_from_db()
    assert call.reference == "REF-17"
    letter = approved.documents.get()
    sent(front_desk, "document_correct", letter.pk, kind="denial_letter", reason="Wrong kind")
    letter.refresh_from_db()
    assert letter.kind == "denial_letter"


def test_a_letter_of_the_wrong_kind_no_longer_proves_the_approval(
    front_desk, course, approved, treat
):
    charge = treat(course)[0].charges.get()
    assert charge.status == "ready"
    letter = approved.documents.get()
    sent(front_desk, "document_correct", letter.pk, kind="other", reason="It is the order")
    charge.refresh_from_db()
    assert (charge.status, charge.leading_rule) == ("held", "R48")


def test_a_stale_form_shows_who_changed_what_and_the_second_save_goes_through(
    front_desk, person, course
):
    url = reverse("patient_correct", args=[course.patient_id])
    opened = front_desk.get(url).context["form"]
    mine = {bound.html_name: bound.value() or "" for bound in opened}
    other = person(Role.FRONT_DESK)
    client = Client()
    client.force_login(other)
    sent(client, "patient_correct", course.patient_id, first_name="Theirs", reason="Passport")
    answer = front_desk.post(url, mine | {"last_name": "Mine", "reason": "The card"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "changed this" in page
    assert "became Theirs" in page
    again = {bound.html_name: bound.value() or "" for bound in answer.context["form"]}
    assert again["first_name"] == "Theirs"
    assert again["last_name"] == "Mine"
    assert front_desk.post(url, again).status_code == 302
    course.patient.refresh_from_db()
    assert (course.patient.first_name, course.patient.last_name) == ("Theirs", "Mine")


@pytest.mark.parametrize("name", ["patient_correct", "course_correct"])
def test_nothing_of_another_facility_opens(front_desk, elsewhere, name):
    course = make.CourseFactory(facility=elsewhere)
    pk = course.pk if name == "course_correct" else course.patient_id
    assert front_desk.get(reverse(name, args=[pk])).status_code == 404


def test_the_action_asks_for_what_the_page_asks(person, course):
    for by, reason, text in (
        (person(Role.THERAPIST), "A reason", "Only who registers"),
        (person(Role.FRONT_DESK), " ", "Say what was wrong"),
    ):
        with pytest.raises(Refused, match=text):
            correct_record(
                record="course", row=course, values={"body_site": "x"}, reason=reason, by=by
            )
    clerk = person(Role.FRONT_DESK)
    with pytest.raises(Refused, match="cannot be corrected here"):
        correct_record(
            record="course", row=course, values={"registered_by": clerk}, reason="x", by=clerk
        )
    same = {"body_site": course.body_site}
    assert correct_record(record="course", row=course, values=same, reason="x", by=clerk) is None


def test_a_correction_is_never_changed(course):
    row = make.RecordCorrectionFactory(patient=course.patient)
    with pytest.raises(DatabaseError), transaction.atomic():
        RecordCorrection.objects.filter(pk=row.pk).update(reason="Another")
