"""Images are answered by a radiation oncologist, before the next treatment, never back-dated."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts.models import ProviderRole
from authorizations.courses.review_deadlines import (
    by_deadline,
    deadline_of,
    most_urgent,
    with_next_start,
)
from authorizations.models import Charge, GuidanceSession, ImageReview
from authorizations.treatments.corrections import correct_session
from authorizations.treatments.reviews import is_statement
from tests import factories as make

pytestmark = pytest.mark.django_db
STATEMENT = "I looked at the cone-beam images and agree with shifts of 1, -2 and 0 mm."


def answer(client, session, decision: str = "approved", note: str = "") -> str:
    data = {"session": session.pk, "decision": decision, "note": note}
    return client.post(reverse("image_review_record"), data, follow=True).content.decode()


def queue(client) -> list:
    return client.get(reverse("image_review_list")).context["rows"]


@pytest.fixture
def resident(person, client_of):
    client = client_of("physician")
    make.ProviderFactory(user=client.user, role=ProviderRole.RESIDENT, npi="")
    return client


def deadline(session) -> datetime:
    row = with_next_start(GuidanceSession.objects.filter(pk=session.pk))
    found = deadline_of(row.select_related("course", "facility").get())
    return found.before.astimezone(session.facility.tz).replace(tzinfo=None)


@pytest.mark.parametrize(
    ("first", "closed", "next_day"),
    [
        (date(2026, 10, 6), [], date(2026, 10, 7)),
        (date(2026, 10, 9), [], date(2026, 10, 13)),  # a weekend, then Columbus Day
        (date(2026, 11, 25), [], date(2026, 11, 27)),  # Thanksgiving
        (date(2026, 11, 25), [date(2026, 11, 27)], date(2026, 11, 30)),
    ],
)
def test_the_next_treatment_is_expected_on_the_next_open_day(
    course, approved, treat, first, closed, next_day
):
    course.first_fraction_on = first
    course.save()
    course.facility.closed_days = closed
    course.facility.save()
    session = treat(course, reviewed=False)[0]
    assert deadline(session) == datetime(next_day.year, next_day.month, next_day.day, 10)


def test_the_deadline_is_the_next_delivered_treatment_not_the_next_image(course, approved, treat):
    first = treat(course, reviewed=False)[0]
    treat(course, reviewed=False, is_delivered=False)
    given = treat(course, reviewed=False, fraction=2)[0]
    assert deadline(first) == given.started_at.astimezone(first.facility.tz).replace(tzinfo=None)


def test_between_two_sessions_of_a_day_there_are_six_hours(course, approved, treat):
    course.fractions_per_day = 2
    course.save()
    session = treat(course, reviewed=False)[0]
    assert deadline(session) == datetime(2026, 10, 5, 16, 0)


def test_the_last_session_of_a_day_waits_for_the_first_of_the_next(course, approved, treat):
    course.fractions_per_day = 2
    course.save()
    first = treat(course, reviewed=False)[0]
    second = make.GuidanceSessionFactory(
        course=course,
        fraction=2,
        session_of_day=2,
        started_at=first.started_at + timedelta(hours=7),
    )
    assert deadline(second) == datetime(2026, 10, 6, 10, 0)


def test_a_late_approval_is_called_late_and_keeps_its_own_moment(
    physician, oncologist, course, approved, treat
):
    late, _ = treat(course, 2, reviewed=False)
    page = answer(physician, late)
    assert "Approved late: the next treatment began Tue 6 Oct, 10:00." in page
    review = ImageReview.objects.get()
    assert review.reviewed_at == review.recorded_at or (
        review.recorded_at - review.reviewed_at < timedelta(seconds=5)
    )
    shown = physician.get(reverse("session_detail", args=[late.pk])).content.decode()
    assert "the next treatment had begun" in shown
    assert "Images approved, late" in shown
    assert Charge.objects.get(session=late).leading_rule == "R43"


def test_a_form_cannot_bring_an_earlier_moment(physician, oncologist, course, approved, treat):
    session = treat(course, reviewed=False)[0]
    data = {"session": session.pk, "decision": "approved", "reviewed_at": "2026-10-05T11:00"}
    physician.post(reverse("image_review_record"), data)
    assert ImageReview.objects.get().reviewed_at.date() > date(2026, 10, 6)


def test_in_time_is_not_late(physician, oncologist, course, approved, treat):
    session = treat(course, reviewed=False)[0]
    treat(course, reviewed=False)
    noon = datetime(2026, 10, 5, 12, 0, tzinfo=course.facility.tz)
    with time_machine.travel(noon, tick=False):
        physician.force_login(physician.user)
        page = answer(physician, session)
    assert "1 session approved" in page
    assert "Approved late" not in page


@pytest.mark.parametrize(
    "role", [None, "physicist", "therapist", "other", "unknown"], ids=lambda r: r or "nobody"
)
def test_a_delegate_cannot_approve(physician, course, approved, treat, role):
    session = treat(course, reviewed=False)[0]
    if role:
        make.ProviderFactory(user=physician.user, role=role, npi="")
    assert "Only a radiation oncologist approves images" in answer(physician, session)
    assert not ImageReview.objects.exists()


def test_one_who_has_left_cannot_approve(physician, oncologist, course, approved, treat):
    oncologist.is_active = False
    oncologist.save()
    answer(physician, treat(course, reviewed=False)[0])
    assert not ImageReview.objects.exists()


@pytest.mark.parametrize("role", ["therapist", "coder", "manager", "front_desk", "auditor"])
def test_other_roles_do_not_reach_the_queue(client_of, course, approved, treat, role):
    session = treat(course, reviewed=False)[0]
    client = client_of(role)
    make.ProviderFactory(user=client.user)
    url = reverse("image_review_record")
    assert client.post(url, {"session": session.pk}).status_code == 403
    assert not ImageReview.objects.exists()


def test_a_resident_looks_and_the_attending_approves_in_own_words(
    resident, physician, oncologist, course, approved, treat
):
    session = treat(course, reviewed=False)[0]
    assert "looked at; the attending approves" in answer(resident, session, "preliminary")
    assert queue(resident) == []
    assert [row.has_resident for row in queue(physician)] == [True]
    assert "write your own statement" in answer(physician, session, note="Seen and agree.")
    assert ImageReview.objects.filter(decision="approved").count() == 0
    answer(physician, session, note=STATEMENT)
    review = ImageReview.objects.get(decision="approved")
    assert review.has_attending_statement
    charge = Charge.objects.get(session=session)
    assert charge.modifiers == ["26", "GC"]
    assert charge.leading_rule != "R47"


@pytest.mark.parametrize("decision", ["approved", "rejected"])
def test_a_resident_neither_approves_nor_rejects(resident, course, approved, treat, decision):
    session = treat(course, reviewed=False)[0]
    assert "A resident looks first" in answer(resident, session, decision, STATEMENT)
    assert not ImageReview.objects.exists()


def test_a_residents_look_leaves_the_charge_unapproved(resident, course, approved, treat):
    session = treat(course, reviewed=False)[0]
    answer(resident, session, "preliminary")
    assert Charge.objects.get(session=session).leading_rule == "R42"


@pytest.mark.parametrize(
    ("text", "is_own"),
    [
        ("", False),
        ("Seen and agree", False),
        ("I have reviewed and agree with the resident.", False),
        (STATEMENT, True),
    ],
)
def test_what_counts_as_a_statement(text, is_own):
    assert is_statement(text) == is_own


def test_many_are_answered_one_by_one(physician, oncologist, course, approved, treat):
    done, left = treat(course, 2, reviewed=False)
    make.ImageReviewFactory(session=done, decision="preliminary")
    data = {"session": [done.pk, left.pk], "decision": "approved"}
    page = physician.post(reverse("image_review_record"), data, follow=True).content.decode()
    assert "1 session approved" in page
    assert "write your own statement" in page


def test_rejected_images_come_back_once_the_session_is_corrected(
    physician, oncologist, therapist, course, approved, treat
):
    session = treat(course, reviewed=False)[0]
    answer(physician, session, "rejected", "shift sign is wrong")
    assert queue(physician) == []
    correct_session(session=session, by=therapist.user, reason="sign", shift_lr_mm=-1)
    assert [row.session.pk for row in queue(physician)] == [session.pk]
    answer(physician, session)
    assert ImageReview.objects.filter(decision="approved").count() == 1


def test_a_physician_of_one_facility_approves_nothing_in_another(
    physician, oncologist, elsewhere, plan
):
    make.MembershipFactory(user=physician.user, role="auditor", facility=elsewhere)
    session = make.GuidanceSessionFactory(course=make.CourseFactory(facility=elsewhere))
    assert queue(physician) == []
    answer(physician, session)
    assert not ImageReview.objects.exists()


@pytest.mark.parametrize("most", [1, 2, 5, 40])
def test_the_most_urgent_are_the_first_of_all_of_them(course, approved, treat, most):
    """Friday's last session is due on Monday, after the second of Monday's pair is long gone."""
    course.fractions_per_day = 2
    course.save()
    treat(course, 12, reviewed=False)
    for day in range(6):
        other = make.CourseFactory(facility=course.facility, fractions_per_day=1 + day % 2)
        make.GuidanceSessionFactory(
            course=other,
            facility=course.facility,
            session_of_day=1,
            started_at=datetime(2026, 10, 5 + day, 9 + 2 * day, tzinfo=course.facility.tz),
        )
    rows = GuidanceSession.objects.select_related("course", "facility")
    everything = by_deadline(rows)
    assert len(everything) == 18
    assert [d.before for d, _ in everything] != sorted(s.started_at for _, s in everything)
    assert most_urgent(rows, most) == everything[:most]


@pytest.mark.django_db
def test_a_refused_rejection_keeps_its_ticks_and_says_why_in_the_row(
    course, approved, treat, physician, oncologist
):
    wanted, other = treat(course, 2, reviewed=False)
    course.physician = oncologist
    course.save()
    form = {"session": [wanted.pk], "decision": "rejected", "note": ""}
    page = physician.post(reverse("image_review_record"), form, follow=True)
    rows = {row.session.pk: row.refusal for row in page.context["rows"]}
    assert rows == {wanted.pk: "Say why the images are rejected.", other.pk: ""}
    box = re.compile(rf'value="{wanted.pk}"[^>]*checked')
    assert box.search(page.content.decode())
    assert not re.search(rf'value="{other.pk}"[^>]*checked', page.content.decode())
    again = physician.get(reverse("image_review_list"))
    assert not any(row.refusal for row in again.context["rows"])
