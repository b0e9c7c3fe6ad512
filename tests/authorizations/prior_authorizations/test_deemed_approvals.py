"""Where the law takes a payer's silence for consent, a request can be held for approved."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from authorizations.models import Charge, PriorAuthorization
from authorizations.prior_authorizations.decisions import decide
from authorizations.prior_authorizations.deemed import deem_approved
from authorizations.prior_authorizations.undoing import latest_move, undo
from authorizations.verdicts.status import authorizations_on
from authorizations.workflow import IllegalMove
from tests.support.payer_letters import TODAY, afternoon, answers, asked, clerk, write

__all__ = ["afternoon", "clerk"]
pytestmark = pytest.mark.django_db
WHY = "Sent by portal, receipt kept"
DEADLINE, YEAR_LATER = date(2026, 10, 5), date(2027, 10, 5)


@pytest.fixture
def silent(course, plan, clerk) -> PriorAuthorization:
    """Asked of an insured plan of Nebraska on 28 September; ten days after its deadline."""
    plan.state, plan.line_of_business = "NE", "commercial_fully_insured"
    plan.save()
    request = asked(course, clerk)
    assert (request.clock_rule, request.due_at.date()) == ("nebraska", DEADLINE)
    return request


@pytest.fixture
def deemed(silent, clerk) -> PriorAuthorization:
    return deem_approved(authorization=silent, by=clerk, reason=WHY)


def test_silence_beyond_the_deadline_approves_what_was_asked(deemed):
    assert (deemed.status, deemed.evidence) == ("deemed_approved", "law")
    assert (deemed.number_to_follow, deemed.first_answer) == (True, "")
    for line in deemed.lines.all():
        assert (line.decision, line.units_approved) == ("approved", line.units_requested)
        assert (line.valid_from, line.valid_through) == (DEADLINE, YEAR_LATER)


def test_a_coder_decides_about_each_charge(course, deemed, treat):
    treat(course, 2)
    found = Charge.objects.live().values_list("disposition", "leading_rule")
    assert set(found) == {("HOLD", "R48")}
    label = authorizations_on([course], TODAY)[course.pk].label
    assert label == "Deemed approved"


def test_the_payers_letter_takes_its_place(course, deemed, treat, clerk):
    treat(course, 1)
    letter = write(deemed, clerk, 28, 28)
    letter.refresh_from_db()
    assert (letter.status, letter.first_answer, letter.evidence) == (
        "approved",
        "approved",
        "letter",
    )
    assert Charge.objects.live().get().disposition == "pass"


def test_a_denial_that_comes_late_is_an_answer_too(deemed, clerk):
    denied = decide(
        authorization=deemed, by=clerk, decided_on=TODAY, evidence="phone", reason="Too late",
        answers=answers(deemed, 0, 0),
    )  # fmt: skip
    denied.refresh_from_db()
    assert (denied.status, denied.first_answer) == ("denied", "denied")


def test_it_is_undone_like_any_other_slip(deemed, clerk):
    undone = undo(authorization=deemed, by=clerk, event=latest_move(deemed).pk)
    assert (undone.status, undone.evidence, undone.number_to_follow) == ("submitted", "none", False)
    assert {line.decision for line in undone.lines.all()} == {"requested"}


def test_where_no_law_says_so_silence_is_nothing(course, plan, clerk):
    plan.state, plan.line_of_business = "IL", "commercial_fully_insured"
    plan.save()
    request = asked(course, clerk)
    with pytest.raises(IllegalMove, match="takes this for consent"):
        deem_approved(authorization=request, by=clerk, reason=WHY)
    assert {line.decision for line in request.lines.all()} == {"requested"}


def test_while_the_clock_runs_silence_is_nothing(silent, clerk):
    later = silent.due_at.replace(year=2027)
    PriorAuthorization.objects.filter(pk=silent.pk).update(due_at=later)
    with pytest.raises(IllegalMove, match="a deadline that passed"):
        deem_approved(authorization=silent, by=clerk, reason=WHY)


def test_the_page_offers_it_only_where_the_law_does(front_desk, silent):
    page = reverse("authorization_detail", args=[silent.pk])
    url = reverse("authorization_move", args=[silent.pk, "deem_approved"])
    shown = front_desk.get(page).content.decode()
    assert url in shown
    assert "No answer by 5 Oct 2026 23:59; Neb. Rev. Stat. 44-5438" in shown
    assert front_desk.post(url, {"reason": WHY}).status_code == 302
    shown = front_desk.get(page).content.decode()
    assert "Deemed approved by law: no letter says so" in shown
    PriorAuthorization.objects.filter(pk=silent.pk).update(
        clock_rule="illinois", status="submitted", number_to_follow=False, moves_undone=1
    )
    assert url not in front_desk.get(page).content.decode()
