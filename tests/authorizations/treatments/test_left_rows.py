"""The day sheet answers for every row that was sent: saved, or named with who changed what."""

from __future__ import annotations

from datetime import datetime, timedelta

import pghistory
import pytest
import time_machine
from django.urls import reverse

from accounts.models import Role
from authorizations.models import GuidanceSession, PaperEntry, SheetDraft
from authorizations.treatments.row_codes import RowCode, write_code
from tests import factories as make
from tests.support.treatment_pages import MONDAY, sheet, typed

pytestmark = pytest.mark.django_db
SHIFT = "-2.7"


def change(course, by, **values) -> None:
    """Somebody changes the course while the sheet is open elsewhere."""
    with pghistory.context(user=by.pk):
        for name, value in values.items():
            setattr(course, name, value)
        course.save()


@pytest.fixture
def floor(facility, therapist):
    """A Monday afternoon, a therapist signed in."""
    with time_machine.travel(datetime(2026, 10, 5, 17, tzinfo=facility.tz), tick=False):
        therapist.force_login(therapist.user)
        yield therapist


@pytest.fixture
def mona(person):
    """The manager, by name."""
    user = person(Role.MANAGER, None)
    user.first_name, user.last_name = "Mona", "Ledger"
    user.save()
    return user


@pytest.fixture
def meadow(db):
    return make.FacilityFactory(code="MEADOW", name="Meadow")


def ways(meadow):
    """What takes a row off the sheet, and what is said of it."""
    return {
        "moved": ({"facility": meadow}, "moved the course to Meadow"),
        "ended": (
            {
                "first_fraction_on": MONDAY - timedelta(days=4),
                "ended_on": MONDAY - timedelta(days=3),
                "end_reason": "died",
            },
            "ended the course on 2 Oct 2026",
        ),
        "later": (
            {"first_fraction_on": MONDAY + timedelta(days=7)},
            "moved the first treatment to 12 Oct 2026",
        ),
    }


@pytest.mark.parametrize("way", ["moved", "ended", "later"])
def test_a_row_that_left_is_named_with_who_changed_what_and_kept(
    floor,
    course,
    approved,
    mona,
    meadow,
    way,
):
    address = sheet(course)
    values, words = ways(meadow)[way]
    change(course, mona, **values)
    page = floor.post(address, typed(course, shift_si=SHIFT), follow=True)
    text = page.content.decode()
    assert "Nothing was typed" not in text
    assert f"{course.patient} left this sheet on " in text
    assert f"Mona Ledger {words}." in text
    assert SHIFT in text
    assert not GuidanceSession.objects.exists()
    assert SheetDraft.objects.get().rows[f"{course.pk}-1"]["shift_si"] == SHIFT
    again = floor.get(address).content.decode()
    assert f"Mona Ledger {words}." in again
    assert SHIFT in again


def test_the_other_rows_are_saved(floor, course, approved, mona, meadow):
    address = sheet(course)
    other = make.CourseFactory(facility=course.facility, first_fraction_on=MONDAY)
    change(other, mona, facility=meadow)
    page = floor.post(address, typed(course) | typed(other, shift_si=SHIFT), follow=True)
    text = page.content.decode()
    assert "1 row saved." in text
    assert "1 row left this sheet" in text
    assert GuidanceSession.objects.get().course == course
    assert list(SheetDraft.objects.get().rows) == [f"{other.pk}-1"]


def test_a_row_planned_away_is_kept(floor, course, mona):
    change(course, mona, fractions_per_day=2)
    second = {
        name.replace(f"{course.pk}-1", f"{course.pk}-2"): value
        for name, value in typed(course, shift_si=SHIFT).items()
    }
    change(course, mona, fractions_per_day=1)
    text = floor.post(sheet(course), second, follow=True).content.decode()
    assert "Mona Ledger planned it once a day." in text
    assert SHIFT in text


def test_a_day_closed_meanwhile_or_another_machine_saves_the_row(
    floor,
    course,
    approved,
):
    course.facility.closed_days = [MONDAY]
    course.facility.machines = ["TB1", "TB2"]
    course.facility.save()
    answer = floor.post(sheet(course) + "&machine=TB2", typed(course), follow=True)
    assert "1 row saved." in answer.content.decode()
    assert GuidanceSession.objects.count() == 1


def test_a_machine_that_is_gone_loses_nothing(floor, course, approved):
    floor.post(sheet(course) + "&machine=GONE", typed(course))
    assert GuidanceSession.objects.count() == 1


def test_one_row_is_forgotten_and_the_rest_stays(
    floor,
    course,
    mona,
    meadow,
):
    other = make.CourseFactory(facility=course.facility, first_fraction_on=MONDAY)
    address = sheet(course)
    drafts = address.replace(reverse("day_sheet"), reverse("day_sheet_draft"))
    floor.post(drafts, typed(course, delivered="") | typed(other, delivered=""))
    change(course, mona, facility=meadow)
    floor.post(drafts, {"discard": f"{course.pk}-1"})
    assert list(SheetDraft.objects.get().rows) == [f"{other.pk}-1"]


def test_a_row_of_no_course_of_this_facility_names_nobody(
    floor,
    course,
    elsewhere,
):
    foreign = make.CourseFactory(facility=elsewhere, first_fraction_on=MONDAY)
    page = floor.post(sheet(course), typed(foreign, shift_si=SHIFT), follow=True)
    text = page.content.decode()
    assert foreign.patient.last_name not in text
    assert "This row is of no course of this facility." in text


def test_a_sheet_sent_too_late_keeps_what_has_left(
    floor,
    course,
    mona,
    meadow,
):
    address = sheet(course)
    floor.get(address)
    session = floor.session
    session["last_seen_at"] = 1_000
    session.save()
    change(course, mona, facility=meadow)
    floor.post(address, typed(course, shift_si=SHIFT))
    assert SheetDraft.objects.get().rows[f"{course.pk}-1"]["shift_si"] == SHIFT


def test_what_was_typed_from_paper_is_kept_on_the_sheet(
    floor,
    course,
    mona,
):
    code = write_code(RowCode(course.pk, MONDAY, 1))
    change(course, mona, first_fraction_on=MONDAY + timedelta(days=7))
    sent = typed(course, shift_si=SHIFT) | {"code": code}
    text = floor.post(reverse("paper_entry"), sent, follow=True).content.decode()
    assert "Mona Ledger moved the first treatment to 12 Oct 2026." in text
    assert SHIFT in text
    assert not PaperEntry.objects.exists()


def test_images_answered_by_somebody_else_are_named(physician, oncologist, course, treat):
    session = treat(course, reviewed=False)[0]
    make.ImageReviewFactory(session=session, reviewed_by=oncologist)
    answer = physician.post(
        reverse("image_review_record"),
        {"session": [session.pk], "decision": "approved"},
        follow=True,
    )
    text = answer.content.decode()
    assert f"answered by {oncologist.name}" in text
    assert "Tick the sessions" not in text


def test_an_answer_for_a_line_that_is_gone_is_named_and_nothing_is_written(
    front_desk, approved, course
):
    line = max(row.pk for row in approved.lines.all()) + 1000
    sent = {"decided_on": "2026-10-01", f"line-{line}-decision": "approved",
            f"line-{line}-units_approved": "17"}  # fmt: skip
    page = front_desk.post(reverse("authorization_correct", args=[approved.pk]), sent)
    assert "A line you answered is not of this request any more: approved, 17." in (
        page.content.decode()
    )
