"""The page of a patient: what is theirs, in scope, and what may be added."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate

from accounts.models import AccessEvent
from authorizations.models import Coverage, CoverageEvent, Document, PatientContact, Task
from authorizations.patients.lanes import Given, lane_chart, span_of
from authorizations.worklists.sync_tasks import sync_tasks
from tests import factories as make
from tests.support.database_guards import refused

pytestmark = pytest.mark.django_db


def page_of(client, patient) -> str:
    answer = client.get(reverse("patient_detail", args=[patient.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_shows_what_belongs_to_the_patient(front_desk, course, approved, treat):
    treat(course, 3)
    patient = course.patient
    make.CoverageFactory(
        patient=patient,
        rank="secondary",
        member_id="IL-44",
        group_number="801-22",
        relationship="spouse",
        subscriber="Kim Payer",
    )
    make.PatientContactFactory(patient=patient, name="Carla Sample", is_called_first=True)
    make.PatientContactFactory(
        patient=patient, name="Dr Stone", role="referring", npi=make.people.npi(7)
    )
    page = page_of(front_desk, patient)
    for words in (
        *(str(patient), patient.mrn, "29 Feb 1960", "prostate", "3 of 28 given", "in treatment"),
        *("1 primary", "2 secondary", "801-22", "Kim Payer", "subscriber’s spouse"),
        *("Carla Sample", "call first", "Dr Stone", "referring physician", "Approval letter"),
        *("Document attached: approval letter", "Authorization: ", "Course registered"),
    ):
        assert words in page, words
    assert "<title>Patient" in page


def test_another_facilitys_course_is_not_shown(front_desk, course, elsewhere, plan):
    theirs = make.CourseFactory(patient=course.patient, facility=elsewhere, body_site="left lung")
    request = make.PriorAuthorizationFactory(course=theirs, plan=plan, facility=elsewhere)
    make.DocumentFactory(authorization=request, kind="imaging")
    make.ContactFactory(authorization=request, summary="Their own words")
    page = page_of(front_desk, course.patient)
    assert "left lung" not in page
    assert "Imaging" not in page
    assert "Their own words" not in page


def test_a_patient_of_another_facility_is_not_found(front_desk, elsewhere):
    theirs = make.CourseFactory(facility=elsewhere)
    for name in ("patient_detail", "patient_coverage_new", "person_new"):
        assert front_desk.get(reverse(name, args=[theirs.patient_id])).status_code == 404


def test_opening_the_page_is_recorded(front_desk, course):
    page_of(front_desk, course.patient)
    event = AccessEvent.objects.get(page="patient_detail")
    assert event.patient_number == course.patient_id


def test_a_secondary_coverage_is_added_with_its_subscriber(front_desk, course, plan):
    url = reverse("patient_coverage_new", args=[course.patient_id])
    given = {
        "rank": "secondary",
        "plan": plan.code,
        "member_id": "S-77",
        "group_number": "G1",
        "relationship": "child",
        "subscriber": "Kim Payer",
        "effective_from": "2026-01-01",
        "effective_through": "",
    }
    assert front_desk.post(url, given).status_code == 302
    added = Coverage.objects.get(rank="secondary")
    assert (added.subscriber, added.relationship, added.group_number) == (
        "Kim Payer",
        "child",
        "G1",
    )
    assert CoverageEvent.objects.get(coverage=added).verb == "added"
    again = front_desk.post(url, given)
    assert again.status_code == 200
    assert "already has a coverage of that rank" in again.content.decode()
    assert 'value="S-77"' in again.content.decode()


def test_a_subscriber_who_is_not_the_patient_has_a_name(front_desk, course, plan):
    patient = course.patient
    wrong = ({"relationship": "child"}, {"relationship": "self", "subscriber": "Kim Payer"})
    for values in wrong:
        name = refused(
            lambda values=values: make.CoverageFactory(patient=patient, rank="tertiary", **values)
        )
        assert name == "coverage_names_another_subscriber"


@pytest.mark.parametrize(
    ("values", "guard"),
    [
        ({"phone": ""}, "patient_contact_can_be_called"),
        ({"name": ""}, "patient_contact_can_be_called"),
        ({"phone": "call me"}, "patient_contact_phone_format"),
        ({"role": "cousin"}, "patient_contact_role_known"),
        ({"npi": "1234567893"}, "patient_contact_npi_of_physician"),
        ({"role": "referring", "npi": "1234567890"}, "patient_contact_npi_valid"),
        ({"is_called_first": True, "is_current": False}, "patient_contact_first_is_current"),
    ],
)
def test_the_database_refuses_a_contact_nobody_can_call(course, values, guard):
    row = lambda: make.PatientContactFactory(patient=course.patient, **values)  # noqa: E731
    assert refused(row) == guard


def test_one_contact_is_called_first(course):
    make.PatientContactFactory(patient=course.patient, is_called_first=True)
    second = lambda: make.PatientContactFactory(  # noqa: E731
        patient=course.patient, is_called_first=True
    )
    assert refused(second) == "patient_contact_one_is_first"


def test_a_person_to_call_is_added_and_put_right(front_desk, course):
    url = reverse("person_new", args=[course.patient_id])
    given = {"name": "Carla Sample", "role": "child", "phone": "555-555-0177", "npi": ""}
    assert front_desk.post(url, given).status_code == 302
    person = PatientContact.objects.get()
    wrong = front_desk.post(url, given | {"phone": "later"})
    assert "telephone number" in wrong.content.decode()
    correct = reverse("person_correct", args=[person.pk])
    seen = front_desk.get(correct).context["form"].initial["seen"]
    given |= {"phone": "555-555-0178", "is_current": "on", "seen": seen, "reason": "Misheard"}
    assert front_desk.post(correct, given).status_code == 302
    person.refresh_from_db()
    assert person.phone == "555-555-0178"
    assert "Person to call corrected: phone" in page_of(front_desk, course.patient)


def test_the_dead_are_marked_wherever_somebody_might_phone(front_desk, course, approved):
    patient = course.patient
    patient.phone, patient.died_on = "555-555-0123", date(2026, 11, 25)
    patient.save()
    make.PatientContactFactory(patient=patient)
    soon = localdate() + timedelta(days=3)
    make.CourseFactory(patient=patient, facility=course.facility, first_fraction_on=soon)
    sync_tasks()
    Task.objects.open().update(assigned_to=front_desk.user)
    pages = (
        reverse("patient_detail", args=[patient.pk]),
        reverse("course_detail", args=[course.pk]),
        reverse("course_list"),
        reverse("authorization_list"),
        reverse("authorization_detail", args=[approved.pk]),
        reverse("contact_new", args=[approved.pk]),
        reverse("home"),
    )
    for url in pages:
        assert "Deceased 25 Nov 2026" in front_desk.get(url).content.decode(), url
    assert 'href="tel:' not in page_of(front_desk, patient)


def test_nobody_dies_before_being_born():
    name = refused(lambda: make.PatientFactory(died_on=date(1950, 1, 1)))
    assert name == "patient_dies_after_birth"


def test_a_death_is_entered_with_how_one_knows(front_desk, course):
    url = reverse("patient_correct", args=[course.patient_id])
    form = front_desk.get(url).context["form"]
    values = {b.html_name: b.value() or "" for b in form}
    values |= {"died_on": "2026-11-25", "reason": "The daughter phoned"}
    answer = front_desk.post(url, values)
    assert answer.url == reverse("patient_detail", args=[course.patient_id])
    page = page_of(front_desk, course.patient)
    assert "Deceased 25 Nov 2026" in page
    assert "The daughter phoned" in page


def test_how_often_a_document_was_opened_is_counted(front_desk, auditor, course, approved):
    document = Document.objects.get()
    for client in (front_desk, auditor):
        client.get(reverse("document_download", args=[document.pk]))
    listed = front_desk.get(reverse("patient_detail", args=[course.patient_id]))
    assert [d.times_opened for d in listed.context["documents"]] in ([0], [2])


def test_more_documents_cost_no_more_questions(front_desk, course, approved):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            page_of(front_desk, course.patient)
        return len(queries)

    asked()
    before = asked()
    for n in range(5):
        make.DocumentFactory(authorization=approved, sha256=f"{n}" * 64)
        make.CoverageFactory(
            patient=course.patient,
            effective_from=date(2020 + n, 1, 1),
            effective_through=date(2020 + n, 12, 31),
        )
        make.PatientContactFactory(patient=course.patient)
    assert asked() <= before


def test_the_bars_lie_within_the_axis_and_follow_the_days(course, treat):
    treat(course, 5)
    chart = lane_chart([course], date(2026, 10, 12))
    bar = chart.lanes[0]
    assert 0 <= bar.plan_x <= bar.done_x < bar.done_x + bar.done_width
    assert bar.done_x + bar.done_width <= bar.plan_x + bar.plan_width <= chart.width
    assert bar.done_x <= chart.today_x <= chart.width
    assert (bar.given, bar.state) == (5, "in treatment")
    assert [name for _, name in chart.months] == ["Oct 2026", "Nov"]


def test_the_span_of_a_course_ends_with_its_last_planned_fraction(course):
    nothing = Given(0, None, None)
    first = course.first_fraction_on
    course.fractions_planned = 6
    assert span_of(course, nothing, first) == (first, first + timedelta(days=8))  # a holiday
    course.ended_on = first + timedelta(days=2)
    assert span_of(course, nothing, first)[1] == course.ended_on


def test_the_tables_are_offered_as_files(front_desk, course, approved):
    url = reverse("patient_detail", args=[course.patient_id])
    for table, words in (("coverages", "member ID"), ("documents", "Approval letter")):
        answer = front_desk.get(url, {"export": "csv", "table": table})
        text = b"".join(answer).decode() if answer.streaming else answer.content.decode()
        assert words in text
