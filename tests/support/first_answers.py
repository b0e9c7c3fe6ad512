"""Requests that a payer answered, contested or answered again."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine

from authorizations.prior_authorizations.actions import make_authorization_move
from authorizations.prior_authorizations.decisions import LineAnswer, decide
from tests.support.figure_cases import NOW
from tests.support.figure_cases import denied as denied
from tests.support.figure_cases import period as period

VALID = (date(2026, 10, 1), date(2026, 12, 31))


@pytest.fixture
def clerk(person):
    return person("front_desk", None)


def letter(request, *units: int | None, on: date = date(2026, 10, 7), **more) -> dict:
    """A letter that approves so many units of each line; None denies it."""
    answers = [
        LineAnswer(line, "approved", count, *VALID) if count else LineAnswer(line, "denied")
        for line, count in zip(request.lines.order_by("pk"), units, strict=True)
    ]
    facts = {"decided_on": on, "evidence": "letter", "answers": answers, "number": "A1"}
    return {**facts, "reason": "" if any(units) else "No comparison", **more}


def contest(request, verb: str, clerk, *units: int | None, on: date = date(2026, 11, 20)) -> None:
    with time_machine.travel(NOW, tick=False):
        make_authorization_move(
            authorization=request, verb=verb, by=clerk, reason="The comparison is attached"
        )
        decide(authorization=request, by=clerk, **letter(request, *units, on=on))
