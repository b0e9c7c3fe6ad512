"""Registering a course in one form, and what the page answers at once."""

from __future__ import annotations

import uuid

import pytest
from django.urls import reverse

from authorizations.exchange.row_reader import NOT_FOUND_HERE
from authorizations.models import (
    Course,
    Coverage,
    Patient,
)
from seeds.demo.letters import letter_as_pdf
from tests import factories as make
from tests.support.registration import filled as filled

pytestmark = pytest.mark.django_db
PDF = letter_as_pdf("A letter")


def register(client, filled, **changes):
    return client.post(reverse("course_new"), {**filled, **changes})


def test_registering_answers_at_once_what_the_payer_asks(front_desk, filled, plan):
    response = front_desk.post(reverse("course_new"), filled, follow=True)
    course = Course.objects.get(code="CRS-1")
    assert response.redirect_chain[-1][0] == reverse("course_detail", args=[course.pk]) + "?new=1"
    page = response.content.decode()
    assert "requires authorization for this course" in page
    policy = plan.authorizationpolicy_rows.get()
    assert policy.source in page
    assert "Asked now, answered by" in page


def test_a_double_click_registers_once(front_desk, filled):
    first = register(front_desk, filled)
    second = register(front_desk, filled)
    assert first["Location"] == second["Location"]
    assert Course.objects.count() == 1


def test_a_known_patient_is_found_by_mrn(front_desk, filled):
    register(front_desk, filled)
    register(front_desk, filled, key=str(uuid.uuid4()), code="CRS-2")
    assert Patient.objects.count() == 1
    assert Coverage.objects.count() == 1
    assert Course.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"last_name": "=HYPERLINK(1)"}, "last_name", "A name begins with a letter"),
        ({"last_name": "<script>"}, "last_name", "A name begins with a letter"),
        ({"mrn": "M 1"}, "mrn", "Letters, digits and hyphens only"),
        ({"date_of_birth": "2126-01-01"}, "date_of_birth", "lies in the past"),
        ({"date_of_birth": "1850-01-01"}, "date_of_birth", "the year 1850 is not plausible"),
        ({"date_of_birth": "1901-01-01"}, "date_of_birth", "at most 120 years"),
        ({"date_of_birth": "31.12.1950"}, "date_of_birth", "is not a day of the calendar"),
        ({"plan": "no such plan"}, "plan", "No plan “no such plan”"),
        ({"diagnosis": "Z99.99"}, "diagnosis", "No diagnosis “Z99.99”"),
        ({"delivery_code": "99999"}, "delivery_code", "not in our book"),
        ({"delivery_code": "77385"}, "delivery_code", "77385 is deleted"),
        ({"fractions_planned": "61"}, "fractions_planned", "less than or equal to 60"),
        ({"fractions_planned": "0"}, "fractions_planned", "greater than or equal to 1"),
        ({"first_fraction_on": "2036-01-01"}, "first_fraction_on", "more than a year away"),
        ({"coverage_through": "2025-01-01"}, "coverage_through", "ends before it begins"),
        ({"coverage_from": "2030-01-01"}, "coverage_from", "does not hold"),
        ({"member_id": "=1+1"}, "member_id", "Letters, digits, hyphens and spaces only"),
    ],
)
def test_bad_input_is_said_at_its_field_and_nothing_typed_is_lost(
    front_desk, filled, changes, field, said
):
    response = register(front_desk, filled, **changes)
    assert response.status_code == 200
    assert said in " ".join(response.context["form"].errors[field])
    assert 'value="Erin"' in response.content.decode()
    assert Course.objects.count() == 0
    assert Patient.objects.count() == 0


def test_an_mrn_of_somebody_else_is_refused_without_naming_them(front_desk, filled):
    make.PatientFactory(mrn="M1001", last_name="Hidden")
    response = register(front_desk, filled)
    assert response.context["form"].errors["mrn"] == [NOT_FOUND_HERE]
    assert "Hidden" not in response.content.decode()


def test_a_second_primary_coverage_on_the_same_dates_is_refused(front_desk, filled):
    register(front_desk, filled)
    other = make.PlanFactory(code="OTHER-PLAN")
    response = register(front_desk, filled, key="", code="CRS-2", plan=other.code)
    assert "another primary coverage" in str(response.context["form"].errors["plan"])


def test_a_plan_and_a_diagnosis_are_found_by_a_word(front_desk, filled, plan):
    register(front_desk, filled, plan=plan.name, diagnosis="prostate")
    course = Course.objects.get()
    assert course.diagnosis == "C61"
    assert course.patient.coverages.get().plan == plan


def test_a_diagnosis_is_suggested_while_typing(front_desk, books):
    page = front_desk.get(reverse("diagnosis_search"), {"diagnosis": "prost"}).content.decode()
    assert '<option value="C61">' in page
