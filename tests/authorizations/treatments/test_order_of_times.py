"""Image, beam, approval: what comes in the wrong order is asked about, held and shown."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts.models import Role
from authorizations.charges.actions import release
from authorizations.imports.actions import plan_import, read_and_import
from authorizations.models import Charge, GuidanceSession, ImageReview
from authorizations.verdicts.judge_course import judge_course
from authorizations.workflow import IllegalMove
from tests.support.treatment_pages import HEADING, line, sheet, typed

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 10, 5)


@pytest.fixture
def therapist_now(facility, therapist):
    with time_machine.travel(datetime(2026, 10, 5, 21, 0, tzinfo=facility.tz), tick=False):
        therapist.force_login(therapist.user)
        yield therapist


def confirmed(course) -> dict[str, str]:
    return {f"row-{course.pk}-1-times_confirmed": "on"}


def test_the_sheet_asks_about_an_image_after_the_beam_and_takes_it_when_confirmed(
    therapist_now, course, approved
):
    wrong = typed(course, start_time="04:50", image_time="04:55")
    page = therapist_now.post(sheet(course), wrong).content.decode()
    assert "The image, 04:55, is after the treatment began, 04:50." in page
    assert "times_confirmed" in page
    assert 'value="04:55"' in page
    assert GuidanceSession.objects.count() == 0
    assert therapist_now.post(sheet(course), wrong | confirmed(course)).status_code == 302
    charge = Charge.objects.get()
    assert "R63" in charge.reviews.last().verdict
    assert charge.status == "held"


@pytest.mark.parametrize("modality", ["transponder", "intrafraction_xray"])
def test_what_watches_during_the_beam_is_not_asked_about(therapist_now, course, approved, modality):
    given = typed(course, start_time="09:00", image_time="09:05", modality=modality)
    assert therapist_now.post(sheet(course), given).status_code == 302
    assert "R63" not in Charge.objects.get().reviews.last().verdict


@pytest.mark.parametrize(("start", "image", "before"), [("00:05", "23:58", 7), ("9:05", "9:01", 4)])
def test_an_image_just_before_midnight_belongs_to_the_evening_before(
    therapist_now, course, approved, start, image, before
):
    given = typed(course, start_time=start, image_time=image)
    assert therapist_now.post(sheet(course), given).status_code == 302
    session = GuidanceSession.objects.get()
    assert session.started_at - session.image_at == timedelta(minutes=before)
    assert session.date_of_service == MONDAY


def test_an_image_ten_hours_after_the_beam_is_asked_about(therapist_now, course, approved):
    given = typed(course, start_time="08:00", image_time="18:00")
    assert "18:00, is after" in therapist_now.post(sheet(course), given).content.decode()


def test_a_correction_of_the_session_asks_too(therapist, course, approved, treat):
    session = treat(course, 1, reviewed=False)[0]
    where = reverse("session_correct", args=[session.pk])
    values = {
        "delivered": "yes",
        "start_time": "10:00",
        "image_time": "10:20",
        "modality": "cbct",
        "shift_lr": "1",
        "shift_si": "-2",
        "shift_ap": "0",
        "machine": session.machine,
        "reason": "Clock of the console",
    }
    page = therapist.post(where, values).content.decode()
    assert "is after the treatment began" in page
    assert "Clock of the console" in page
    assert therapist.post(where, values | {"times_confirmed": "on"}).status_code == 302
    session.refresh_from_db()
    assert session.image_at > session.started_at


def test_an_import_says_it_in_the_preview_and_stores_what_the_rule_holds(
    course, approved, person, django_user_model
):
    text = HEADING + line(course).replace("08:56", "09:20")
    planned = plan_import([text.encode()])
    assert [row.outcome for row in planned.rows] == ["recorded"]
    assert "The image, 09:20, is after the treatment began, 09:00" in planned.rows[0].sentence
    read_and_import([text.encode()], by=person(Role.THERAPIST))
    session = GuidanceSession.objects.get()
    assert session.image_at - session.started_at == timedelta(minutes=20)
    assert "R63" in session.charges.get().reviews.last().verdict


def test_an_import_puts_the_evening_image_before_the_beam_and_repeats_it_unchanged(
    course, approved, person
):
    text = HEADING + line(course).replace("09:00,09:15", "00:05,00:20").replace("08:56", "23:58")
    therapist = person(Role.THERAPIST)
    read_and_import([text.encode()], by=therapist)
    session = GuidanceSession.objects.get()
    assert session.started_at - session.image_at == timedelta(minutes=7)
    again = plan_import([(text + "\n").encode()])
    assert [row.outcome for row in again.rows] == ["repeated"]


def test_an_image_after_the_beam_is_held_and_the_evidence_says_so(course, approved, treat, coder):
    session = treat(course, 1)[0]
    GuidanceSession.objects.filter(pk=session.pk).update(
        image_at=session.started_at + timedelta(minutes=5)
    )
    judge_course(course, by=coder.user, on=date(2026, 11, 23))
    charge = session.charges.get()
    assert (charge.disposition, charge.leading_rule) == ("HOLD", "R63")
    with pytest.raises(IllegalMove, match="give the reason"):
        release(charge=charge, by=coder.user)
    page = coder.get(reverse("session_evidence", args=[session.pk])).content.decode()
    assert "After the beam" in page
    assert "Taken after the treatment began" in page


def test_an_approval_before_the_image_is_held(course, approved, treat, coder):
    session = treat(course, 1)[0]
    ImageReview.objects.update(reviewed_at=session.started_at - timedelta(hours=1))
    judge_course(course, by=coder.user, on=date(2026, 11, 23))
    charge = session.charges.get()
    assert (charge.disposition, charge.leading_rule) == ("HOLD", "R64")
    page = coder.get(reverse("session_evidence", args=[session.pk])).content.decode()
    assert "Before the image" in page


def test_fractions_in_the_wrong_order_of_days_are_shown(course, approved, treat, coder):
    first, second = treat(course, 2)
    first.fraction, second.fraction = 30, 31
    for session in (first, second):
        session.save()
    first.fraction, second.fraction = 2, 1
    for session in (first, second):
        session.save()
    judge_course(course, by=coder.user, on=date(2026, 11, 23))
    charges = [session.charges.get() for session in (first, second)]
    assert [(c.disposition, c.leading_rule) for c in charges] == [("WARN", "R66")] * 2
