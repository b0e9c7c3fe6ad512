"""Changing a course in the browser: what must follow is said; bad input is refused and kept."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from authorizations.exceptions import Refused
from authorizations.models import Charge, Coverage
from authorizations.prior_authorizations.coverage_changes import change_course, version_of
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def codes():
    for code in ("77407", "77412"):
        make.ProcedureCodeFactory(code=code, kind="delivery")


def change(course, **changes):
    return {
        "fractions_planned": course.fractions_planned,
        "fractions_per_day": course.fractions_per_day,
        "weekdays": course.weekdays,
        "delivery_code": course.delivery_code,
        "technique": course.technique,
        "facility": course.facility.pk,
        "version": version_of(course),
        "reason": "boost",
        **changes,
    }


def test_a_boost_says_what_to_ask_for(front_desk, course, approved, codes):
    url = reverse("course_change", args=[course.pk])
    page = front_desk.post(url, change(course, fractions_planned=36), follow=True).content.decode()
    assert "ask for an extension of 8 units" in page
    course.refresh_from_db()
    assert course.fractions_planned == 36


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"fractions_planned": "1"}, "2 fractions are recorded already"),
        ({"delivery_code": "99999"}, "not in our book"),
        ({"reason": ""}, "This field is required"),
    ],
)
def test_what_cannot_be_is_refused_and_kept(
    front_desk, course, approved, treat, codes, changes, said
):
    treat(course, 2)
    url = reverse("course_change", args=[course.pk])
    response = front_desk.post(url, change(course, **changes))
    assert said in response.content.decode()
    course.refresh_from_db()
    assert (course.fractions_planned, course.ended_on) == (28, None)


def test_a_stale_form_overwrites_nothing(front_desk, course, approved, codes):
    url = reverse("course_change", args=[course.pk])
    stale = change(course, fractions_planned=40)
    front_desk.post(url, change(course, fractions_planned=30))
    page = front_desk.post(url, stale).content.decode()
    assert "Somebody changed this course meanwhile" in page
    assert 'value="40"' in page
    course.refresh_from_db()
    assert course.fractions_planned == 30


@pytest.mark.django_db(transaction=True)
def test_of_forty_who_change_a_course_at_once_one_does_and_nobody_is_overwritten(course, person):
    clerk, version = person("front_desk", None), version_of(course)

    def attempt(number: int) -> bool:
        try:
            change_course(
                course=course, by=clerk, reason="race", version=version,
                fractions_planned=28 + number % 20 + 1,
            )  # fmt: skip
        except Refused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(attempt, range(40)))
    assert won.count(True) == 1
    assert course.history.count() == version + 1


def test_another_plan_pays_from_a_day_on(front_desk, course, approved, treat):
    treat(course, 4)
    other = make.PlanFactory(code="NEXT", line_of_business="commercial_fully_insured")
    make.AuthorizationPolicyFactory(payer=other.payer, plan=other, requirement="required")
    start = course.first_fraction_on + timedelta(days=2)
    page = front_desk.post(
        reverse("coverage_new", args=[course.pk]),
        {"plan": "NEXT", "member_id": "Z9", "starts_on": start.isoformat(), "reason": "New job"},
        follow=True,
    ).content.decode()
    assert "requires its own authorization" in page
    first, second = Coverage.objects.order_by("effective_from")
    assert first.effective_through == start - timedelta(days=1)
    assert second.plan == other
    assert Charge.objects.filter(plan=other, leading_rule="R48").count() == 2


def test_dates_that_cross_are_refused(front_desk, course):
    start = course.patient.coverages.get().effective_from
    response = front_desk.post(
        reverse("coverage_new", args=[course.pk]),
        {"plan": course.patient.coverages.get().plan.code, "member_id": "Z9",
         "starts_on": start.isoformat(), "reason": "New job"},
    )  # fmt: skip
    assert "begins on or after that day" in response.content.decode()
    before = (start - timedelta(days=5)).isoformat()
    ended = {"last_day": before, "reason": "The payer called"}
    response = front_desk.post(reverse("coverage_end", args=[course.pk]), ended)
    assert "ends before it begins" in response.content.decode()


def test_released_charges_after_the_end_are_named(front_desk, course, approved, treat, coder):
    treat(course, 3)
    coder.post(reverse("charge_release_many"), {"scope": "view", "query": "status=ready"})
    page = front_desk.post(
        reverse("coverage_end", args=[course.pk]),
        {"last_day": course.first_fraction_on.isoformat(), "reason": "The payer called"},
        follow=True,
    ).content.decode()
    assert "2 charges of days after" in page
    assert "void them" in page


def test_the_ledger_adds_up_and_each_figure_opens_its_rows(
    front_desk, course, approved, treat, coder
):
    treat(course, 3)
    treat(course, 1, reviewed=False)
    coder.post(
        reverse("charge_release_many"),
        {"scope": "ticked", "charge": [Charge.objects.order_by("date_of_service").first().pk]},
    )
    response = front_desk.get(reverse("authorization_detail", args=[approved.pk]))
    ledger = response.context["ledgers"][0]
    assert (ledger.released, ledger.held, ledger.unreviewed) == (1, 2, 1)
    assert ledger.released + ledger.held + ledger.unreviewed == ledger.line.units_used
    for part in ledger.parts:
        url = reverse("authorization_ledger", args=[approved.pk, ledger.line.pk, part["key"]])
        rows = front_desk.get(url).context
        assert len(rows["sessions"]) + len(rows["planned"]) == part["count"], part


def test_an_approval_that_time_or_treatment_ended_says_so(front_desk, course, authorize, treat):
    request = authorize(course, units=1)
    treat(course, 1)
    page = front_desk.get(reverse("authorization_detail", args=[request.pk])).content.decode()
    assert "Exhausted" in page
    request.lines.update(valid_through=timezone.localdate() - timedelta(days=1))
    page = front_desk.get(reverse("authorization_detail", args=[request.pk])).content.decode()
    assert "Expired" in page or "Exhausted" in page


def test_what_the_payer_wants_is_a_checklist(front_desk, course, approved, plan):
    policy = plan.authorizationpolicy_rows.get()
    policy.documents = ["Consultation note", "Treatment plan"]
    policy.save()
    make.DocumentFactory(authorization=approved, kind="consult")
    response = front_desk.get(reverse("authorization_detail", args=[approved.pk]))
    assert response.context["checklist"] == [("Consultation note", True), ("Treatment plan", False)]
