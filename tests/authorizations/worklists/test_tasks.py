"""Tasks: opened and closed by the worklists, taken and assigned by people."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from authorizations.models import SavedView, Task
from authorizations.worklists.sync_tasks import sync_tasks
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def task(course, authorize, treat) -> Task:
    """The course runs short of units, so a task is open."""
    authorize(course, units=3)
    treat(course, 2)
    sync_tasks()
    return Task.objects.open().get(queue="short")


def test_a_task_opens_once_however_often_it_is_looked_for(task):
    sync_tasks()
    assert Task.objects.filter(queue="short").count() == 1
    assert "ask for an extension" in task.opened_because


def test_a_new_authorization_closes_it_and_says_so(task, course, authorize):
    authorize(course, units=40, number="A2", is_second_on_purpose=True, request_type="extension")
    sync_tasks()
    task.refresh_from_db()
    assert task.closed_at is not None
    assert task.closed_because.startswith("A2: approved by")


def test_what_leaves_by_itself_says_so(task, course):
    course.fractions_planned = 3
    course.save()
    sync_tasks()
    task.refresh_from_db()
    assert "by itself" in task.closed_because


def test_somebody_is_on_it_and_everybody_sees_who(task, front_desk, client_of, course):
    url = reverse("task_take", args=[task.pk])
    front_desk.post(url)
    page = client_of("manager").get(reverse("course_detail", args=[course.pk])).content.decode()
    assert f"being worked by {front_desk.user}" in page
    front_desk.post(url)
    task.refresh_from_db()
    assert task.worked_by is None


def test_a_task_is_assigned_and_stands_on_that_persons_home(task, manager, front_desk, course):
    manager.post(reverse("task_assign", args=[task.pk]), {"assigned_to": front_desk.user.pk})
    page = front_desk.get(reverse("home")).content.decode()
    assert "Mine, today" in page
    assert str(course.patient) in page


def test_a_task_goes_only_to_the_front_office(task, manager, coder):
    manager.post(reverse("task_assign", args=[task.pk]), {"assigned_to": coder.user.pk})
    task.refresh_from_db()
    assert task.assigned_to is None


def test_the_command_says_what_it_did(course, authorize, treat):
    authorize(course, units=3)
    treat(course, 2)
    Task.objects.filter(queue="short").delete()
    out = StringIO()
    call_command("sync_tasks", stdout=out)
    assert "1 tasks opened" in out.getvalue()


def test_a_view_is_saved_shared_and_forgotten(front_desk, client_of, facility):
    data = {"name": "Pended at Aetna", "page": "authorization_list", "query": "queue=pended"}
    response = front_desk.post(reverse("view_save"), {**data, "facility": facility.pk})
    assert response["Location"].endswith("/authorizations/?queue=pended")
    assert "Pended at Aetna" in client_of("front_desk").get(reverse("home")).content.decode()
    again = front_desk.post(reverse("view_save"), data, follow=True)
    assert "already have a view of this name" in again.content.decode()
    saved = SavedView.objects.get()
    assert client_of("front_desk").post(reverse("view_drop", args=[saved.pk])).status_code == 404
    front_desk.post(reverse("view_drop", args=[saved.pk]))
    assert not SavedView.objects.exists()


def test_nobody_is_led_away_from_this_site(task, front_desk, course):
    response = front_desk.post(
        reverse("task_take", args=[task.pk]), {"next": "https://evil.example/"}
    )
    assert response["Location"] == reverse("course_detail", args=[course.pk])


def test_a_task_of_another_facility_is_not_there(elsewhere, front_desk):
    hidden = make.TaskFactory(course=make.CourseFactory(facility=elsewhere))
    assert front_desk.post(reverse("task_take", args=[hidden.pk])).status_code == 404
