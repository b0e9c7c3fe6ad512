"""Where something broke: a database that is away is tried again, a fault of ours is said so."""

from __future__ import annotations

import pytest
from django.db import InterfaceError, OperationalError
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient_client(front_desk) -> Client:
    """A browser that is shown what a person is shown."""
    front_desk.raise_request_exception = False
    return front_desk


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_a_database_that_is_away_is_answered_with_try_again(
    patient_client, course, monkeypatch, error
):
    def fails(*_: object, **__: object) -> None:
        raise error("canceling statement due to lock timeout: Smith")

    monkeypatch.setattr("authorizations.courses.events.course_events", fails)
    answer = patient_client.get(reverse("course_detail", args=[course.pk]))
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "10"
    page = answer.content.decode()
    assert "does not answer just now" in page
    assert "Smith" not in page


def test_so_is_one_that_is_lost_before_the_page_is_reached(patient_client, monkeypatch):
    def fails(*_: object, **__: object) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", fails)
    assert patient_client.get(reverse("home")).status_code == 503


def test_a_fault_of_ours_is_no_try_again(patient_client, course, monkeypatch):
    def fails(*_: object, **__: object) -> None:
        raise ValueError("Smith")

    monkeypatch.setattr("authorizations.courses.events.course_events", fails)
    answer = patient_client.get(reverse("course_detail", args=[course.pk]))
    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.content.decode()
    assert "Smith" not in answer.content.decode()
