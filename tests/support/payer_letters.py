"""Letters of payers, written in tests: requests asked, approved line by line, cut."""

from __future__ import annotations

from datetime import date, datetime

import pytest
import time_machine
from django.urls import reverse

from authorizations.prior_authorizations.actions import open_request, submit
from authorizations.prior_authorizations.decisions import LineAnswer, decide
from tests import factories as make
from tests.conftest import asked_lines

VALID = (date(2026, 10, 1), date(2026, 12, 31))
TODAY = date(2026, 10, 15)


@pytest.fixture
def clerk(person):
    return person("front_desk", None)


@pytest.fixture(autouse=True)
def afternoon(facility):
    with time_machine.travel(datetime(2026, 10, 15, 15, tzinfo=facility.tz), tick=True):
        yield


def answers(request, *units, valid=VALID):
    return [
        LineAnswer(line, "approved", count, *valid) if count else LineAnswer(line, "denied")
        for line, count in zip(request.lines.order_by("pk"), units, strict=True)
    ]


def write(request, clerk, *units, number="A1000001", on=TODAY, valid=VALID, **more):
    make.DocumentFactory(authorization=request)
    return decide(
        authorization=request, by=clerk, decided_on=on, evidence="letter", number=number,
        reason="" if all(units) else "Too many", answers=answers(request, *units, valid=valid),
        **more,
    )  # fmt: skip


@pytest.fixture
def cut(course, clerk):
    """28 of delivery and 20 of guidance approved, of 28 asked."""
    return write(asked(course, clerk), clerk, 28, 20)


def asked(course, clerk, lines=None, **given):
    request = open_request(
        course=course, by=clerk, lines=lines or asked_lines(course, 28),
        plan=course.patient.coverages.get(effective_through=None).plan,
        facility=course.facility, **given,
    )  # fmt: skip
    received = datetime(2026, 9, 28, 12, tzinfo=course.facility.tz)
    return submit(authorization=request, by=clerk, channel="portal", received_on=received)


def words(client, course) -> str:
    return client.get(reverse("course_detail", args=[course.pk])).context["sentence"]


def follow(course, clerk, followed, request_type, units, *, number, start, **more):
    lines = asked_lines(course, units)
    request = asked(
        course, clerk, lines, supersedes=followed, request_type=request_type,
        is_second_on_purpose=True,
    )  # fmt: skip
    return write(request, clerk, units, units, number=number, valid=(start, VALID[1]), **more)
