"""A good day is not red: what waits for nothing but the physician says whom it waits for."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from authorizations.courses.review_deadlines import deadline_of, with_next_start
from authorizations.models import GuidanceSession
from authorizations.treatments.waiting_reviews import with_whom_they_wait_for
from authorizations.verdicts.status import session_verdicts

pytestmark = pytest.mark.django_db


@pytest.fixture
def before(course, approved, treat):
    """An unapproved session, and the moment by which its images are to be approved."""

    [session] = treat(course, reviewed=False)
    row = with_next_start(GuidanceSession.objects.filter(pk=session.pk)).get()
    return session, deadline_of(row).before


def told(session: GuidanceSession, now: datetime):
    return with_whom_they_wait_for(session_verdicts([session]), now)[session.pk]


def test_until_then_it_waits_for_the_physician(course, before):
    session, moment = before
    verdict = told(session, moment - timedelta(minutes=1))
    there = moment.astimezone(session.facility.tz)
    assert (verdict.label, verdict.tone) == ("Waits", "neutral")
    assert verdict.sentence == (
        f"Waits for {course.physician.name}, by {there:%a} {there.day} {there:%b, %H:%M}."
    )


def test_then_the_physician_is_to_be_reminded(before):
    session, moment = before
    verdict = told(session, moment)
    assert (verdict.label, verdict.tone) == ("Due", "warn")
    assert verdict.sentence.endswith(": remind them.")


def test_after_the_next_treatment_it_is_late(course, before, treat):
    session, moment = before
    [_] = treat(course, date_of_service=moment.date(), fraction=2)
    verdict = told(session, moment + timedelta(days=30))
    assert (verdict.label, verdict.tone) == ("Late", "bad")


def test_what_is_wrong_beside_it_still_stops(course, treat):
    [session] = treat(course, reviewed=False)
    verdict = told(session, session.started_at)
    assert (verdict.label, verdict.tone) == ("Stop", "bad")
    assert not verdict.waits_for_review
