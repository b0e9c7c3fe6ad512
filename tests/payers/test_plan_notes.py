"""What a plan owes is said where it is chosen, with who says so."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from payers.clocks.plan_notes import notes_on_plan
from tests import factories as make

ON = date(2026, 6, 1)
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("line", "state", "words"),
    [
        ("medicare_advantage", "", "through 29 Aug 2026"),
        ("commercial_fully_insured", "NE", "Must honour a course under way"),
        ("commercial_fully_insured", "NE", "at least 12 months in NE"),
        ("exchange", "ND", "at least 6 months in ND"),
        ("commercial_self_funded", "NE", "Has undertaken to honour (no law: an argument)"),
    ],
)
def test_the_days_a_plan_owes_are_counted_from_the_day_of_joining(line, state, words):
    plan = make.PlanFactory.build(line_of_business=line, state=state, payer=None)
    notes = notes_on_plan(plan, ON)
    assert any(words in note.words for note in notes)
    assert all(note.source and note.confidence for note in notes)


def test_a_self_funded_plan_is_under_no_law_of_a_state():
    plan = make.PlanFactory.build(line_of_business="commercial_self_funded", state="NE", payer=None)
    assert not any(
        "Must honour" in n.words or "at least" in n.words for n in notes_on_plan(plan, ON)
    )


def test_a_new_request_says_what_each_offered_plan_owes(front_desk, course):
    course.patient.coverages.first().plan.__class__.objects.update(
        line_of_business="commercial_fully_insured", state="NE"
    )
    page = front_desk.get(reverse("authorization_new", args=[course.pk])).content.decode()
    assert "at least 12 months in NE" in page
    assert "Neb. Rev. Stat. 44-5441" in page


def test_the_page_of_a_payer_says_it_for_each_kind_of_plan(coder):
    plan = make.PlanFactory(line_of_business="exchange", state="ND")
    url = reverse("payer_detail", args=[plan.payer.key])
    page = coder.get(url, {"on": "2026-06-01"}).content.decode()
    assert "at least 6 months in ND" in page


def test_the_days_are_counted_from_joining_and_named_while_they_run():
    plan = make.PlanFactory.build(line_of_business="medicare_advantage", payer=None)
    (note,) = [
        n for n in notes_on_plan(plan, ON, joined_on=date(2026, 4, 1)) if "joined" in n.words
    ]
    assert "joined on 1 Apr 2026 through 29 Jun 2026" in note.words
    gone = notes_on_plan(plan, date(2026, 6, 30), joined_on=date(2026, 4, 1))
    assert not any("joined" in n.words for n in gone)


@pytest.mark.parametrize(
    ("spans", "joined"),
    [
        ([("2026-01-01", None)], "2026-01-01"),
        ([("2026-01-01", "2026-03-31"), ("2026-04-01", None)], "2026-01-01"),
        ([("2026-01-01", "2026-03-30"), ("2026-04-01", None)], "2026-04-01"),
    ],
)
def test_a_new_request_counts_them_from_the_day_on_which_the_patient_joined(
    front_desk, course, spans, joined
):
    coverage = course.patient.coverages.get()
    coverage.delete()
    for first, last in spans:
        make.CoverageFactory(
            patient=course.patient, plan=coverage.plan, effective_from=first, effective_through=last
        )
    form = front_desk.get(reverse("authorization_new", args=[course.pk])).context["form"]
    assert form.offered_plans() == [(coverage.plan, date.fromisoformat(joined))]
