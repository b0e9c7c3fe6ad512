"""A day is accounted for, or each gap and double is named, owned, counted and mended."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from authorizations.models import DayGap, GuidanceSession, ImportedRow
from authorizations.treatments.corrections import correct_session
from authorizations.treatments.reconciliation import account_of
from tests import factories as make
from tests.support.treatment_pages import MONDAY, sheet, typed

pytestmark = pytest.mark.django_db
TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def floor(facility, therapist):
    """A Tuesday morning, a therapist signed in."""
    with time_machine.travel(datetime(2026, 10, 6, 9, 0, tzinfo=facility.tz), tick=False):
        therapist.force_login(therapist.user)
        yield therapist


def url(facility, on: date = MONDAY, name: str = "reconciliation") -> str:
    return f"{reverse(name)}?facility={facility.code}&date={on.isoformat()}"


def account(facility, on: date = MONDAY):
    return account_of(facility, on, TUESDAY)


def kinds(facility, on: date = MONDAY) -> list[str]:
    return [gap.kind.value for gap in account(facility, on).open]


def imported(*sessions) -> None:
    for session in sessions:
        number = f"RV{session.pk}"
        GuidanceSession.objects.filter(pk=session.pk).update(source_record=number)


def test_a_fraction_that_is_not_recorded_is_a_gap_with_its_owner(floor, course):
    (gap,) = account(course.facility).open
    assert (gap.kind.value, gap.owner.value) == ("not_recorded", "therapist")
    page = floor.get(url(course.facility)).content.decode()
    assert "1 open" in page
    assert "1 for the therapist" in page
    assert f"#row-{course.pk}-1" in page


def test_what_the_system_says_otherwise_is_a_gap_until_a_person_decides(
    floor, course, approved, treat
):
    session = treat(course, facility=course.facility)[0]
    imported(session)
    assert kinds(course.facility) == []
    record = make.TreatmentRecordFactory(facility=course.facility, session=session, course=course)
    assert kinds(course.facility) == ["conflict"]
    assert reverse("conflict_list") in floor.get(url(course.facility)).content.decode()
    record.standing = "stands"
    record.save()
    assert kinds(course.facility) == []


def test_a_gap_stays_when_the_fraction_is_given_on_a_later_day(floor, course, approved, treat):
    treat(course, facility=course.facility)
    GuidanceSession.objects.update(
        date_of_service=TUESDAY, started_at=datetime(2026, 10, 6, 8, tzinfo=course.facility.tz)
    )
    assert kinds(course.facility) == ["not_recorded"]
    floor.post(
        sheet(course),
        typed(course, delivered="machine_down", image_time="", shift_lr="", shift_si="",
              shift_ap=""),
    )  # fmt: skip
    assert kinds(course.facility) == []


@pytest.mark.parametrize("reason", ["no_show", "machine_down", "held"])
def test_a_reason_accounts_for_it(floor, course, reason):
    make.MissedTreatmentFactory(course=course, date_of_service=MONDAY, reason=reason)
    assert account(course.facility).is_accounted_for
    assert "Everything is accounted for" in floor.get(url(course.facility)).content.decode()


def test_everything_accounted_for_is_reached_step_by_step(floor, coder, course, approved, treat):
    session = treat(course, reviewed=False)[0]
    assert kinds(course.facility) == ["by_hand", "not_reviewed"]
    make.ImageReviewFactory(session=session, reviewed_by=course.physician)
    assert kinds(course.facility) == ["by_hand"]
    sent = {"gap": f"by_hand session:{session.pk}", "reason": "Compared with the console"}
    floor.post(url(course.facility, name="reconciliation_settle"), sent)
    assert account(course.facility).is_accounted_for
    page = floor.get(url(course.facility)).content.decode()
    assert "Everything is accounted for" in page
    assert "Compared with the console" in page
    assert "by hand, confirmed" in page


def test_a_record_accounts_for_a_session_without_anybody(course, approved, treat):
    imported(*treat(course))
    assert account(course.facility).is_accounted_for


def test_a_correction_asks_for_the_confirmation_again(floor, course, approved, treat):
    session = treat(course)[0]
    make.DayGapFactory(
        facility=course.facility, kind="by_hand", subject=f"session:{session.pk}",
        settled_at=datetime(2026, 10, 6, 8, tzinfo=course.facility.tz),
        settled_by=floor.user, reason="compared",
    )  # fmt: skip
    assert account(course.facility).is_accounted_for
    started = session.started_at + timedelta(minutes=5)
    correct_session(session=session, by=floor.user, reason="clock", started_at=started)
    (gap,) = account(course.facility).open
    assert "corrected since it was confirmed" in gap.detail


def test_a_confirmation_needs_a_reason(floor, course, approved, treat):
    session = treat(course)[0]
    sent = {"gap": f"by_hand session:{session.pk}", "reason": " "}
    page = floor.post(url(course.facility, name="reconciliation_settle"), sent, follow=True)
    assert "Say why it may stand." in page.content.decode()
    assert not DayGap.objects.exists()


def test_what_must_be_mended_cannot_be_explained_away(floor, course, approved, treat):
    session = treat(course, reviewed=False)[0]
    sent = {"gap": f"not_reviewed session:{session.pk}", "reason": "never mind"}
    floor.post(url(course.facility, name="reconciliation_settle"), sent)
    assert "not_reviewed" in kinds(course.facility)


def test_an_imaged_session_without_a_charge_belongs_to_the_coder(course, approved, treat):
    session = make.GuidanceSessionFactory(course=course, source_record="RV1")
    make.ImageReviewFactory(session=session)
    (gap,) = account(course.facility).open
    assert (gap.kind.value, gap.owner.value) == ("no_charge", "coder")


def test_a_treatment_without_image_wants_neither_review_nor_charge(course, approved, treat):
    nothing = {f"shift_{axis}_mm": None for axis in ("lr", "si", "ap")}
    imported(*treat(course, reviewed=False, modalities=[], image_at=None, **nothing))
    assert account(course.facility).is_accounted_for


def test_one_patient_in_two_places_is_a_double(course, approved, treat):
    first = treat(course)[0]
    other = make.CourseFactory(
        patient=course.patient, facility=course.facility, body_site="rib",
        first_fraction_on=MONDAY,
    )  # fmt: skip
    second = make.GuidanceSessionFactory(
        course=other, machine="TB2", started_at=first.started_at, modalities=[], source_record="X"
    )
    imported(first)
    (gap,) = account(course.facility).open
    assert (gap.kind.value, gap.is_double) == ("at_once", True)
    assert gap.subject == f"session:{first.pk}+session:{second.pk}"


def test_a_treatment_more_than_planned_a_day_is_a_double(course, approved, treat):
    first = treat(course)[0]
    later = first.started_at + timedelta(hours=4)
    make.GuidanceSessionFactory(
        course=course, fraction=2, session_of_day=2, started_at=later, modalities=[]
    )
    imported(*course.sessions.all())
    assert kinds(course.facility) == ["too_many"]


def test_a_second_record_that_was_refused_is_named_until_it_is_explained(
    floor, course, approved, treat
):
    session = treat(course)[0]
    imported(session)
    number = f"RV{session.pk}"
    make.ImportedRowFactory(
        record="RV-TWICE", kind="duplicate_fraction",
        sentence=f"Fraction 1 of course {course.code} is already recorded as {number}.",
    )  # fmt: skip
    assert kinds(course.facility) == ["refused"]
    sent = {"gap": "refused record:RV-TWICE", "reason": "The console sent it twice"}
    floor.post(url(course.facility, name="reconciliation_settle"), sent)
    assert account(course.facility).is_accounted_for


def test_a_refused_record_that_came_in_later_is_no_double(course, approved, treat):
    session = treat(course)[0]
    imported(session)
    sentence = f"Already recorded as RV{session.pk}."
    make.ImportedRowFactory(record="RV2", kind="duplicate_fraction", sentence=sentence)
    make.ImportedRowFactory(record="RV2", outcome=ImportedRow.Outcome.REPEATED, kind="")
    assert account(course.facility).is_accounted_for


def test_somebody_takes_a_gap_and_gives_it_back(floor, physician, course, approved, treat):
    session = treat(course, reviewed=False)[0]
    sent = {"take": f"not_reviewed session:{session.pk}"}
    physician.force_login(physician.user)
    physician.post(url(course.facility, name="reconciliation_take"), sent)
    assert DayGap.objects.get().taken_by == physician.user
    assert f"{physician.user} is on it" in floor.get(url(course.facility)).content.decode()
    physician.post(url(course.facility, name="reconciliation_take"), sent)
    assert DayGap.objects.get().taken_by is None


def test_weekends_holidays_and_closed_days_have_nothing_scheduled(course):
    course.facility.closed_days = [date(2026, 10, 8)]
    course.facility.save()
    for day in (date(2026, 10, 3), date(2026, 10, 8), date(2026, 10, 12)):
        found = account_of(course.facility, day, date(2026, 10, 30))
        assert (found.rows, found.open) == ([], []), day


def test_a_day_to_come_has_no_gaps(course):
    found = account(course.facility, TUESDAY + timedelta(days=1))
    assert len(found.rows) == 1
    assert (found.open, found.is_accounted_for) == ([], False)


def test_the_strip_counts_each_of_fourteen_days(course, approved, treat):
    imported(*treat(course, 2, reviewed=True))
    found = account_of(course.facility, MONDAY, date(2026, 10, 9))
    assert len(found.strip) == 14
    opened = {day.on: day.open for day in found.strip if day.scheduled}
    assert opened == {
        date(2026, 10, 5): 0,
        date(2026, 10, 6): 0,
        date(2026, 10, 7): 1,
        date(2026, 10, 8): 1,
        date(2026, 10, 9): 1,
    }


def test_an_imported_record_later_closes_a_hand_entry(course, approved, treat):
    session = treat(course)[0]
    assert kinds(course.facility) == ["by_hand"]
    imported(session)
    assert account(course.facility).is_accounted_for


def test_another_facility_is_not_found(therapist, elsewhere):
    assert therapist.get(url(elsewhere)).status_code == 404


def test_a_reader_sees_and_changes_nothing(auditor, course, approved, treat):
    treat(course)
    page = auditor.get(url(course.facility)).content.decode()
    assert "Typed by hand, no record yet" in page
    assert "I am on it" not in page
    assert "Confirm ticked" not in page
