"""Requests, treatments and periods whose figures are known by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import time_machine

from authorizations.dashboards import BY_KEY, Period, totals
from authorizations.prior_authorizations.actions import (
    make_authorization_move,
    open_request,
    submit,
)
from authorizations.prior_authorizations.decisions import LineAnswer, decide
from tests.conftest import asked_lines

NOW = datetime(2026, 11, 23, 18, tzinfo=UTC)


@pytest.fixture
def period(person) -> Period:
    return Period(person("manager", None), NOW, date(2026, 9, 1), date(2026, 11, 23))


def cell(period: Period, key: str):
    return totals([BY_KEY[key]], period)[key]


@pytest.fixture
def denied(course, person):
    """A request received on 28 September and denied nine days later."""
    clerk = person("front_desk", None)
    plan = course.patient.coverages.get().plan
    request = open_request(
        course=course, by=clerk, lines=asked_lines(course, 28), plan=plan, facility=course.facility
    )
    received = datetime(2026, 9, 28, 12, tzinfo=course.facility.tz)
    submit(authorization=request, by=clerk, channel="portal", received_on=received)
    answers = [LineAnswer(line, "denied", reason="No comparison") for line in request.lines.all()]
    decide(
        authorization=request,
        by=clerk,
        decided_on=date(2026, 10, 7),
        evidence="letter",
        answers=answers,
        reason="No comparison",
    )
    request.refresh_from_db()
    return request


def overturn(request, person) -> None:
    """The denial is appealed, and six weeks later the payer approves everything."""
    clerk = person("front_desk", None)
    with time_machine.travel(NOW, tick=False):
        make_authorization_move(
            authorization=request, verb="appeal", by=clerk, reason="The comparison is attached"
        )
        decide(
            authorization=request,
            by=clerk,
            decided_on=date(2026, 11, 20),
            evidence="letter",
            number="A1",
            answers=[
                LineAnswer(line, "approved", 28, date(2026, 10, 1), date(2026, 12, 31))
                for line in request.lines.all()
            ],
        )
