"""An answer that was typed wrongly is put right; the figures follow it."""

from __future__ import annotations

from datetime import date

import pytest

from authorizations.prior_authorizations.decisions import correct_answer
from tests.support.figure_cases import cell
from tests.support.figure_cases import denied as denied
from tests.support.figure_cases import period as period
from tests.support.first_answers import clerk as clerk
from tests.support.first_answers import contest, letter

__all__ = ["clerk", "denied", "period"]
pytestmark = pytest.mark.django_db


def test_a_denial_typed_wrongly_is_mended_to_approved_without_an_appeal(denied, clerk, period):
    correct_answer(authorization=denied, by=clerk, why="A slip", **letter(denied, 28, 28))
    denied.refresh_from_db()
    assert (denied.status, denied.first_answer, denied.appeal_level) == ("approved", "approved", 0)
    assert denied.denial_reason == ""
    assert cell(period, "units").part == 28
    assert cell(period, "overturned").out_of == 0


def test_an_appeal_whose_answer_was_typed_wrongly_is_mended_and_counted_once(denied, clerk, period):
    contest(denied, "appeal", clerk, 28, 28)
    assert (cell(period, "overturned").counted, cell(period, "overturned").out_of) == (1, 1)
    lost = letter(denied, None, None, on=date(2026, 11, 20))
    correct_answer(authorization=denied, by=clerk, why="It was upheld", **lost)
    denied.refresh_from_db()
    period.books.clear()
    assert (denied.status, denied.first_answer) == ("upheld", "denied")
    assert (cell(period, "overturned").counted, cell(period, "overturned").out_of) == (0, 1)
    won = letter(denied, 28, 5, on=date(2026, 11, 20))
    correct_answer(authorization=denied, by=clerk, why="It was won in part", **won)
    denied.refresh_from_db()
    period.books.clear()
    assert (denied.status, denied.first_answer) == ("partially_approved", "denied")
    assert (cell(period, "overturned").counted, cell(period, "overturned").out_of) == (1, 1)
