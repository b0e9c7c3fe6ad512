"""Home begins with what is mine today: in its order, with whom to call and by when."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Facility
from authorizations.day_list.course_facts import read_course_facts
from authorizations.day_list.rows import day_rows, days_until
from authorizations.models import Course, Task
from authorizations.prior_authorizations.actions import log_contact, open_request, submit
from authorizations.worklists.sync_tasks import sync_tasks
from payers.models import AuthorizationPolicy
from tests import factories as make

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(timezone=settings.SCHEDULE_TIME_ZONE)


@pytest.fixture
def add_course(facility, plan):
    """A course of a patient of that name that begins so many days from now."""

    def build(name: str, days: int, fractions: int = 10, **given) -> Course:
        row = make.CourseFactory(
            facility=given.pop("facility", facility),
            first_fraction_on=TODAY + timedelta(days=days),
            fractions_planned=fractions,
            patient=make.PatientFactory(last_name=name),
            **given,
        )
        make.CoverageFactory(patient=row.patient, plan=plan)
        return row

    return build


@pytest.fixture
def ask(front_desk):
    """A request of a course that is drafted, or sent."""

    def build(course: Course, *, is_sent: bool = True):
        line = {"code": "77387", "modifier": "26", "units_requested": course.fractions_planned}
        request = open_request(
            course=course,
            by=front_desk.user,
            lines=[line],
            plan=course.patient.coverages.get().plan,
            facility=course.facility,
        )
        if is_sent:
            submit(
                authorization=request,
                by=front_desk.user,
                channel="phone",
                received_on=timezone.now(),
                reference="4471-20",
            )
        return request

    return build


def give_all_to(person) -> None:
    sync_tasks()
    Task.objects.open().update(assigned_to=person)


def names(client, query: str = "") -> list[str]:
    page = client.get(reverse("home") + query)
    rows = [entry["row"] for group in page.context["groups"] for entry in group["rows"]]
    return [row.course.patient.last_name for row in rows]


def test_follow_ups_come_first_then_the_next_treatment_then_the_dollars(
    front_desk, add_course, ask
):
    far = add_course("Far", 20)
    add_course("Near", 1)
    cheap, dear = add_course("Cheap", 4, 2), add_course("Dear", 4, 30)
    log_contact(
        authorization=ask(far),
        by=front_desk.user,
        channel="phone",
        summary="They look today",
        next_touch_on=TODAY,
    )
    give_all_to(front_desk.user)
    assert names(front_desk) == ["Far", "Near", "Dear", "Cheap"]
    facts = read_course_facts([cheap.pk, dear.pk], timezone.now())
    assert facts[dear.pk].at_stake == 15 * facts[cheap.pk].at_stake > 0


def test_a_row_answers_what_a_call_asks(front_desk, add_course, ask):
    AuthorizationPolicy.objects.update(phone="800-555-0142", manager="eviCore")
    request = ask(add_course("Barley", 3))
    log_contact(
        authorization=request,
        by=front_desk.user,
        channel="phone",
        summary="The nurse reads it on Monday.",
        next_touch_on=TODAY,
    )
    give_all_to(front_desk.user)
    page = front_desk.get(reverse("home")).content.decode()
    for words in (
        "Barley",
        "Follow up",
        'href="tel:800-555-0142"',
        "eviCore",
        "4471-20",
        "The nurse reads it on Monday.",
        f"Follow-up set by {front_desk.user}",
        "1 of 10",
    ):
        assert words in page


def test_a_case_stands_once_with_all_it_wants(front_desk, add_course, ask):
    request = ask(add_course("Barley", 3), is_sent=False)
    request.next_touch_on, request.next_touch_set_by = TODAY, front_desk.user
    request.save()
    give_all_to(front_desk.user)
    (group,) = front_desk.get(reverse("home")).context["groups"]
    (entry,) = group["rows"]
    assert entry["row"].wanted in ("Ask for authorization", "Submit the request")
    assert "follow up" in entry["row"].why


def test_a_follow_up_that_i_set_is_mine_also_where_nobody_is_assigned(front_desk, add_course, ask):
    request = ask(add_course("Barley", 30))
    said = {"channel": "phone", "summary": "Monday", "next_touch_on": TODAY}
    log_contact(authorization=request, by=front_desk.user, **said)
    assert names(front_desk) == ["Barley"]


def test_mine_team_unassigned_and_a_colleague(front_desk, add_course, person):
    other = person("front_desk")
    for name, owner in (("Mine", front_desk.user), ("Theirs", other), ("Nobodys", None)):
        course = add_course(name, 2)
        sync_tasks()
        Task.objects.filter(course=course).update(assigned_to=owner)
    assert names(front_desk) == ["Mine"]
    assert names(front_desk, "?whose=unassigned") == ["Nobodys"]
    assert names(front_desk, f"?whose={other.pk}") == ["Theirs"]
    assert sorted(names(front_desk, "?whose=team")) == ["Mine", "Nobodys", "Theirs"]
    assert len(names(front_desk, "?wanted=unauthorized")) == 3
    page = front_desk.get(reverse("home"), {"whose": "team"}).content.decode()
    assert "Assigned to" in page
    assert str(other) in page


def test_an_unknown_list_is_refused_in_words(front_desk, coder):
    for query in ("?whose=nobody", f"?whose={coder.user.pk}", "?wanted=everything"):
        assert "is not known here" in front_desk.get(reverse("home") + query).content.decode()


def test_nothing_of_another_facility_is_listed(front_desk, add_course, elsewhere: Facility):
    add_course("Stranger", 1, facility=elsewhere)
    sync_tasks()
    assert names(front_desk, "?whose=team") == []


def test_an_empty_list_offers_what_nobody_has(front_desk, add_course):
    assert "Nothing is due for you today" in front_desk.get(reverse("home")).content.decode()
    add_course("Nobodys", 1)
    sync_tasks()
    page = front_desk.get(reverse("home")).content.decode()
    assert "Take from Unassigned (1)" in page


def test_done_today_says_why(front_desk, add_course, ask):
    request = ask(add_course("Barley", 30), is_sent=False)
    give_all_to(front_desk.user)
    submit(authorization=request, by=front_desk.user, channel="phone", received_on=timezone.now())
    page = front_desk.get(reverse("home"), {"whose": "done"}).content.decode()
    assert f"request {request.pk}: submitted by {front_desk.user}" in page


def test_the_next_treatment_falls_on_an_open_day_after_what_was_given(add_course, treat):
    course = add_course("Barley", 0)
    facts = read_course_facts([course.pk], timezone.now())[course.pk]
    assert facts.treats_on >= TODAY
    assert facts.treats_on.weekday() < 5
    assert facts.without_unit_on == facts.treats_on
    Course.objects.filter(pk=course.pk).update(
        ended_on=TODAY - timedelta(days=1),
        end_reason="completed",
        first_fraction_on=TODAY - timedelta(days=9),
    )
    facts = read_course_facts([course.pk], timezone.now())[course.pk]
    assert (facts.treats_on, facts.without_unit_on) == (None, None)


@pytest.mark.parametrize(
    ("days", "words"), [(0, "today"), (1, "in 1 day"), (3, "in 3 days"), (-2, "2 days over")]
)
def test_how_long_until_a_deadline(days, words):
    day = date(2026, 11, 27)
    assert days_until(day + timedelta(days=days), day) == words


def test_twenty_rows_of_many_plans_cost_what_two_cost(front_desk, add_course, facility):
    def grow(count: int) -> None:
        for number in range(count):
            course = add_course(f"P{number}", 2)
            course.patient.coverages.update(plan=make.PlanFactory(code=f"PLAN{course.pk}"))
            make.ContractRateFactory(plan=course.patient.coverages.get().plan, code="77387")
        give_all_to(front_desk.user)

    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert front_desk.get(reverse("home")).status_code == 200
        return len(asked)

    grow(2)
    questions()
    two = questions()
    grow(18)
    assert questions() <= two
    assert len(names(front_desk)) == 20


def test_who_logs_nothing_keeps_the_lists_of_their_role(coder):
    page = coder.get(reverse("home")).content.decode()
    assert "Mine, today" not in page
    assert "Stopped by the rulebook" in page


def test_no_rows_no_questions():
    assert day_rows([], timezone.now()) == []
