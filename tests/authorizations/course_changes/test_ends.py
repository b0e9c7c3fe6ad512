"""Courses that never begin, that end early, and that go on after all."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from authorizations.course_changes.ends import cancel_course, end_course, reopen_course
from authorizations.courses.ending import QUIET_DAYS, end_finished_courses
from authorizations.courses.events import course_events
from authorizations.courses.page import fraction_cells
from authorizations.courses.schedule import slots_on
from authorizations.courses.units_ahead import course_forecast, outlook, unit_bars
from authorizations.exceptions import NotRecorded, Refused
from authorizations.models import Course, CourseEvent, GuidanceSession, Task
from authorizations.prior_authorizations.actions import log_contact, open_request
from authorizations.treatments.actions import record_session
from authorizations.worklists import querysets as queues
from authorizations.worklists.sync_tasks import sync_tasks
from tests import factories as make
from tests.conftest import asked_lines

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(person):
    return person(Role.FRONT_DESK)


@pytest.fixture
def cancel(clerk):
    def work(course, **given):
        values = {"end_reason": "patient", "reason": "Called today", "by": clerk} | given
        return cancel_course(course=course, **values)

    return work


@pytest.fixture
def end(clerk):
    def work(course, **given):
        last = course.sessions.live().order_by("started_at").last()
        values = {
            "ended_on": last.date_of_service if last else course.first_fraction_on,
            "end_reason": "died",
            "reason": "Daughter called",
            "by": clerk,
        }
        return end_course(course=course, **values | given)

    return work


def queue(key: str) -> set[int]:
    return set(Task.objects.open().filter(queue=key).values_list("course", flat=True))


def test_a_cancelled_course_has_no_calendar_no_tasks_and_says_so(front_desk, cancel, course):
    sync_tasks()
    assert queue("unauthorized") == {course.pk}
    cancel(course)
    course.refresh_from_db()
    today = timezone.localdate()
    assert course_forecast(course, today).planned == ()
    assert slots_on(course.facility, course.first_fraction_on, today=today) == ([], 0)
    assert not Task.objects.open().exists()
    page = front_desk.get(reverse("course_detail", args=[course.pk])).content.decode()
    assert "before the first treatment: patient&#x27;s choice." in page
    assert "run out" not in page
    assert "Called today" in page


def test_after_a_session_it_is_ended_and_not_cancelled(cancel, end, course, approved, treat):
    with pytest.raises(Refused, match="Nothing is recorded of this course: cancel it"):
        end(course)
    treat(course, 1)
    with pytest.raises(Refused, match="end the course instead"):
        cancel(course)
    end(course)
    with pytest.raises(Refused, match="over already"):
        cancel(course)


def test_an_early_end_plans_nothing_more(front_desk, end, course, approved, treat):
    last = treat(course, 12)[-1]
    end(course)
    course.refresh_from_db()
    found = outlook(course, timezone.localdate())
    assert (found.guidance.planned, unit_bars(found)[0].scheduled) == ((), 0)
    cells = fraction_cells(course)
    assert [cell.state for cell in cells[12:]] == ["not-given"] * 16
    page = front_desk.get(reverse("course_detail", args=[course.pk])).content.decode()
    day = f"{last.date_of_service:%-d %b %Y}"
    assert f"Ended on {day} after 12 of 28 fractions: patient died." in page
    assert "last to the end" not in page
    assert [m.reason for m in course_events(course)].count("Daughter called") == 1


@pytest.mark.parametrize(
    ("days", "code", "said"),
    [
        (-1, "died", "Fraction 2 is recorded on 6 Oct 2026, after that day"),
        (900, "died", "still to come"),
        (0, "twice", "Choose one of these reasons"),
        (0, "", "Choose one of these reasons"),
    ],
)
def test_an_end_that_cannot_be_is_refused(end, course, approved, treat, days, code, said):
    last = treat(course, 2)[-1].date_of_service
    with pytest.raises(Refused, match=said):
        end(course, ended_on=last + timedelta(days=days), end_reason=code)


def test_an_end_is_corrected_and_undone(clerk, end, course, approved, treat):
    last = treat(course, 2)[-1].date_of_service
    end(course)
    with pytest.raises(Refused, match="nothing differs"):
        end(course)
    end(course, end_reason="toxicity", ended_on=last + timedelta(days=1))
    course.refresh_from_db()
    assert (course.end_reason, course.ended_on) == ("toxicity", last + timedelta(days=1))
    reopen_course(course=course, reason="It was her sister", by=clerk)
    course.refresh_from_db()
    assert (course.end_reason, course.ended_on, course.is_cancelled) == ("", None, False)
    verbs = list(CourseEvent.objects.values_list("verb", flat=True))
    assert verbs == ["ended", "ended", "reopened"]
    assert course_forecast(course, timezone.localdate()).planned
    with pytest.raises(Refused, match="nothing to reopen"):
        reopen_course(course=course, reason="Again", by=clerk)


def test_a_reopened_course_says_that_its_first_day_is_past(clerk, cancel, course):
    cancel(course)
    told = reopen_course(course=course, reason="Comes after all", by=clerk)
    assert told == ["The first treatment was planned for 5 Oct 2026: move it."]


def test_the_night_ends_no_course_that_was_reopened(clerk, course, approved, treat):
    course.fractions_planned = 2
    course.save()
    treat(course, 2)
    later = timezone.now() + timedelta(days=QUIET_DAYS - 1)
    assert end_finished_courses(later) == 1
    course.refresh_from_db()
    assert (course.end_reason, course.events.get().by.username) == ("completed", "system")
    reopen_course(course=course, reason="A boost is discussed", by=clerk)
    assert end_finished_courses(later) == 0
    assert end_finished_courses(timezone.now() + timedelta(days=QUIET_DAYS + 1)) == 1


def test_who_registers_elsewhere_is_refused(person, elsewhere, cancel, course):
    with pytest.raises(Refused, match="somebody who registers at"):
        cancel(course, by=person(Role.FRONT_DESK, elsewhere))
    with pytest.raises(Refused, match="Say why"):
        cancel(course, reason=" ")


@pytest.mark.parametrize(
    "values",
    [
        {"ended_on": None, "end_reason": "died"},
        {"end_reason": "", "ended_on": "2026-11-01"},
        {"ended_on": None, "is_cancelled": True},
        {"ended_on": "2026-11-01", "end_reason": "completed", "is_cancelled": True},
        {"ended_on": "2026-11-01", "end_reason": "twice"},
        {"ended_on": "2026-11-01", "end_reason": "unheard"},
        {"ended_on": "2026-10-01", "end_reason": "died"},
    ],
)
def test_the_database_refuses_an_end_that_is_no_end(course, values):
    with pytest.raises(IntegrityError), transaction.atomic():
        Course.objects.filter(pk=course.pk).update(**values)


def test_the_database_refuses_treatments_of_a_cancelled_course(cancel, course, approved, treat):
    given = treat(course, 1)[0]
    with pytest.raises(IntegrityError, match="end it instead"), transaction.atomic():
        Course.objects.filter(pk=course.pk).update(
            ended_on=given.date_of_service, end_reason="patient", is_cancelled=True
        )
    GuidanceSession.objects.all().update(
        voided_at=timezone.now(), voided_by=course.registered_by, void_reason="Other patient"
    )
    cancel(course)
    with pytest.raises(IntegrityError, match="reopen it first"), transaction.atomic():
        make.GuidanceSessionFactory(course=course)


def test_a_treatment_after_the_end_is_refused_in_words(
    person, cancel, end, clerk, course, approved, treat
):
    last = treat(course, 2)[-1].date_of_service
    end(course)
    start = datetime.combine(last + timedelta(days=1), datetime.min.time(), course.facility.tz)
    facts = {
        "facility": course.facility,
        "machine": "TB1",
        "date_of_service": start.date(),
        "fraction": 3,
        "started_at": start.replace(hour=9),
        "delivery_code": course.delivery_code,
    }
    therapist = person(Role.THERAPIST)
    with pytest.raises(NotRecorded, match=r"The course ended on .*: patient died. Correct the day"):
        record_session(course=course, by=therapist, **facts)
    reopen_course(course=course, reason="Wrong patient", by=clerk)
    assert record_session(course=course, by=therapist, **facts).fraction == 3


def test_open_requests_become_a_task_until_the_payer_was_told(clerk, end, course, approved, treat):
    treat(course, 2)
    open_request(
        course=course, by=clerk, lines=asked_lines(course, 5), plan=approved.plan,
        facility=course.facility, is_second_on_purpose=True,
    )  # fmt: skip
    assert not queues.requests_after_the_course(None, timezone.now()).exists()
    told = end(course, end_reason="transferred")
    assert any("Tell the payer that no more units are needed" in sentence for sentence in told)
    assert any("not yet submitted" in sentence for sentence in told)
    assert queues.requests_after_the_course(None, timezone.now()).count() == 2
    assert queue("course-over") == {course.pk}
    log_contact(
        authorization=approved, by=clerk, channel="phone", person="Kim", reference="R1",
        summary="No more units",
    )  # fmt: skip
    left = queues.requests_after_the_course(None, timezone.now())
    assert [row.status for row in left] == ["draft"]


def test_a_course_that_was_completed_asks_for_nothing(end, course, approved, treat):
    treat(course, 2)
    assert end(course, end_reason="completed") == []
    assert not queues.requests_after_the_course(None, timezone.now()).exists()


def test_the_pages_cancel_end_and_reopen(front_desk, course, approved, treat):
    def send(name, **typed):
        url = reverse(name, args=[course.pk])
        version = front_desk.get(url).context["form"]["version"].value()
        return front_desk.post(url, {"version": version, "reason": "As said"} | typed, follow=True)

    page = send("course_cancel", end_reason="not_authorized").content.decode()
    assert "The course is cancelled." in page
    assert "Reopen the course…" in page
    assert "Hold the course…" not in page
    refused = send("course_end", end_reason="died", ended_on="2026-10-05").content.decode()
    assert "Nothing is recorded of this course" in refused
    assert "The course goes on." in send("course_reopen").content.decode()
    treat(course, 1)
    page = send("course_end", end_reason="died", ended_on="2026-10-05").content.decode()
    assert "The course is ended." in page
    assert "Tell the payer" in page
    assert "Correct the end…" in page


def test_lists_and_requests_say_that_a_course_is_over(front_desk, end, course, approved, treat):
    treat(course, 2)
    held = make.CourseFactory(facility=course.facility)
    make.CourseHoldFactory(course=held)
    end(course)
    page = front_desk.get(reverse("course_list")).content.decode()
    assert "Ended" in page
    assert "On hold" in page
    page = front_desk.get(reverse("authorization_detail", args=[approved.pk])).content.decode()
    assert "Course: Ended on 6 Oct 2026 after 2 of 28 fractions: patient died." in page
