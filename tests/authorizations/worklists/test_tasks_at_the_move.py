"""Tasks open and close in the action that changes the case, whoever looks at which page."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from authorizations.corrections.actions import correct_record
from authorizations.courses.registration import register_course
from authorizations.models import PriorAuthorization, Task
from authorizations.prior_authorizations.actions import (
    log_contact,
    make_authorization_move,
    open_request,
    submit,
)
from authorizations.prior_authorizations.clock_extensions import extend_clock
from authorizations.prior_authorizations.coverage_changes import (
    change_course,
    change_coverage,
    end_coverage,
)
from authorizations.prior_authorizations.documents import attach_document
from authorizations.treatments.actions import void_session
from authorizations.worklists.sync_tasks import sync_tasks
from seeds.demo.letters import letter_as_pdf
from tests import factories as make

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(timezone=settings.SCHEDULE_TIME_ZONE)


@pytest.fixture
def clerk(person):
    return person(Role.FRONT_DESK)


@pytest.fixture
def draft(course, clerk) -> PriorAuthorization:
    line = {"code": "77387", "modifier": "26", "units_requested": 28}
    plan = course.patient.coverages.get().plan
    return open_request(course=course, by=clerk, lines=[line], plan=plan, facility=course.facility)


def open_queues() -> set[str]:
    return set(Task.objects.open().values_list("queue", flat=True))


def reason_of(queue: str) -> str:
    return Task.objects.get(queue=queue, closed_at__isnull=False).closed_because


def is_in_step() -> bool:
    """Nothing is left to be found by the next run of the clock."""
    return sync_tasks() == (0, 0)


def test_a_draft_opens_its_task_and_sending_it_closes_it_with_the_reason(draft, clerk):
    assert "drafts" in open_queues()
    submit(authorization=draft, by=clerk, channel="portal", received_on=timezone.now())
    assert "drafts" not in open_queues()
    assert reason_of("drafts") == f"request {draft.pk}: submitted by {clerk}"
    assert is_in_step()


def test_a_pend_opens_and_the_answer_closes(draft, clerk):
    submit(authorization=draft, by=clerk, channel="portal", received_on=timezone.now())
    make_authorization_move(authorization=draft, verb="pend", by=clerk, pend_reason="The plan")
    assert "pended" in open_queues()
    make_authorization_move(authorization=draft, verb="answer", by=clerk)
    assert "sent what they asked for by" in reason_of("pended")
    assert is_in_step()


def test_registering_opens_what_nobody_has_asked(person, facility, plan):
    row = make.CourseFactory.build(facility=facility)
    registered = register_course(
        patient={
            "mrn": "NEW1",
            "last_name": "New",
            "first_name": "One",
            "date_of_birth": date(1960, 1, 1),
            "sex": "F",
        },
        coverage={"plan": plan, "member_id": "M1", "effective_from": date(2026, 1, 1)},
        course={
            "code": "C1",
            "facility": facility,
            "physician": make.ProviderFactory(),
            "first_fraction_on": TODAY + timedelta(days=3),
            **{
                name: getattr(row, name)
                for name in ("diagnosis", "body_site", "technique", "delivery_code")
            },
            "guidance_modality": row.guidance_modality,
            "fractions_planned": 10,
        },
        by=person(Role.FRONT_DESK),
    )
    assert registered.tasks.get().queue == "unauthorized"
    assert is_in_step()


def test_a_treatment_that_makes_units_short_opens_a_task_and_taking_it_back_closes_it(
    course, authorize, treat, person
):
    course.fractions_planned = 4
    course.save()
    authorize(course, units=4, valid=(date(2026, 10, 1), date(2027, 12, 31)))
    treat(course, 2)
    assert "short" not in open_queues()
    session = treat(course, image_at=None, modalities=[], is_delivered=False)[0]
    assert is_in_step()
    void_session(session=session, by=person(Role.THERAPIST), reason="Another patient")
    assert is_in_step()


def test_a_new_plan_opens_and_closes_at_once(course, approved, clerk):
    end_coverage(
        coverage=course.patient.coverages.get(),
        last_day=TODAY + timedelta(days=2),
        reason="The employer changed plans",
        by=clerk,
    )
    assert "coverage" in open_queues()
    change_coverage(
        patient=course.patient,
        plan=make.PlanFactory(),
        member_id="M2",
        starts_on=TODAY + timedelta(days=3),
        reason="New card",
        by=clerk,
    )
    assert reason_of("coverage") == f"Another plan pays (by {clerk})."
    assert is_in_step()


def test_more_fractions_open_a_task_and_fewer_close_it(course, approved, clerk):
    change_course(course=course, by=clerk, reason="Boost", fractions_planned=40)
    assert "short" in open_queues()
    change_course(course=course, by=clerk, reason="No boost", fractions_planned=28)
    assert reason_of("short") == f"The course was changed (by {clerk})."
    assert is_in_step()


def test_a_corrected_course_says_so(course, approved, clerk):
    correct_record(
        record="course", row=course, values={"fractions_planned": 40}, reason="Slip", by=clerk
    )
    assert "short" in open_queues()
    correct_record(
        record="course", row=course, values={"fractions_planned": 20}, reason="Slip", by=clerk
    )
    assert reason_of("short") == f"The course was corrected (by {clerk})."


def test_a_longer_clock_closes_what_was_overdue(course, draft, clerk):
    submit(
        authorization=draft,
        by=clerk,
        channel="portal",
        received_on=timezone.now() - timedelta(days=17),
    )
    assert "overdue" in open_queues()
    extend_clock(authorization=draft, by=clerk, reason="Letter of today")
    assert reason_of("overdue") == f"request {draft.pk}: clock extended by {clerk}"


def test_a_corrected_submission_closes_what_was_overdue(draft, clerk):
    received = timezone.now() - timedelta(days=40)
    submit(authorization=draft, by=clerk, channel="portal", received_on=received)
    assert "overdue" in open_queues()
    correct_record(
        record="submission",
        row=draft,
        values={"received_on": timezone.now()},
        reason="Another request",
        by=clerk,
    )
    assert reason_of("overdue") == f"The submission was corrected (by {clerk})."
    assert is_in_step()


def test_a_letter_closes_what_was_asserted(course, authorize, clerk):
    asserted = authorize(course)
    asserted.documents.all().delete()
    sync_tasks()
    assert "asserted" in open_queues()
    attach_document(
        authorization=asserted,
        content=letter_as_pdf("A letter"),
        kind="approval_letter",
        by=clerk,
    )
    assert reason_of("asserted") == f"A1000001: document attached by {clerk}"
    assert is_in_step()


def test_a_call_with_a_later_follow_up_closes_the_one_of_today(draft, clerk):
    submit(authorization=draft, by=clerk, channel="portal", received_on=timezone.now())
    call = {"authorization": draft, "by": clerk, "channel": "phone", "summary": "They look"}
    log_contact(**call, next_touch_on=TODAY)
    assert "touch" in open_queues()
    log_contact(**call, next_touch_on=TODAY + timedelta(days=2))
    assert reason_of("touch") == f"request {draft.pk}: telephone contact logged by {clerk}"


def test_home_is_read_and_never_writes(front_desk, course, authorize):
    authorize(course, units=3)
    Task.objects.all().delete()
    front_desk.get(reverse("home"))
    assert not Task.objects.exists()


def test_who_answers_for_a_course_answers_for_its_next_task(draft, clerk, person):
    Task.objects.update(assigned_to=clerk)
    submit(authorization=draft, by=clerk, channel="portal", received_on=timezone.now())
    make_authorization_move(authorization=draft, verb="pend", by=clerk, pend_reason="The plan")
    assert Task.objects.open().get(queue="pended").assigned_to == clerk


def test_who_left_the_front_desk_gets_no_new_task(draft, clerk, person):
    Task.objects.update(assigned_to=person(Role.CODER))
    submit(authorization=draft, by=clerk, channel="portal", received_on=timezone.now())
    make_authorization_move(authorization=draft, verb="pend", by=clerk, pend_reason="The plan")
    assert Task.objects.open().get(queue="pended").assigned_to is None


def test_the_page_says_why_a_task_closed(front_desk, draft, clerk):
    submit(authorization=draft, by=clerk, channel="portal", received_on=timezone.now())
    page = front_desk.get(reverse("authorization_detail", args=[draft.pk])).content.decode()
    assert f"request {draft.pk}: submitted by {clerk}" in page
