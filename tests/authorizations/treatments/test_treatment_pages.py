"""Therapist and physician: the day sheet, image review, importing the day."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from authorizations.models import GuidanceSession, ImageReview, ImportedRow, ImportRun
from tests import factories as make
from tests.support.treatment_pages import HEADING, MONDAY, line, preview, sheet, typed
from tests.support.treatment_pages import kept as kept

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(facility):
    """A Monday noon on which the course has its first fraction."""
    from datetime import datetime

    with time_machine.travel(datetime(2026, 10, 5, 17, 0, tzinfo=facility.tz), tick=False) as clock:
        yield clock


@pytest.fixture
def therapist_now(clock, therapist):
    therapist.force_login(therapist.user)
    return therapist


def test_a_row_becomes_a_session_with_a_judged_charge(therapist_now, course, approved):
    response = therapist_now.post(sheet(course), typed(course))
    assert response.status_code == 302
    session = GuidanceSession.objects.get()
    assert session.started_at.astimezone(course.facility.tz).strftime("%H:%M") == "09:05"
    assert session.image_at.astimezone(course.facility.tz).strftime("%H:%M") == "09:01"
    assert session.charges.get().disposition
    page = therapist_now.get(sheet(course)).content.decode()
    assert "1</strong> of 1 recorded" in page


def test_saving_twice_records_once(therapist_now, course, approved):
    for _ in range(2):
        therapist_now.post(sheet(course), typed(course))
    assert GuidanceSession.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"shift_lr": "9999"}, "9999"),
        ({"shift_lr": "3,7mm"}, "is not a number"),
        ({"shift_lr": ""}, "Type all three shifts"),
        ({"fraction": "500"}, "not one of the 28 planned"),
        ({"start_time": "25:00"}, "25:00"),
        ({"modality": "telepathy"}, "is not known"),
        ({"delivered": ""}, "Say whether the treatment was delivered"),
        ({"machine": "ZZ9"}, "is not at this facility"),
        ({"rotations": "1 2"}, "pitch, roll and yaw"),
    ],
)
def test_a_bad_row_says_what_is_wrong_and_keeps_what_was_typed(
    therapist_now, course, approved, changes, said
):
    response = therapist_now.post(sheet(course), typed(course, **changes))
    page = response.content.decode()
    assert response.status_code == 200
    assert said in page
    assert 'value="-2"' in page
    assert GuidanceSession.objects.count() == 0


def test_good_rows_are_saved_beside_bad_ones(therapist_now, course, approved, plan):
    other = make.CourseFactory(facility=course.facility, first_fraction_on=MONDAY)
    make.CoverageFactory(patient=other.patient, plan=plan)
    therapist_now.post(sheet(course), typed(course) | typed(other, shift_ap="9999"))
    assert [s.course for s in GuidanceSession.objects.all()] == [course]


def test_a_day_to_come_cannot_be_recorded(therapist_now, course, approved):
    tomorrow = MONDAY + timedelta(days=1)
    response = therapist_now.post(sheet(course, tomorrow), typed(course))
    assert "still to come" in response.content.decode()
    assert GuidanceSession.objects.count() == 0


def test_a_session_recorded_by_mistake_is_taken_back_with_a_reason(
    therapist, course, approved, treat
):
    session = treat(course)[0]
    url = reverse("session_void", args=[session.pk])
    assert "Say why" in therapist.post(url, {"reason": ""}).content.decode()
    assert therapist.post(url, {"reason": "wrong patient"}).status_code == 302
    session.refresh_from_db()
    assert session.voided_by == therapist.user
    assert session.authorized_service is None
    assert not session.charges.live().exists()


def test_the_physician_approves_many_at_once(physician, oncologist, course, approved, treat):
    sessions = treat(course, 3, reviewed=False)
    page = physician.get(reverse("image_review_list")).content.decode()
    assert "3 sessions to look at" in page
    physician.post(
        reverse("image_review_record"),
        {"session": [s.pk for s in sessions], "decision": "approved"},
    )
    assert ImageReview.objects.filter(reviewed_by=oncologist, decision="approved").count() == 3
    assert "No images wait for you" in physician.get(reverse("image_review_list")).content.decode()


def test_rejecting_needs_a_note(physician, oncologist, course, approved, treat):
    session = treat(course, reviewed=False)[0]
    url = reverse("image_review_record")
    physician.post(url, {"session": session.pk, "decision": "rejected"})
    assert ImageReview.objects.count() == 0
    physician.post(url, {"session": session.pk, "decision": "rejected", "note": "out of field"})
    assert ImageReview.objects.get().decision == "rejected"


def test_a_login_without_an_oncologist_behind_it_approves_nothing(
    physician, course, approved, treat
):
    session = treat(course, reviewed=False)[0]
    response = physician.post(reverse("image_review_record"), {"session": session.pk}, follow=True)
    assert "Only a radiation oncologist approves images" in response.content.decode()
    assert ImageReview.objects.count() == 0


def test_a_file_is_looked_at_before_it_is_written(therapist, course, approved, kept):
    text = HEADING + line(course) + line(course, "R2", "500") + line(course, "R3", "2", "NOWHERE")
    response = preview(therapist, text)
    page = response.content.decode()
    assert "Nothing is written yet" in page
    assert "not one of the 28 planned" in page
    assert "is not in our book" in page
    assert GuidanceSession.objects.count() == 0
    done = therapist.post(reverse("treatment_import_apply"), {"ticket": response.context["ticket"]})
    assert GuidanceSession.objects.count() == 1
    page = therapist.get(done["Location"]).content.decode()
    assert "not one of the 28 planned" in page
    assert ImportedRow.objects.filter(outcome="refused").count() == 2


def test_the_same_file_again_changes_nothing(therapist, course, approved, kept):
    for _ in range(2):
        response = preview(therapist, HEADING + line(course))
        therapist.post(reverse("treatment_import_apply"), {"ticket": response.context["ticket"]})
    assert ImportRun.objects.count() == 1
    assert GuidanceSession.objects.count() == 1


def test_rows_of_a_facility_one_does_not_work_in_are_refused(therapist, elsewhere, plan, kept):
    stranger = make.CourseFactory(facility=elsewhere)
    page = preview(therapist, HEADING + line(stranger)).content.decode()
    assert "You do not import for facility OTHER" in page


def test_a_ticket_of_somebody_else_opens_nothing(therapist, client_of, course, approved, kept):
    ticket = preview(therapist, HEADING + line(course)).context["ticket"]
    other = client_of("front_desk")
    response = other.post(reverse("treatment_import_apply"), {"ticket": ticket}, follow=True)
    assert "Choose the files again" in response.content.decode()
    assert GuidanceSession.objects.count() == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", ""),
        (b"a,b\n1,2\n", ""),
        (b"", "empty"),
        (b"x" * (20 * 1024 * 1024), "at most 10 MB"),
    ],
    ids=["picture", "other-columns", "empty", "twenty-megabytes"],
)
def test_a_file_that_is_no_export_is_refused_whole(therapist, facility, kept, content, said):
    response = preview(therapist, content)
    assert response.status_code == 200
    assert response.context["form"].errors["files"]
    assert said in str(response.context["form"].errors["files"])
    assert ImportRun.objects.count() == 0
