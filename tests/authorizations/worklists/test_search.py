"""The search finds what people know: a first name, a birth date, a part of a number."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import AccessEvent
from authorizations.models import Patient
from authorizations.models.searchable import WordsToSearch
from authorizations.worklists.search import fitting_patients, patient_numbers, search_cases
from authorizations.worklists.search_terms import plain_words, read_search
from tests import factories as make
from tests.support.past import look_back_to, moment_between

TODAY = date(2026, 11, 27)
BORN = date(1958, 3, 14)


@pytest.fixture
def carla(facility, plan):
    """A patient with a course, a coverage, a request and a call about it."""
    patient = make.PatientFactory(
        mrn="FD-1003", last_name="García-López", first_name="Carla Mae", date_of_birth=BORN
    )
    course = make.CourseFactory(patient=patient, facility=facility, code="FD-1003-C1")
    make.CoverageFactory(patient=patient, plan=plan, member_id="W123456789")
    request = make.PriorAuthorizationFactory(
        course=course, plan=plan, facility=facility, number="A00017387", reference="CS 88-1204"
    )
    make.ContactFactory(authorization=request, reference="CALL-991")
    return patient


def names(found) -> tuple[list, list, list]:
    return (
        [str(p) for p in found.patients],
        [str(r) for r in found.requests],
        [str(p) for p in found.similar],
    )


def look(text: str, client) -> tuple[list, list, list]:
    return names(search_cases(read_search(text, TODAY), client.user))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    [
        *("García", "garcia", "GARCI", "lopez", "López", "garcialopez", "Garcia Lopez"),
        *("carla", "Carla Garcia", "garcia, carla", "lopez carla", "carla mae", "mae"),
        *("1003", "fd1003", "FD-1003", "fd 1003", "FD-1003-C1"),
        *("1958-03-14", "3/14/58", "03/14/1958", "3-14-1958", "14/3/1958", "03141958"),
        *("14 Mar 1958", "March 14, 1958", "carla 3/14/58", "3/14/58, garcia"),
        *("W123456789", "w123 456 789", "456789"),
    ],
)
def test_a_patient_is_found_by(text, front_desk, carla):
    assert look(text, front_desk) == (["García-López, Carla Mae"], [], [])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    [
        "A00017387",
        "a00017387",
        "17387",
        "A 0001 7387",
        "A-00017387",
        "CS 88-1204",
        "cs881204",
        "881204",
        "CALL-991",
        "call 991",
        "991",
    ],
)
def test_a_request_is_found_by(text, front_desk, carla):
    assert look(text, front_desk) == ([], ["A00017387"], [])


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["obrien", "O'Brien", "o’brien", "o brien", "OBrien"])
def test_an_apostrophe_does_not_matter(text, front_desk, facility):
    patient = make.PatientFactory(last_name="O'Brien", first_name="Sean")
    make.CourseFactory(patient=patient, facility=facility)
    assert look(text, front_desk)[0] == ["O'Brien, Sean"]


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["carla 3/15/58", "mario garcia", "3/14/59", "2058-03-14", "xyz"])
def test_what_does_not_fit_is_not_found(text, front_desk, carla):
    assert look(text, front_desk)[:2] == ([], [])


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["gracia", "garca", "garrcia", "lopes, carla", "crala garcia"])
def test_a_name_written_nearly_so_is_listed_and_never_opened(text, front_desk, carla):
    assert look(text, front_desk) == ([], [], ["García-López, Carla Mae"])
    page = front_desk.post(reverse("search"), {"text": text})
    assert page.status_code == 200
    assert "Similar names" in page.content.decode()
    assert "14 Mar 1958" in page.content.decode()


@pytest.mark.django_db
def test_the_only_one_that_fits_is_opened(front_desk, carla):
    by_name = front_desk.post(reverse("search"), {"text": "garcia carla"})
    assert by_name.url == reverse("course_detail", args=[carla.courses.get().pk])
    request = carla.courses.get().authorizations.get()
    by_number = front_desk.post(reverse("search"), {"text": "A 0001-7387"})
    assert by_number.url == reverse("authorization_detail", args=[request.pk])


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["garcia", "gracia", "1003", "3/14/58", "W123456789", "A00017387"])
def test_a_patient_of_another_facility_is_not_found(text, front_desk, carla, elsewhere):
    course = carla.courses.get()
    request = course.authorizations.get()
    type(course).objects.filter(pk=course.pk).update(facility=elsewhere)
    type(request).objects.filter(pk=request.pk).update(facility=elsewhere)
    assert look(text, front_desk) == ([], [], [])


@pytest.mark.django_db
def test_the_other_facilitys_course_is_not_listed(front_desk, carla, elsewhere):
    make.CourseFactory(patient=carla, facility=elsewhere, code="THEIRS-9")
    found = search_cases(read_search("carla", TODAY), front_desk.user)
    assert [c.code for c in found.patients[0].courses_here] == ["FD-1003-C1"]
    assert look("THEIRS-9", front_desk)[0] == []


@pytest.mark.django_db
def test_what_was_searched_for_is_in_no_address_and_no_log(front_desk, carla, caplog):
    page = front_desk.post(reverse("search"), {"text": "gracia 3/14/58"})
    event = AccessEvent.objects.get(action="search")
    assert (event.page, event.rows, event.patient_number) == ("search", 1, None)
    assert "gracia" not in caplog.text
    assert "gracia" not in "".join(page.headers.values())
    assert "text=" not in page.content.decode().replace("hx-", "")


@pytest.mark.django_db
def test_many_cost_no_more_questions_than_one(front_desk, facility):
    def asked(count: int) -> int:
        for _ in range(count):
            patient = make.PatientFactory(last_name="Many", first_name="Mia")
            make.CourseFactory(patient=patient, facility=facility)
        with CaptureQueriesContext(connection) as queries:
            search_cases(read_search("many", TODAY), front_desk.user)
        return len(queries)

    assert asked(1) >= asked(10)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("garcia", "patient_search"),
        ("3/14/58", "patient_born"),
        ("FD1003", "coverage_search"),
        ("FD1003", "course_search"),
    ],
)
def test_an_index_finds_it(text, index, front_desk, carla):
    """With sequential reading made dear, each way goes through its index."""
    mine = type(carla.courses.get()).objects.all()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexscan = off")
    plan = fitting_patients(read_search(text, TODAY), mine).explain()
    assert index in plan, plan


@pytest.mark.django_db
@given(st.text(max_size=30).filter(lambda t: "\0" not in t and t.isprintable()))
def test_the_database_takes_latin_names_apart_as_python_does(name):
    latin = "".join(c for c in name if ord(c) < 0x250) or "x"
    Patient.objects.filter(mrn="SAME-1").delete()
    row = make.PatientFactory(mrn="SAME-1", last_name=latin, first_name="")
    told = patient_numbers().filter(pk=row.pk).annotate(w=WordsToSearch("last_name")).get().w
    words = plain_words(latin)
    assert told.split() == [*words, "".join(words)][: None if words else 0]


def test_two_digits_of_a_year_are_of_this_century_and_the_last():
    assert read_search("3/14/20", TODAY).born == (date(1920, 3, 14), date(2020, 3, 14))
    assert read_search("3/14/58", TODAY).born == (BORN,)
    assert read_search("2/30/58", TODAY).born == ()
    assert read_search("3/14/58", TODAY).number == ""
    assert read_search("C1", TODAY).number == ""


@pytest.mark.django_db(transaction=True)
def test_the_search_looks_back_too(front_desk, carla):
    moment = moment_between()
    Patient.objects.filter(pk=carla.pk).update(first_name="Renamed")
    assert look("carla", front_desk)[0] == []
    look_back_to(front_desk, moment)
    found = front_desk.post(reverse("search"), {"text": "carla 3/14/58"})
    assert found.url == reverse("course_detail", args=[carla.courses.get().pk])
