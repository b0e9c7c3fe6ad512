"""A known MRN fills itself in; somebody like this patient is asked about, and no dead end."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from accounts.models import AccessEvent
from authorizations.courses.known_patients import earlier_courses, patients_alike
from authorizations.models import Course, Patient
from tests import factories as make
from tests.support.registration import filled as filled

__all__ = ["filled"]
pytestmark = pytest.mark.django_db
NEW = "/courses/new/"


@pytest.fixture
def known(facility, plan):
    """A patient who was treated here before, whose plan still pays."""
    patient = make.PatientFactory(
        mrn="FD-1002", last_name="Bluecross", first_name="Bob", date_of_birth=date(1950, 5, 5)
    )
    make.CoverageFactory(patient=patient, plan=plan, member_id="W1234")
    course = make.CourseFactory(patient=patient, facility=facility, body_site="thoracic spine")
    make.GuidanceSessionFactory(course=course, facility=facility)
    return patient


def values_of(response) -> dict[str, object]:
    return {field.name: field.value() for field in response.context["form"]}


def test_a_known_mrn_is_filled_in_without_scripts(front_desk, known, books):
    response = front_desk.post(NEW, {"mrn": "FD-1002", "look": "1", "body_site": "left hip"})
    values = values_of(response)
    assert (values["last_name"], values["first_name"]) == ("Bluecross", "Bob")
    assert values["date_of_birth"] == date(1950, 5, 5)
    assert (values["member_id"], values["coverage_from"]) == ("W1234", date(2026, 1, 1))
    assert values["body_site"] == "left hip"
    page = response.content.decode()
    assert "thoracic spine" in page
    assert "last treatment" in page
    assert AccessEvent.objects.get(page="course_new").patient_number == known.pk


def test_the_filled_form_registers_a_second_course(front_desk, known, filled):
    looked = front_desk.post(NEW, {**filled, "mrn": "FD-1002", "look": "1"})
    values = {k: "" if v is None else v for k, v in values_of(looked).items() if v is not False}
    done = front_desk.post(NEW, {**values, "key": filled["key"], "coverage_through": ""})
    assert done.status_code == 302, done.context["form"].errors
    assert known.courses.count() == 2
    page = front_desk.get(done.url).content.decode()
    assert "Earlier radiation" in page
    assert "thoracic spine" in page


def test_an_unknown_mrn_says_so_and_loses_nothing(front_desk, books):
    response = front_desk.post(NEW, {"mrn": "NEW-1", "last_name": "Typed", "look": "1"})
    assert "No patient of this MRN" in response.content.decode()
    assert values_of(response)["last_name"] == "Typed"


def test_while_typing_the_fields_of_a_known_mrn_come_back_filled(front_desk, known, books):
    url = reverse("registration_look")
    page = front_desk.post(url, {"mrn": "FD-1002"}).content.decode()
    assert 'value="Bluecross"' in page
    assert 'value="05/05/1950"' in page
    assert page.count('hx-swap-oob="true"') == 7
    other = front_desk.post(url, {"mrn": "FD-1002", "last_name": "Quite-Other"}).content.decode()
    assert "hx-swap-oob" not in other
    assert "Use this patient" in other


@pytest.mark.parametrize(
    "typed",
    [
        {"last_name": "Bluecross", "first_name": "Bob", "date_of_birth": "1950-05-05"},
        {"last_name": "Blucross", "first_name": "Robert", "date_of_birth": "1950-05-05"},
        {"last_name": "Bob", "first_name": "Bluecross", "date_of_birth": "1950-05-05"},
        {"last_name": "Quite", "first_name": "Other", "member_id": "w-1234"},
    ],
)
def test_somebody_like_this_is_named_while_typing(front_desk, known, typed):
    page = front_desk.post(reverse("registration_look"), {"mrn": "X1", **typed}).content.decode()
    assert "1 like this" in page
    assert "FD-1002" in page


@pytest.mark.parametrize(
    "typed",
    [
        {"last_name": "Bluecross", "first_name": "Bob", "date_of_birth": "1951-05-05"},
        {"last_name": "Zimmer", "first_name": "Ada", "date_of_birth": "1950-05-05"},
        {"last_name": "Bluecross", "first_name": "Bob", "date_of_birth": "nonsense"},
        {"mrn": "FD-1002", "last_name": "Bluecross", "date_of_birth": "1950-05-05"},
        {},
    ],
)
def test_others_are_not_like_this(front_desk, known, typed):
    assert patients_alike(typed, front_desk.user) == []


def test_on_saving_it_is_a_question_and_no_dead_end(front_desk, known, filled):
    typed = filled | {"last_name": "Bluecros", "first_name": "Bob", "member_id": "OTHER9"}
    asked = front_desk.post(NEW, typed)
    page = asked.content.decode()
    assert asked.status_code == 200
    assert "1 like this" in page
    assert "is another person" in page
    assert Patient.objects.count() == 1
    done = front_desk.post(NEW, typed | {"is_another_person": "on"})
    assert done.status_code == 302
    assert Course.objects.get(code=filled["code"]).patient.mrn == filled["mrn"]


def test_the_patient_who_was_meant_is_used_instead(front_desk, known, filled):
    typed = filled | {"last_name": "Bluecros", "fill": str(known.pk)}
    values = values_of(front_desk.post(NEW, typed))
    assert (values["mrn"], values["last_name"]) == ("FD-1002", "Bluecross")
    assert values["code"] == filled["code"]


def test_a_new_course_begins_at_the_patient(front_desk, known, books):
    page = front_desk.get(reverse("patient_detail", args=[known.pk])).content.decode()
    link = f"{NEW}?patient={known.pk}"
    assert link in page
    assert values_of(front_desk.get(link))["mrn"] == "FD-1002"


def test_patients_of_another_facility_are_neither_filled_in_nor_named(
    front_desk, known, filled, elsewhere
):
    known.courses.update(facility=elsewhere)
    for sent in ({"mrn": "FD-1002", "look": "1"}, {"fill": str(known.pk)}):
        assert "Bluecross" not in front_desk.post(NEW, sent).content.decode()
    assert "Bluecross" not in front_desk.get(f"{NEW}?patient={known.pk}").content.decode()
    typed = filled | {"last_name": "Bluecros", "first_name": "Bob", "member_id": "W1234"}
    assert patients_alike(typed, front_desk.user) == []
    assert front_desk.post(NEW, typed).status_code == 302


def test_earlier_courses_are_those_one_may_see_begun_before(front_desk, known, facility, elsewhere):
    first = known.courses.get()
    later = make.CourseFactory(patient=known, facility=facility, first_fraction_on=date(2027, 3, 1))
    make.CourseFactory(patient=known, facility=elsewhere, first_fraction_on=date(2020, 1, 6))
    found = earlier_courses(known, front_desk.user, before=later)
    assert [(e.course, e.last_day) for e in found] == [
        (first, first.sessions.get().date_of_service)
    ]
    assert earlier_courses(known, front_desk.user, before=first) == []


def test_a_possible_duplicate_is_named_on_the_page_of_the_patient(front_desk, known, facility):
    double = make.PatientFactory(
        mrn="FD-2002", last_name="Blucross", first_name="Bob", date_of_birth=date(1950, 5, 5)
    )
    make.CourseFactory(patient=double, facility=facility)
    page = front_desk.get(reverse("patient_detail", args=[known.pk])).content.decode()
    assert "1 like this" in page
    assert "FD-2002" in page


def test_earlier_radiation_is_named_on_the_request(front_desk, known, facility, plan):
    later = make.CourseFactory(patient=known, facility=facility, first_fraction_on=date(2027, 3, 1))
    request = make.PriorAuthorizationFactory(course=later, plan=plan, facility=facility)
    for name, pk in (("authorization_new", later.pk), ("authorization_packet", request.pk)):
        page = front_desk.get(reverse(name, args=[pk])).content.decode()
        assert "Earlier radiation" in page, name
        assert "thoracic spine" in page, name
