"""The ledger as it was known: the same moment always shows what was shown then."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from django.apps import apps
from django.db import InternalError, connection
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessEvent
from accounts.past.history_views import ALWAYS_TODAY, history_of, moment_of, parent_of
from accounts.past.middleware import KEY, as_known
from authorizations.models import Contact, Course, Task
from tests import factories as make
from tests.support.past import look_back_to, moment_between

PAGES = (
    ("manager", "home", ()),
    ("manager", "course_list", ()),
    ("manager", "authorization_list", ()),
    ("manager", "charge_list", ()),
    ("manager", "payer_dashboard", ()),
    ("manager", "course_detail", ("course",)),
    ("manager", "authorization_detail", ("authorization",)),
    ("manager", "charge_detail", ("charge",)),
    ("manager", "session_detail", ("session",)),
)


def shown(client, name: str, numbers: dict[str, int], keys: tuple[str, ...]) -> str:
    """What a page shows, without the tokens that differ each time."""
    response = client.get(reverse(name, args=[numbers[key] for key in keys]))
    assert response.status_code == 200, name
    main = re.search(r"<main.*</main>", response.content.decode(), re.DOTALL).group()
    return re.sub(r'value="[\w-]{32,}"', 'value="token"', main)


@pytest.mark.django_db(transaction=True)
def test_every_page_of_a_moment_is_the_page_shown_then(client_of, course, authorize, treat, plan):
    approved = authorize(course, units=4)
    session = treat(course, 3)[0]
    manager = client_of("manager")
    numbers = {
        "course": course.pk,
        "authorization": approved.pk,
        "session": session.pk,
        "charge": session.charges.get().pk,
    }
    manager.get(reverse("home"))  # opens the tasks
    moment = moment_between()
    then = {page: shown(manager, page[1], numbers, page[2]) for page in PAGES}

    treat(course, 2)
    authorize(course, units=20, number="A2000002", is_second_on_purpose=True)
    Course.objects.filter(pk=course.pk).update(body_site="Somewhere else", fractions_planned=40)
    Task.objects.all().delete()
    make.CourseFactory(facility=course.facility)
    manager.get(reverse("home"))
    assert any(shown(manager, p[1], numbers, p[2]) != then[p] for p in PAGES)

    look_back_to(manager, moment)
    for _ in range(2):
        for page in PAGES:
            assert shown(manager, page[1], numbers, page[2]) == then[page], page[1]


@pytest.fixture
def past(manager, course):
    """A manager who looks back to a moment at which the course was there."""
    look_back_to(manager, moment_between())
    return manager


@pytest.mark.django_db
def test_nothing_can_be_changed_while_looking_back(past, course):
    url = reverse("course_change", args=[course.pk])
    answer = past.post(url, {"body_site": "x"})
    assert answer.status_code == 409
    assert "Nothing was changed" in answer.content.decode()
    with pytest.raises(InternalError, match="read-only"), as_known(timezone.now()):
        Contact.objects.create(logged_by=past.user)


@pytest.mark.django_db
def test_that_somebody_read_a_patient_is_recorded_all_the_same(past, course):
    past.get(reverse("course_detail", args=[course.pk]))
    event = AccessEvent.objects.get(patient_number=course.patient.pk)
    assert event.by == past.user
    assert event.at > timezone.now() - timedelta(minutes=1)


@pytest.mark.django_db(transaction=True)
def test_what_came_later_is_not_there_and_another_facility_never_is(past, facility, elsewhere):
    foreign = make.CourseFactory(facility=elsewhere)
    look_back_to(past, moment_between())
    later = make.CourseFactory(facility=facility)
    for course in (foreign, later):
        assert past.get(reverse("course_detail", args=[course.pk])).status_code == 404
    session = past.session
    del session[KEY]
    session.save()
    assert past.get(reverse("course_detail", args=[later.pk])).status_code == 200
    assert past.get(reverse("course_detail", args=[foreign.pk])).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_what_was_deleted_since_stands_again_and_counts_group_as_ever(course):
    make.TaskFactory(course=course)
    moment = moment_between()
    Task.objects.all().delete()
    assert Task.objects.count() == 0
    with as_known(moment):
        counted = Course.objects.annotate(waiting=Count("tasks")).get(pk=course.pk)
        assert counted.waiting == 1
        assert counted.body_site == course.body_site
    assert Task.objects.count() == 0
    assert connection.features.allows_group_by_selected_pks


@pytest.mark.django_db
def test_a_moment_is_chosen_stepped_and_left(manager, course):
    url = reverse("known_at")
    typed = timezone.localtime(timezone.now(), course.facility.tz) + timedelta(days=1)
    refused = manager.post(url, {"moment": typed.strftime("%Y-%m-%dT%H:%M")})
    assert "at least ten seconds ago" in refused.content.decode()
    refused = manager.post(url, {"moment": "2020-01-01T10:00"})
    assert "history begins on" in refused.content.decode()
    assert manager.post(url, {"moment": "yesterday"}).status_code == 422
    assert KEY not in manager.session

    look_back_to(manager, moment_between())
    assert "Back to now" in manager.get(reverse("home")).content.decode()
    assert manager.post(url, {"step": "-1"}).status_code == 422
    assert manager.post(url, {"step": "1000000"}).status_code == 422
    left = manager.post(url, {"leave": "1", "next": "https://elsewhere.example/"})
    assert left["Location"] == "/"
    assert "Back to now" not in manager.get(reverse("home")).content.decode()


@pytest.mark.django_db
def test_a_settled_moment_is_accepted(manager, course, monkeypatch):
    monkeypatch.setattr("accounts.past.views.SETTLED_AFTER", timedelta(0))
    monkeypatch.setattr("accounts.past.views.open_work_since", lambda: None)
    moment = timezone.localtime(moment_between(), course.facility.tz)
    sent = {"moment": moment.strftime("%Y-%m-%dT%H:%M:%S.%f"), "next": "/courses/"}
    answer = manager.post(reverse("known_at"), sent)
    assert answer["Location"] == "/courses/"
    assert datetime.fromisoformat(manager.session[KEY]) == moment


@pytest.mark.django_db
def test_a_moment_after_the_start_of_open_work_is_not_settled(manager, course, monkeypatch):
    monkeypatch.setattr("accounts.past.views.SETTLED_AFTER", timedelta(0))
    monkeypatch.setattr(
        "accounts.past.views.open_work_since", lambda: timezone.now() - timedelta(1)
    )
    moment = timezone.localtime(moment_between(), course.facility.tz)
    sent = {"moment": moment.strftime("%Y-%m-%dT%H:%M:%S.%f")}
    answer = manager.post(reverse("known_at"), sent)
    assert "still being written" in answer.content.decode()


def test_every_model_has_a_past_or_is_said_to_have_none():
    for app in ("accounts", "coding", "payers", "authorizations"):
        for model in apps.get_app_config(app).get_models():
            if model.__name__.endswith("History"):
                continue
            has_past = history_of(model) or moment_of(model) or parent_of(model)
            assert has_past or model._meta.label in ALWAYS_TODAY, model._meta.label
